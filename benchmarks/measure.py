"""How long do two ways take when they are measured turn by turn?"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypedDict

TURNS = 7


class Row(TypedDict):
    """One figure of `benchmarks/results.json`. `reached` is None where nothing is promised."""

    id: str
    what: str
    unit: str
    ours: float
    against: str
    theirs: float
    ratio: float
    goal: str
    reached: bool | None
    n: int
    spread: float


@dataclass(frozen=True)
class Times:
    """Medians in seconds. `spread` is the distance of our fastest and slowest turn as a part of the median."""

    ours: float
    theirs: float
    n: int
    spread: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


def interleaved(ours: Callable[[], Any], theirs: Callable[[], Any], *, turns: int = TURNS) -> Times:
    """Each once to warm up, then turn by turn, so that a slow moment of the machine hits both."""
    ours()
    theirs()
    mine, other = [], []
    for _ in range(turns):
        mine.append(seconds(ours))
        other.append(seconds(theirs))
    middle = statistics.median(mine)
    return Times(middle, statistics.median(other), turns, (max(mine) - min(mine)) / middle)


def seconds(run: Callable[[], Any]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
