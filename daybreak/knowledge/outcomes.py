"""What does the registry count, by which figures of the scales? (`outcomes.yaml`, and `change` of each scale)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from daybreak.knowledge import scales, steering
from daybreak.knowledge.store import loaded

Line = Mapping[str, Any]


def _all() -> Line:
    found: Line = loaded("outcomes")["outcomes"]
    return found


def percent() -> int:
    """How sure an interval is."""
    return int(_all()["interval"]["percent"])


def least_at_risk() -> int:
    """As long as so many are followed a curve is told."""
    return int(_all()["least_at_risk"]["is"])


def in_a_row() -> int:
    """So many on one side of the mean are a signal."""
    return int(_all()["in_a_row"]["is"])


def joined_age() -> int:
    """From that age on all people are as one age in what leaves the clinic."""
    return int(_all()["joined_age"]["is"])


def summary() -> Line:
    """What a summary for everybody leaves out, and how long it holds."""
    told: Line = _all()["summary"]
    return told


def windows() -> list[Line]:
    """When somebody is looked at again, in order."""
    return list(_all()["windows"])


def retention() -> list[int]:
    """After how many days it is asked who is still treated."""
    return list(_all()["retention"]["days"])


def curve_days() -> list[int]:
    """On which days a curve is told in a table."""
    return list(_all()["curve"]["days"])


def published() -> list[Line]:
    """Cohorts of others."""
    return list(_all()["published"])


@dataclass(frozen=True, slots=True)
class Cuts:
    """What counts on one scale, in points or percent of the rating before. `worse_points` None: then `worse_percent`.

    `relapse`: a total of at least so many; None: any that is no response any more. It counts `in_a_row` times, so many
    `days_apart`. `baseline_days`: a rating so long before the first treatment is one to compare with.
    """

    scale: str
    response_percent: int
    remission_at_most: int
    worse_points: int | None
    worse_percent: int
    relapse_at_least: int | None
    in_a_row: int
    days_apart: int
    baseline_days: int


@cache
def cuts() -> tuple[Cuts, ...]:
    """Of every scale of the registry, as the scale and the steering of a course tell them. Of several cuts for remission the
    strictest, so that every one is reached."""
    return tuple(_cuts(one) for one in _all()["scales"]["are"])


def _cuts(scale: str) -> Cuts:
    rules = steering.state_rules(scale)
    if rules is None or rules.change.response_percent is None:
        raise LookupError(f"{scale}: the scale does not say what a response is")
    relapse, (in_a_row, apart) = rules.relapse, rules.lost
    limits = [one["at_most"] for one in scales.data(scale)["change"]["remission"] if "at_most" in one]
    points = rules.change.worse_points
    return Cuts(
        scale,
        response_percent=_whole(rules.change.response_percent),
        remission_at_most=min(map(int, limits)),
        worse_points=None if points is None else _whole(points),
        worse_percent=_whole(rules.worse_percent),
        relapse_at_least=None if relapse is None else _whole(Fraction(relapse.limit.at_least or 0)),
        in_a_row=relapse.in_a_row if relapse else in_a_row,
        days_apart=(relapse.apart if relapse else apart).days,
        baseline_days=steering.baseline().days,
    )


def _whole(value: Fraction) -> int:
    if value.denominator != 1:
        raise ValueError(f"{value}: expected a whole number of points or percent")
    return int(value)
