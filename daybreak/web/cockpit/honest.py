"""When did happen what a tablet tells late, and how sure is that?

A tablet that is cut off keeps what is tapped and says two things when it is back: how long ago by its own running clock, and
how long after the last word that it had of the clinic. Both are counted, never read off a wall clock that may be wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class Told:
    """What a tablet says of one tap. `age`: None when it was shut down since. `heard`: when it last heard of the clinic, in
    the clinic's own time; `since`: how long after that the tap was."""

    age: timedelta | None
    heard: datetime | None
    since: timedelta | None


@dataclass(frozen=True, slots=True)
class Moment:
    """When it happened, and by how many seconds that may be off."""

    happened: datetime
    uncertain_s: int


def moment(told: Told, *, received: datetime) -> Moment:
    """The moment of the tap: never after we heard of it, never before the last word that the tablet had of the clinic.

    Where the two ways to count differ, a clock stood still meanwhile: half way between, and as unsure as they differ. Without
    any of them it is the moment of receipt, as unsure as a day is long.
    """
    heard = None if told.heard is None else min(told.heard, received)
    found = []
    if told.age is not None and told.age >= ZERO:
        found.append(_within(received - told.age, heard, received))
    if heard is not None and told.since is not None and told.since >= ZERO:
        found.append(_within(heard + told.since, heard, received))
    if not found:
        first = heard or received - timedelta(days=1)
        return Moment(received, math.ceil((received - first).total_seconds()))
    early, late = min(found), max(found)
    apart = (late - early).total_seconds()
    return Moment(early + (late - early) / 2, math.ceil(apart / 2))


def _within(at: datetime, first: datetime | None, last: datetime) -> datetime:
    return min(max(at, first) if first else at, last)
