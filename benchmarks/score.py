"""How fast are questionnaires scored: through the library, as a stream, and from a cold start?"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Row, interleaved
from daybreak.clinical.screening.scales import scorer
from daybreak.knowledge.scales import scale

IDS = ("score-library", "score-cli-stream", "score-cold-start")
FORMS = 20_000
PER_SECOND = 50_000
FEW, MANY = 10_000, 1_000_000
MEMORY_TURNS = 5
MOST_TIMES_THE_MEMORY = 1.1
MOST_TIMES_A_START = 5
START_TURNS = 15


def rows(only: str | None = None) -> list[Row]:
    """The figures, or the one that is asked for."""
    measures = {"score-library": library, "score-cli-stream": stream, "score-cold-start": cold_start}
    return [measure() for id_, measure in measures.items() if only in (None, id_)]


def library() -> Row:
    """PHQ-9 forms a second, against nothing but adding up the answers."""
    score = scorer(scale("phq-9"))
    forms = _forms(FORMS)
    times = interleaved(lambda: [score(form) for form in forms], lambda: [sum(answers) for (answers,) in forms])
    ours, theirs = FORMS / times.ours, FORMS / times.theirs
    return Row(
        id="score-library",
        what="PHQ-9 forms scored through the library, warm",
        unit="forms/s",
        ours=ours,
        against="the bare sum of the same answers",
        theirs=theirs,
        ratio=ours / theirs,
        goal=f">= {PER_SECOND:,} forms/s",
        reached=ours >= PER_SECOND,
        n=times.n,
        spread=times.spread,
    )


def stream() -> Row:
    """Is the memory of a long stream that of a short one? The speed stands in the words."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder) / "few", Path(folder) / "many"
        lines = [json.dumps(form) + "\n" for form in _forms(FEW)]
        few.write_text("".join(lines))
        many.write_text("".join(lines * (MANY // FEW)))
        small, large, seconds = [], [], []
        for _ in range(MEMORY_TURNS):
            small.append(_peak(few)[0])
            peak, took = _peak(many)
            large.append(peak)
            seconds.append(took)
    ours, theirs = statistics.median(large), statistics.median(small)
    speed = MANY / statistics.median(seconds)
    return Row(
        id="score-cli-stream",
        what=f"peak memory of `daybreak score phq-9` on {MANY:,} lines, at {speed:,.0f} forms/s",
        unit="MB",
        ours=ours,
        against=f"the same on {FEW:,} lines",
        theirs=theirs,
        ratio=ours / theirs,
        goal=f"<= {MOST_TIMES_THE_MEMORY} times, >= {PER_SECOND:,} forms/s",
        reached=ours / theirs <= MOST_TIMES_THE_MEMORY and speed >= PER_SECOND,
        n=MEMORY_TURNS,
        spread=(max(large) - min(large)) / ours,
    )


def cold_start() -> Row:
    """One PHQ-9 in a new interpreter, against an interpreter that imports json."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one"
        file.write_text("[[1, 1, 1, 1, 1, 0, 0, 0, 0]]\n")
        times = interleaved(
            lambda: _run("-m", "daybreak", "score", "phq-9", str(file)),
            lambda: _run("-c", "import json"),
            turns=START_TURNS,
        )
    return Row(
        id="score-cold-start",
        what="`daybreak score phq-9` on one line, cold interpreter, knowledge compiled",
        unit="ms",
        ours=times.ours * 1000,
        against="python -c 'import json'",
        theirs=times.theirs * 1000,
        ratio=times.ratio,
        goal=f"<= {MOST_TIMES_A_START} times",
        reached=times.ratio <= MOST_TIMES_A_START,
        n=times.n,
        spread=times.spread,
    )


def _forms(count: int) -> list[list[list[int]]]:
    chance = random.Random(9)
    return [[[chance.randrange(4) for _ in range(9)]] for _ in range(count)]


def _run(*words: str) -> None:
    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)


def _peak(file: Path) -> tuple[float, float]:
    """Peak resident memory in MB and seconds of one run over a file."""
    words: Sequence[str] = [sys.executable, "-m", "daybreak", "score", "phq-9", str(file)]
    code = (
        "import resource, subprocess, sys, time; start = time.perf_counter();"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, time.perf_counter() - start)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=True, env=os.environ)
    peak, seconds = map(float, done.stdout.split())
    return peak, seconds
