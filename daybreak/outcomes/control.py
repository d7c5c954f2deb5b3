"""Does something run as it always has, or has it changed more than chance explains?

Charts of Shewhart: p for a share, u for events per session, XmR for single figures. Limits lie three standard deviations from
the mean; a signal is a point beyond them, or so many in a row on one side of the mean (`run`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from daybreak.outcomes.shares import quantile

SIGMAS = 3
D2 = 1.128  # the mean range of two figures of a normal distribution, in standard deviations


@dataclass(frozen=True, slots=True)
class Point:
    """A period, its figure, and its own limits; `of` is what it is a figure of. `signal`: it is more than chance."""

    period: str
    of: int
    value: float
    low: float
    high: float
    signal: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """`mean`: of all periods; None without any."""

    mean: float | None
    points: tuple[Point, ...]

    @property
    def signals(self) -> tuple[Point, ...]:
        return tuple(one for one in self.points if one.signal)


def p_chart(counts: Sequence[tuple[str, int, int]], *, run: int) -> Chart:
    """Of each period: its name, in how many it was so, and of how many. Periods without any are left out."""
    return _counted(counts, lambda mean, of: sqrt(mean * (1 - mean) / of), run=run, most=1.0)


def u_chart(counts: Sequence[tuple[str, int, int]], *, run: int) -> Chart:
    """Of each period: its name, how many events, and in how many sessions."""
    return _counted(counts, lambda mean, of: sqrt(mean / of), run=run, most=None)


def xmr_chart(figures: Sequence[tuple[str, int, float]], *, run: int) -> Chart:
    """Of each period: its name, of how many, and the figure. Limits come from the mean moving range."""
    values = [value for _, _, value in figures]
    if not values:
        return Chart(None, ())
    mean = sum(values) / len(values)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    half = SIGMAS * (sum(ranges) / len(ranges)) / D2 if ranges else 0.0
    within = [(period, of, value, mean - half, mean + half) for period, of, value in figures]
    return Chart(mean, tuple(_signals(within, mean, run)))


def _counted(
    counts: Sequence[tuple[str, int, int]], deviation: Callable[[float, int], float], *, run: int, most: float | None
) -> Chart:
    whole = [one for one in counts if one[2]]
    if not whole:
        return Chart(None, ())
    mean = sum(n for _, n, _ in whole) / sum(of for _, _, of in whole)
    within = []
    for period, n, of in whole:
        half = SIGMAS * deviation(mean, of)
        high = mean + half if most is None else min(most, mean + half)
        within.append((period, of, n / of, max(0.0, mean - half), high))
    return Chart(mean, tuple(_signals(within, mean, run)))


def _signals(within: Sequence[tuple[str, int, float, float, float]], mean: float, run: int) -> Iterator[Point]:
    side = length = 0
    for period, of, value, low, high in within:
        now = (value > mean) - (value < mean)
        length = length + 1 if now and now == side else abs(now)
        side = now
        yield Point(period, of, value, low, high, length >= run or not low <= value <= high)


def funnel(share: float, of: int, percent: float) -> tuple[float, float]:
    """Between which shares so many percent of clinics with `of` people lie, when all are alike and `share` is theirs."""
    half = quantile(percent) * sqrt(share * (1 - share) / of)
    return max(0.0, share - half), min(1.0, share + half)
