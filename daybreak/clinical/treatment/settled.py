"""From when on was it seen that what holds a patient is over, and had anybody looked before?

What nobody looked at is not over. Of a look of which it is not known exactly when it was, the last moment counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, Verdict
from daybreak.clinical.treatment.discharge import fits
from daybreak.clinical.treatment.events import Event, What
from daybreak.clinical.treatment.rules import Criterion
from daybreak.clinical.treatment.session import Check, State

ASKED = ""  # a look that is no row


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked whether a criterion is fulfilled, by a row or ("") by asking; `seq`: the event that tells it."""

    seq: int
    row: str
    earliest: datetime
    latest: datetime
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Course:
    """How a criterion went after the first dose: every look, by time. `needed`: the rows without which it was not seen."""

    looks: tuple[Look, ...]
    needed: frozenset[str]

    @property
    def outside(self) -> tuple[Look, ...]:
        """The looks at which it was not fulfilled."""
        return tuple(one for one in self.looks if one.verdict is NOT_MET)

    @property
    def unclear(self) -> tuple[Look, ...]:
        """The looks that say neither."""
        return tuple(one for one in self.looks if one.verdict is UNKNOWN)

    def over(self, since: datetime) -> Look | None:
        """The first look after that moment from which on it was seen fulfilled, in every row. None: it was never seen so."""
        rows = self.needed | {one.row for one in self.looks if one.earliest > since}
        found = [self._over(row, since) for row in rows]
        known = [one for one in found if one is not None]
        return max(known, key=lambda one: (one.latest, one.seq)) if known and len(known) == len(found) else None

    def _over(self, row: str, since: datetime) -> Look | None:
        found: Look | None = None
        for one in reversed([one for one in self.looks if one.row == row]):
            if one.verdict is not MET or one.earliest <= since:
                break
            found = one
        return found


@dataclass(frozen=True, slots=True)
class Settled:
    """The first moment at which every criterion had been seen fulfilled: `by` the look that was the last of these, at the
    criteria `last`; at those that are `unlooked` nobody had looked between the dose and then. `lacking`: never seen fulfilled,
    so there is no moment."""

    by: Look | None
    last: tuple[str, ...] = ()
    unlooked: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def course(criterion: Criterion, state: State, events: Iterable[Event]) -> Course:
    """Every look at it after the first exposure. `events`: with what their corrections tell."""
    begun = state.first_exposure
    found = [*_checked(criterion, state), *_asked(criterion, events)]
    found = [one for one in found if begun is not None and one.latest > begun]
    needed = frozenset(one.row for one in criterion.bounds if one.needed) or frozenset({ASKED})
    return Course(tuple(sorted(found, key=lambda one: (one.latest, one.seq))), needed)


def settled(criteria: Sequence[Criterion], state: State, events: Sequence[Event]) -> Settled:
    """When the last of these was first seen fulfilled, and stayed so, after the last exposure and what began the watch anew."""
    since = state.last_exposure
    lacking = tuple(one.id for one in criteria)
    if since is None or not criteria:
        return Settled(None, lacking=lacking)
    since = max(since, state.watch_again_from or since)
    courses = {one.id: course(one, state, events) for one in criteria}
    over = {id: found for id, one in courses.items() if (found := one.over(since))}
    if lacking := tuple(id for id in courses if id not in over):
        return Settled(None, lacking=lacking)
    by = max(over.values(), key=lambda one: one.latest)
    last = tuple(id for id, one in over.items() if one.latest == by.latest)
    unlooked = tuple(id for id in last if not _looked(courses[id], since, over[id]))
    return Settled(by, last, unlooked)


def _looked(one: Course, since: datetime, by: Look) -> bool:
    """Had anybody looked before, at what has to be seen or in that way?"""
    rows = one.needed | {by.row}
    return any(each.row in rows and each.earliest > since and each.latest < by.latest for each in one.looks)


def _checked(criterion: Criterion, state: State) -> list[Look]:
    """Of a row with several bounds all of them at once."""
    rows = {one.row for one in criterion.bounds}
    return [_look(one, criterion, state) for one in state.checks if one.row in rows]


def _look(check: Check, criterion: Criterion, state: State) -> Look:
    before = state.baseline(check.row)
    found = {fits(one, check, before) for one in criterion.bounds if one.row == check.row}
    verdict = NOT_MET if NOT_MET in found else UNKNOWN if UNKNOWN in found else MET
    return Look(check.seq, check.row, check.earliest, check.latest, verdict)


def _asked(criterion: Criterion, events: Iterable[Event]) -> list[Look]:
    return [
        Look(one.seq, ASKED, one.earliest, one.latest, MET if one.told["answer"] in criterion.answers else NOT_MET)
        for one in events
        if one.what == What.ANSWERED and one.told.get("question") == criterion.question and "answer" in one.told
    ]
