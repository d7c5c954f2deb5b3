"""Did somebody get better or worse from one rating to the next, and is it more than chance?

Response, remission, meaningful and reliable change; exact fractions, no rounding. Only ratings by the same instrument,
edition and recall period are compared. `None` means that it cannot be known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from daybreak.clinical.answers import Reason
from daybreak.clinical.screening.scoring.scale import Cut, Scale


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating as stored. `total` is None unless `status` is complete: an estimate for blanks is no total."""

    scale: str
    edition: str
    recall: str
    status: str
    total: int | None


@dataclass(frozen=True, slots=True)
class Meaningful:
    """A change that matters to one source: an improvement of so many points, or so many percent of the first total."""

    id: str
    points: Fraction | None = None
    percent: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """The thresholds of one scale. `reliable`: from here on possibly, from there on surely more than chance."""

    scale: str
    higher_is_worse: bool
    response_percent: Fraction | None = None
    remission: tuple[Cut, ...] = ()
    meaningful: tuple[Meaningful, ...] = ()
    reliable: tuple[Fraction, Fraction] | None = None
    worse_points: Fraction | None = None


class Reliable(StrEnum):
    """Is the change more than measurement error? `POSSIBLY_*` lies between the figures of different sources."""

    BETTER = "better"
    POSSIBLY_BETTER = "possibly better"
    NO_RELIABLE_CHANGE = "no reliable change"
    POSSIBLY_WORSE = "possibly worse"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed. `refused` says why two ratings may not be compared; then everything else is unknown.

    `improvement` is in points, positive is better; `percent` is the improvement as a part of the first total.
    `meaningful` has an answer for every published threshold: they differ, so show them all with their sources.
    """

    refused: Reason | None = None
    change: int | None = None
    improvement: int | None = None
    percent: Fraction | None = None
    response: bool | None = None
    remission: Mapping[str, bool | None] = field(default_factory=dict)
    meaningful: Mapping[str, bool | None] = field(default_factory=dict)
    reliable: Reliable | None = None
    worse: bool | None = None
    flag_worse: bool | None = None


def rating(scale: Scale, result: Mapping[str, object]) -> Rating:
    """The rating that a scoring result stands for."""
    total = result.get("total")
    return Rating(
        scale=scale.id,
        edition=scale.edition,
        recall=scale.recall,
        status=str(result.get("status")),
        total=total if isinstance(total, int) else None,
    )


def compare(rules: ChangeRules, *, before: Rating, now: Rating) -> Comparison:
    """Judge `now` against `before` with the thresholds of their scale."""
    refused = _refusal(rules, before, now)
    if refused:
        return Comparison(refused=refused)
    first, last = _total(before), _total(now)
    remission = {cut.key: None if last is None else cut.limit.reached(last) for cut in rules.remission}
    if first is None or last is None:
        return Comparison(remission=remission, meaningful={one.id: None for one in rules.meaningful})
    change = last - first
    improvement = -change if rules.higher_is_worse else change
    percent = Fraction(100 * improvement, first) if first > 0 else None
    return Comparison(
        change=change,
        improvement=improvement,
        percent=percent,
        response=_at_least(percent, rules.response_percent),
        remission=remission,
        meaningful={
            one.id: _at_least(percent, one.percent) if one.points is None else improvement >= one.points
            for one in rules.meaningful
        },
        reliable=_reliable(improvement, rules.reliable),
        worse=improvement < 0,
        flag_worse=None if rules.worse_points is None else -improvement >= rules.worse_points,
    )


def _refusal(rules: ChangeRules, before: Rating, now: Rating) -> Reason | None:
    for part, one, other in (
        ("scale", before.scale, now.scale),
        ("edition", before.edition, now.edition),
        ("recall", before.recall, now.recall),
    ):
        if one != other:
            return Reason(f"change.other_{part}", {"before": one, "now": other})
    if before.scale != rules.scale:
        return Reason("change.other_rules", {"scale": before.scale, "rules": rules.scale})
    return None


def _total(rating: Rating) -> int | None:
    return rating.total if rating.status == "complete" else None


def _at_least(value: Fraction | None, needed: Fraction | None) -> bool | None:
    return None if value is None or needed is None else value >= needed


def _reliable(improvement: int, limits: tuple[Fraction, Fraction] | None) -> Reliable | None:
    if limits is None:
        return None
    possibly, surely = limits
    if abs(improvement) < possibly:
        return Reliable.NO_RELIABLE_CHANGE
    if improvement > 0:
        return Reliable.BETTER if improvement >= surely else Reliable.POSSIBLY_BETTER
    return Reliable.WORSE if -improvement >= surely else Reliable.POSSIBLY_WORSE
