"""How long does it take to read a folder of records, and to decide about one of them?

The folder holds the demo's patients, each with the ordinary rest of an export, or is the one that `DAYBREAK_BENCH_DATA`
names.
"""

from __future__ import annotations

import atexit
import json
import os
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.export import ORDINARY, write
from benchmarks.measure import Row, Times, interleaved
from daybreak.clinical.records import AsOf, Chart
from daybreak.clinical.screening.judge import Decision, Protocol, decide
from daybreak.clinical.screening.view import View
from daybreak.exchange import fhir
from daybreak.exchange.fhir.json_reader import parse
from daybreak.knowledge.protocols import protocol, protocol_ids
from daybreak.knowledge.rules import words
from daybreak.knowledge.terms import terms

IDS = ("screen-folder", "screen-dense", "decide-chart", "json-duplicates")
TODAY = datetime.now(UTC).date()
COPIES = 10  # of each of the demo's patients
MOST_TIMES_THE_PARSER = 3
MOST_MILLISECONDS = 1


def rows(only: str | None = None) -> list[Row]:
    """The figures, or the one that is asked for."""
    measures = dict(zip(IDS, (screen_folder, screen_dense, decide_chart, json_duplicates), strict=True))
    return [measure() for id_, measure in measures.items() if only in (None, id_)]


def screen_folder() -> Row:
    """Reading and deciding whole exports, against parsing the same files with the keys watched."""
    row = _screened("screen-folder", bundles(), "whole exports")
    return {**row, "goal": f"<= {MOST_TIMES_THE_PARSER} times", "reached": row["ratio"] <= MOST_TIMES_THE_PARSER}


def screen_dense() -> Row:
    """The same where every entry matters to a rule, the hardest case for the ratio. Nothing is promised."""
    files = sorted(_demo_folder(ordinary=0).glob("*.json"))
    return _screened("screen-dense", files, "records without anything ordinary")


def _screened(id_: str, files: list[Path], kind: str) -> Row:
    def parsed() -> None:
        for file in files:
            json.loads(file.read_bytes(), object_pairs_hook=unique)

    return _row(
        id_,
        f"read {len(files)} {kind} ({_size(files)}) and decide each under {len(protocols())} protocols, warm",
        "the standard JSON parser with duplicate-key detection on the same files",
        interleaved(lambda: screen(files), parsed),
        goal="",
        reached=None,
    )


def decide_chart() -> Row:
    """Deciding the chart with the most records; nothing of an earlier decision is kept."""
    path, chart = max(((f, c) for f in bundles() for c in charts(f)), key=lambda pair: _records(pair[1]))
    data = path.read_bytes()
    times = interleaved(lambda: decisions(chart), lambda: json.loads(data), turns=51)
    return _row(
        "decide-chart",
        f"decide one loaded chart of {_records(chart)} records, the longest, under {len(protocols())} protocols",
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
    """Read and decide everything, one patient after the other; the number of decisions."""
    return sum(len(decisions(chart)) for chart in fhir.read(files, terms=terms()) if isinstance(chart, Chart))


def decisions(chart: Chart) -> list[Decision]:
    """One chart under every protocol."""
    view = View(chart, AsOf(TODAY), words())
    return [decide(view, one) for one in protocols()]


@cache
def protocols() -> tuple[Protocol, ...]:
    """Every protocol as it stands today, resolved once, as `daybreak screen` does."""
    return tuple(protocol(id_, as_of=TODAY) for id_ in protocol_ids())


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
    """The files to read. Those of the demo are written once and removed at the end."""
    named = os.environ.get("DAYBREAK_BENCH_DATA")
    folder = Path(named) if named else _demo_folder()
    files = sorted(folder.glob("*.json"))
    if not files:
        raise SystemExit(f"{folder} holds no *.json; let DAYBREAK_BENCH_DATA name a folder of FHIR bundles.")
    return files


def _demo_folder(*, ordinary: int = ORDINARY) -> Path:
    kept = tempfile.TemporaryDirectory(prefix="daybreak-bench-")
    atexit.register(kept.cleanup)
    write(Path(kept.name), copies=COPIES, ordinary=ordinary)
    return Path(kept.name)


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
