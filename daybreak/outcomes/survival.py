"""How many still hold something after so many days, when some were not followed to the end?

The estimate of Kaplan and Meier (1958), its variance by Greenwood (1926), and an interval on the scale of log(-log), so that it
stays between nothing and all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt

from daybreak.outcomes.shares import quantile


@dataclass(frozen=True, slots=True)
class Step:
    """On that day `lost` of the `at_risk` lost it, and `share` still hold it; `censored` were seen for the last time."""

    day: int
    at_risk: int
    lost: int
    censored: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Every day on which somebody lost it or was seen for the last time. `of`: how many there were at the start."""

    of: int
    steps: tuple[Step, ...]

    def at(self, day: int) -> Step | None:
        """As it is on that day; None where nobody was followed for so long."""
        if self.at_risk(day) == 0 and not any(one.day == day for one in self.steps):
            return None
        place = bisect_right([one.day for one in self.steps], day)
        return self.steps[place - 1] if place else Step(0, self.of, 0, 0, 1.0, 1.0, 1.0)

    def at_risk(self, day: int) -> int:
        """How many were followed until that day at least, and held it until then."""
        return self.of - sum(one.lost + one.censored for one in self.steps if one.day < day)

    @property
    def median(self) -> int | None:
        """The first day on which no more than half hold it; None where that was not reached."""
        return next((one.day for one in self.steps if one.share <= 0.5), None)


def kaplan_meier(times: Iterable[tuple[int, bool]], percent: int) -> Curve:
    """`times`: for each person the day, counted from the start, and whether it was lost then (else seen for the last time)."""
    every = list(times)
    lost = Counter(day for day, gone in every if gone)
    censored = Counter(day for day, gone in every if not gone)
    z, share, variance, at_risk = quantile(percent), 1.0, 0.0, len(every)
    steps: list[Step] = []
    for day in sorted(lost.keys() | censored.keys()):
        gone = lost[day]
        share *= 1 - gone / at_risk
        variance += gone / (at_risk * (at_risk - gone)) if gone < at_risk else inf
        steps.append(Step(day, at_risk, gone, censored[day], share, *_interval(share, variance, z)))
        at_risk -= gone + censored[day]
    return Curve(len(every), tuple(steps))


def _interval(share: float, variance: float, z: float) -> tuple[float, float]:
    if share >= 1:
        return 1.0, 1.0
    if share <= 0:
        return 0.0, 0.0
    wide = z * sqrt(variance) / log(share)
    return share ** exp(-wide), share ** exp(wide)


def thinned(steps: Sequence[Step], most: int) -> Sequence[Step]:
    """No more than so many of them, evenly, the last one always among them: enough to draw."""
    if len(steps) <= most:
        return steps
    every = len(steps) / most
    return [*(steps[int(n * every)] for n in range(most - 1)), steps[-1]]
