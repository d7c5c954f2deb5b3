"""How long does it take to read a folder of records, and to decide about one of them?

The folder is that of the demo's patients, or the one that `DAYBREAK_BENCH_DATA` names.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, Times, interleaved
from daybreak.clinical.records import AsOf, Chart
from daybreak.clinical.screening.judge import Decision, decide
from daybreak.clinical.screening.view import View
from daybreak.exchange import fhir
from daybreak.exchange.fhir.json_reader import parse
from daybreak.knowledge.protocols import protocol, protocol_ids
from daybreak.knowledge.rules import words
from daybreak.knowledge.terms import terms

IDS = ("screen-folder", "decide-chart", "json-duplicates")
TODAY = datetime.now(UTC).date()
MOST_TIMES_THE_PARSER = 3
MOST_MILLISECONDS = 1


def rows(only: str | None = None) -> list[Row]:
    """The figures, or the one that is asked for."""
    measures = {"screen-folder": screen_folder, "decide-chart": decide_chart, "json-duplicates": json_duplicates}
    return [measure() for id_, measure in measures.items() if only in (None, id_)]


def screen_folder() -> Row:
    """Reading and deciding every bundle, against parsing the same files with the keys watched."""
    files = bundles()
    times = interleaved(
        lambda: screen(files), lambda: [json.loads(f.read_bytes(), object_pairs_hook=unique) for f in files]
    )
    return _row(
        "screen-folder",
        f"read {len(files)} bundles ({_size(files)}) and decide each under {len(protocol_ids())} protocols, warm",
        "the standard JSON parser with duplicate-key detection on the same files",
        times,
        goal=f"<= {MOST_TIMES_THE_PARSER} times",
        reached=times.ratio <= MOST_TIMES_THE_PARSER,
    )


def decide_chart() -> Row:
    """Deciding the chart with the most records; nothing of an earlier decision is kept."""
    path, chart = max(((f, c) for f in bundles() for c in charts(f)), key=lambda pair: _records(pair[1]))
    data = path.read_bytes()
    times = interleaved(lambda: decisions(chart), lambda: json.loads(data), turns=51)
    return _row(
        "decide-chart",
        f"decide one loaded chart of {_records(chart)} records, the longest, under {len(protocol_ids())} protocols",
        "the standard JSON parser on the bundle it came from",
        times,
        goal=f"<= {MOST_MILLISECONDS} ms",
        reached=times.ours * 1000 <= MOST_MILLISECONDS,
    )


def json_duplicates() -> Row:
    """What watching the keys costs by itself. Nothing is promised."""
    contents = [f.read_bytes() for f in bundles()]
    times = interleaved(lambda: [parse(c) for c in contents], lambda: [json.loads(c) for c in contents])
    return _row(
        "json-duplicates",
        f"parse {len(contents)} bundles and watch for keys that stand twice",
        "the standard JSON parser without watching",
        times,
        goal="",
        reached=None,
    )


def screen(files: list[Path]) -> int:
    """Read and decide everything; the number of decisions."""
    found = [decisions(chart) for chart in fhir.read(files, terms=terms()) if isinstance(chart, Chart)]
    return sum(map(len, found))


def decisions(chart: Chart) -> list[Decision]:
    """One chart under every protocol."""
    view = View(chart, AsOf(TODAY), words())
    return [decide(view, protocol(id_, as_of=TODAY)) for id_ in protocol_ids()]


def charts(file: Path) -> list[Chart]:
    return [chart for chart in fhir.read([file], terms=terms()) if isinstance(chart, Chart)]


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The simplest hook that notices a key that stands twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


@cache
def bundles() -> list[Path]:
    """The files to read."""
    named = os.environ.get("DAYBREAK_BENCH_DATA")
    folder = Path(named) if named else Path(__file__).parents[1] / "daybreak" / "demo" / "patients"
    files = sorted(folder.glob("*.json"))
    if not files:
        raise SystemExit(f"{folder} holds no *.json; let DAYBREAK_BENCH_DATA name a folder of FHIR bundles.")
    return files


def _records(chart: Chart) -> int:
    parts = (chart.conditions, chart.exposures, chart.observations, chart.allergies, chart.ketamine, chart.therapies)
    return sum(map(len, parts))


def _size(files: list[Path]) -> str:
    return f"{sum(f.stat().st_size for f in files) / 1e6:.1f} MB"


def _row(id_: str, what: str, against: str, times: Times, *, goal: str, reached: bool | None) -> Row:
    return {
        "id": id_,
        "what": what,
        "unit": "ms",
        "ours": times.ours * 1000,
        "against": against,
        "theirs": times.theirs * 1000,
        "ratio": times.ratio,
        "goal": goal,
        "reached": reached,
        "n": times.n,
        "spread": times.spread,
    }
