"""Which figures of a monitoring form does the timeline of a session hold, and by which of its events?

Figures only. What is to be judged (acceptable, sedation, breathing, serious, ready to leave) nobody answers here: it gets
only the looks that speak of it (`settled.py`). What is not known exactly stands between two figures; what is unknown is None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from daybreak.clinical.treatment.events import Event, Outcome
from daybreak.clinical.treatment.session import Check, State

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Minutes:
    """Whole minutes between two moments: at least and at most so many. `events`: the numbers of what tells them."""

    least: int
    most: int
    events: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A check as a figure: how it became known, and how long after the first device it was (None: before, or without one)."""

    check: Check
    late: bool
    corrected: bool
    after: Minutes | None


@dataclass(frozen=True, slots=True)
class About:
    """The reading nearest to a moment after the first device, and whether it lies within the grace of that moment."""

    reading: Reading
    within: bool


@dataclass(frozen=True, slots=True)
class Amount:
    """What was given in all; a bound that is None is unknown. `events`: of every device."""

    least_mg: Decimal
    most_mg: Decimal | None
    events: tuple[int, ...]

    @property
    def known(self) -> bool:
        """Is it one figure?"""
        return self.least_mg == self.most_mg


def amount(state: State) -> Amount:
    """All devices together. A bound that nobody knows is nothing at the least, and unknown at the most."""
    most = [one.mg_high for one in state.exposures]
    least = sum((one.mg_low or Decimal(0) for one in state.exposures), Decimal(0))
    known = [one for one in most if one is not None]
    whole = sum(known, Decimal(0)) if len(known) == len(most) else None
    return Amount(least, whole, tuple(one.seq for one in state.exposures))


def watched(state: State, events: Iterable[Event]) -> Minutes | None:
    """From the first device to the end. Who left unseen was there until the last look at least."""
    ended = state.ended
    if ended is None:
        return None
    told = next(one for one in events if one.seq == ended.seq)
    earliest, seqs = told.earliest, (ended.seq,)
    if state.outcome is Outcome.UNSEEN:
        looks = [one for one in state.checks if one.earliest <= earliest]
        last = max(looks, key=lambda one: one.earliest, default=None)
        begun = last.earliest if last else state.watched_from
        earliest, seqs = min(earliest, begun or earliest), (*((last.seq,) if last else ()), ended.seq)
    return since_first(state, earliest, told.latest, seqs)


def since_first(
    state: State, earliest: datetime, latest: datetime, events: tuple[int, ...] = (), *, up: bool = False
) -> Minutes | None:
    """Whole minutes from the first device; None without one, and before it. `up`: a minute that began counts whole, so that it
    is never too early."""
    begun, surely = state.first_exposure, state.watched_from
    if begun is None or surely is None or latest < begun:
        return None
    least, most = max(earliest - surely, timedelta(0)), latest - begun
    first = next(one.seq for one in state.exposures if one.anything)
    return Minutes(_whole(least, up=up), _whole(most, up=up), (first, *events))


def _whole(span: timedelta, *, up: bool) -> int:
    return -(-span // MINUTE) if up else span // MINUTE


def before(state: State, events: Iterable[Event], row: str) -> Reading | None:
    """The newest one that was surely before the first device."""
    found = state.baseline(row) if state.exposed else None
    return replace(_reading(found, state, events), after=None) if found else None


def about(state: State, events: Iterable[Event], row: str, *, span: timedelta, grace: timedelta) -> About | None:
    """The one after the first device that lies nearest to so long after it."""
    begun, surely = state.first_exposure, state.watched_from
    if begun is None or surely is None:
        return None
    meant = begun + span
    after = [one for one in state.checks if one.row == row and one.earliest > surely]
    found = min(after, key=lambda one: (abs(one.at - meant), one.seq), default=None)
    if found is None:
        return None
    within = meant - grace <= found.earliest and found.latest <= surely + span + grace
    return About(_reading(found, state, events), within)


def last(state: State, events: Iterable[Event], row: str) -> Reading | None:
    """The newest one after the last device, up to the end."""
    given, ended = state.last_exposure, state.ended
    if given is None:
        return None
    after = [one for one in state.checks if one.row == row and one.earliest > given]
    found = max((one for one in after if ended is None or one.earliest <= ended.at), key=_at, default=None)
    return _reading(found, state, events) if found else None


def _at(check: Check) -> tuple[datetime, int]:
    return check.at, check.seq


def _reading(check: Check, state: State, events: Iterable[Event]) -> Reading:
    late = any(one.seq == check.seq and one.late for one in events)
    corrected = check.known != check.seq
    return Reading(check, late, corrected, since_first(state, check.earliest, check.latest))
