"""Which patterns in what was taken, given, wasted and counted ought somebody to look at, other explanations first?

A finding accuses nobody. It names what was seen, how often, and against what it was held; each has ordinary explanations
(heavier patients, a teacher who wastes before pupils, a monitor that was not charted), and a person looks for these first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class Pattern(StrEnum):
    """What was seen."""

    WASTE = "waste"  # much more wasted for each milligram given than by the others
    UNWATCHED = "unwatched"  # given without a session, or in one in which nobody was watched
    UNACCOUNTED = "unaccounted"  # taken, and neither given, wasted nor brought back
    SHORT = "short"  # counts come out short where one person took from the lot
    UNBOOKED = "unbooked"  # taken when the place is closed, or for whoever was not booked


@dataclass(frozen=True, slots=True)
class Taken:
    """What one person took at one time and what became of it. `session`: "" when there was none; `checks`: how often the
    patient was watched in it; `booked`: was the patient booked that day. None: nobody can say, which clears nobody."""

    take: str
    product: str
    by: str
    at: datetime
    given_mg: Decimal
    wasted_mg: Decimal
    left_mg: Decimal
    session: str
    checks: int | None
    booked: bool | None
    closed: bool  # was the place closed at that hour


@dataclass(frozen=True, slots=True)
class CountLine:
    """One lot in one count that two people agreed on: how many were missing, and who had taken from it since the last."""

    count: str
    short: int
    took: frozenset[str]


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on somebody is asked to look."""

    waste_takes: int
    waste_times: Decimal
    waste_points: Decimal
    checks: int
    unaccounted: timedelta
    short_counts: int
    short_times: Decimal
    unbooked_takes: int
    unbooked_times: Decimal


@dataclass(frozen=True, slots=True)
class Finding:
    """One pattern of one person. `evidence`: the takes, or the counts, that it rests on. `own` and `others`: the two figures
    that were compared: milligrams wasted for each one given, or the share of counts that were short, of takes that were odd;
    None where none were."""

    pattern: Pattern
    who: str
    evidence: tuple[str, ...]
    own: Decimal | None = None
    others: Decimal | None = None


def findings(
    taken: Sequence[Taken], counts: Sequence[CountLine], limits: Limits, *, now: datetime
) -> tuple[Finding, ...]:
    """Everything to look at, by pattern and then by person."""
    found = [
        *_waste(taken, limits),
        *_each(Pattern.UNWATCHED, (one for one in taken if _unwatched(one, limits))),
        *_each(Pattern.UNACCOUNTED, (one for one in taken if one.left_mg > 0 and now - one.at > limits.unaccounted)),
        *_short(counts, limits),
        *_unbooked(taken, limits),
    ]
    order = list(Pattern)
    return tuple(sorted(found, key=lambda one: (order.index(one.pattern), one.who)))


def _unwatched(one: Taken, limits: Limits) -> bool:
    return one.given_mg > 0 and (not one.session or one.checks is None or one.checks < limits.checks)


def _each(pattern: Pattern, taken: Iterable[Taken]) -> list[Finding]:
    """One finding for each person, with everything that it rests on."""
    by: dict[str, list[str]] = {}
    for one in taken:
        by.setdefault(one.by, []).append(one.take)
    return [Finding(pattern, who, tuple(takes)) for who, takes in by.items()]


def _unbooked(taken: Sequence[Taken], limits: Limits) -> list[Finding]:
    """Who has several, and a share many times that of the others; of somebody alone the number is enough."""
    found = []
    for one in _each(Pattern.UNBOOKED, (one for one in taken if one.closed or not one.booked)):
        mine = [row for row in taken if row.by == one.who]
        rest = [row for row in taken if row.by != one.who]
        own = Decimal(len(one.evidence)) / len(mine)
        others = Decimal(sum(row.closed or not row.booked for row in rest)) / len(rest) if rest else None
        if len(one.evidence) >= limits.unbooked_takes and own >= (others or 0) * limits.unbooked_times:
            found.append(Finding(one.pattern, one.who, one.evidence, own, others))
    return found


def _waste(taken: Sequence[Taken], limits: Limits) -> list[Finding]:
    """By product, what each wastes for a milligram given, against all the others together. Alone there is nobody to compare."""
    sums: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    all_of: dict[str, tuple[Decimal, Decimal]] = {}
    takes: dict[tuple[str, str], list[str]] = {}
    for one in taken:
        key = (one.product, one.by)
        sums[key] = _added(sums.get(key), one)
        all_of[one.product] = _added(all_of.get(one.product), one)
        takes.setdefault(key, []).append(one.take)
    found = []
    for (product, who), (wasted, given) in sums.items():
        others = (all_of[product][0] - wasted, all_of[product][1] - given)
        if len(takes[product, who]) < limits.waste_takes or not others[1] or not wasted:
            continue
        own, their = wasted / given if given else None, others[0] / others[1]
        if own is None or (own >= their * limits.waste_times and own - their >= limits.waste_points):
            found.append(Finding(Pattern.WASTE, who, tuple(takes[product, who]), own, their))
    return found


def _added(sums: tuple[Decimal, Decimal] | None, one: Taken) -> tuple[Decimal, Decimal]:
    """Wasted and given with one more."""
    wasted, given = sums or (Decimal(0), Decimal(0))
    return wasted + one.wasted_mg, given + one.given_mg


def _short(counts: Sequence[CountLine], limits: Limits) -> list[Finding]:
    """The share of counts that were short among those of lots from which somebody took, against the rest."""
    people = {who for one in counts for who in one.took}
    found = []
    for who in people:
        mine = [one for one in counts if who in one.took]
        rest = [one for one in counts if who not in one.took]
        short = [one for one in mine if one.short > 0]
        if len(short) < limits.short_counts or not rest:
            continue
        own = Decimal(len(short)) / len(mine)
        others = Decimal(sum(one.short > 0 for one in rest)) / len(rest)
        if own >= others * limits.short_times:
            found.append(Finding(Pattern.SHORT, who, tuple(one.count for one in short), own, others))
    return found
