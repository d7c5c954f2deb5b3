"""How does the day stand, chair by chair: who sits where, who is expected, and where is it free next?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from daybreak.web.courses.models import Chair, What
from daybreak.web.courses.state import Standing

SLOT, HOUR = timedelta(minutes=15), timedelta(hours=1)
SHOWN = 8 * HOUR  # at least


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of a chair's day, `slots` wide: one visit, or time that nobody holds and whose visits were freed."""

    begins: datetime
    ends: datetime
    slots: int
    visit: Standing | None
    freed: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """The day of a chair. `free_from`: None while somebody sits there beyond their time. `free_until`: None is open."""

    chair: Chair
    cells: tuple[Cell, ...]
    free_from: datetime | None
    free_until: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """The hours that are shown, each as the moment at which it begins, and a line for each chair."""

    hours: tuple[datetime, ...]
    lines: tuple[Line, ...]


def board(chairs: Iterable[Chair], visits: Sequence[Standing], *, zone: ZoneInfo, at: datetime) -> Board:
    """The board of one day of a site. A chair that takes no more bookings is on it when somebody was booked there."""
    every = {one.id: one for one in (*chairs, *(one.chair for one in visits))}
    of = {id: [one for one in visits if one.chair.id == id] for id in every}
    begins = _whole(min([at, *(one.starts for one in visits)]), HOUR, zone)
    held = {id: _cells(of[id], begins, zone) for id in every}
    ends = max(
        [begins + SHOWN, *(one.ends for one in visits), *(cell.ends for cells in held.values() for cell in cells)]
    )
    ends = begins - (begins - ends) // HOUR * HOUR
    lines = []
    for id, chair in every.items():
        cells = _with_gaps(held[id], [one for one in of[id] if one.free], begins, ends)
        lines.append(Line(chair, cells, *_free(of[id], at)))
    hours = tuple(begins + n * HOUR for n in range((ends - begins) // HOUR))
    return Board(hours, tuple(sorted(lines, key=lambda one: (one.chair.room.name, one.chair.name))))


def expected_since(one: Standing, at: datetime) -> bool:
    """Has the visit begun by the clock, and nobody has said whether the patient came?"""
    return one.last in (What.BOOKED, What.MOVED, What.LATE) and one.starts <= at


def _whole(at: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
    """The whole step of the site's clock at or before a moment."""
    local = at.astimezone(zone)
    return at - (timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond) % step)


def _cells(visits: list[Standing], begins: datetime, zone: ZoneInfo) -> list[Cell]:
    """The visits that hold the chair, widened to whole slots so that none covers another."""
    found: list[Cell] = []
    cursor = begins
    for one in sorted((one for one in visits if not one.free), key=lambda one: one.starts):
        starts = max(cursor, _whole(one.starts, SLOT, zone))
        slots = max(1, -((starts - one.ends) // SLOT))
        cursor = starts + slots * SLOT
        found.append(Cell(starts, cursor, slots, one))
    return found


def _with_gaps(held: list[Cell], freed: list[Standing], begins: datetime, ends: datetime) -> tuple[Cell, ...]:
    found: list[Cell] = []
    for since, until in zip([begins, *(one.ends for one in held)], [*(one.begins for one in held), ends], strict=True):
        if since < until:
            here = tuple(one for one in freed if since <= one.starts < until)
            found.append(Cell(since, until, (until - since) // SLOT, None, here))
    return tuple(sorted([*held, *found], key=lambda one: one.begins))


def _free(visits: list[Standing], at: datetime) -> tuple[datetime | None, datetime | None]:
    """From when on nobody holds the chair, and until when."""
    ahead = sorted((one for one in visits if not one.over), key=lambda one: one.starts)
    if any(one.last == What.ARRIVED and one.ends <= at for one in ahead):
        return None, None
    since = at
    for one in ahead:
        if one.last == What.ARRIVED or one.starts <= since < one.ends:
            since = max(since, one.ends)
    return since, next((one.starts for one in ahead if one.starts >= since), None)
