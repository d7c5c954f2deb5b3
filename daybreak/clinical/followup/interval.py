"""When does somebody look at a treatment again at the earliest, and were there more doses than are meant to be?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daybreak.clinical.followup.response import State


@dataclass(frozen=True, slots=True)
class Review:
    """Proposed for a day: so many days after the state was seen, `days`, and never in the past. `lost`: because of the signal."""

    on: date
    days: int
    state: State
    lost: bool


@dataclass(frozen=True, slots=True)
class OveruseRule:
    """From so long after the first treatment on, more than `most` treatments in `days` days are more than are meant to be."""

    begins: timedelta
    days: int
    most: int


@dataclass(frozen=True, slots=True)
class Overuse:
    """So many treatments `n` from one day to another, both counted."""

    n: int
    first: date
    last: date


def review(
    state: State, *, signal: bool | None, seen: date, today: date, within: Mapping[State, int], lost: int
) -> Review:
    """`within`: the days for each state; `lost`: those after a signal that a response is being lost. The sooner one counts."""
    sooner = signal is True and lost < within[state]
    days = lost if sooner else within[state]
    return Review(max(seen + timedelta(days=days), today), days, state, sooner)


def overuse(rule: OveruseRule, *, treated: Sequence[date]) -> Overuse | None:
    """The latest such stretch, of the days of treatment in order; None when there was none."""
    found = None
    for n, day in enumerate(treated):
        if day - treated[0] < rule.begins:
            continue
        until = day + timedelta(days=rule.days - 1)
        there = [one for one in treated[n:] if one <= until]
        if len(there) > rule.most:
            found = Overuse(len(there), day, until)
    return found
