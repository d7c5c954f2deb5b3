"""Whom does an emergency bind, and who is left for the others?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from daybreak.clinical.treatment.events import Event, What


@dataclass(frozen=True, slots=True)
class There:
    """Somebody who is surely at the site, as what, and in which room as they said."""

    id: str
    roles: frozenset[str]
    room: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """A session with an open emergency: its events and its room."""

    events: tuple[Event, ...]
    room: str


def bound(emergencies: Iterable[Emergency], there: Collection[There]) -> frozenset[str]:
    """Who wrote something down in an emergency since it was opened, and who said that they are in its room. Of one in which
    nobody is known to be, everybody is: somebody is with it, or it is the first that needs somebody."""
    found: set[str] = set()
    for one in emergencies:
        mine = _acted(one.events) | {each.id for each in there if one.room and each.room == one.room}
        if not mine & {each.id for each in there}:
            return frozenset(each.id for each in there)
        found |= mine
    return frozenset(found)


def uncovered(
    emergencies: Collection[Emergency], there: Collection[There], *, needed: Iterable[str]
) -> tuple[str, ...]:
    """Of these roles, which nobody has who is free for a session beside the emergencies? None without an emergency."""
    if not emergencies:
        return ()
    busy = bound(emergencies, there)
    free = {role for one in there if one.id not in busy for role in one.roles}
    return tuple(one for one in needed if one not in free)


def _acted(events: Iterable[Event]) -> set[str]:
    found: set[str] = set()
    open_ = False
    for one in sorted(events, key=lambda each: each.seq):
        open_ = open_ or one.what == What.EMERGENCY_OPENED
        if open_ and one.by:
            found.add(one.by)
        if one.what == What.EMERGENCY_CLOSED:
            open_ = False
            found.clear()
    return found
