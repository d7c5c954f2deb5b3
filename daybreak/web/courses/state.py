"""Where and when is a booking, and what became of it? Folded from its events; folding never refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.db.models import QuerySet

from daybreak.web.courses.models import FREED, OVER, Booking, BookingEvent, Chair, What

BESIDE = frozenset(
    {What.WAY_HOME, What.INTERPRETER}
)  # they say more of a visit, and change nothing of what became of it


@dataclass(frozen=True, slots=True)
class Standing:
    """A booking as it stands. `last` is the newest thing that happened to it and was not taken back.

    `again`: since when it holds its chair once more, after it had been given back by mistake; None when it never was.
    `placed`: the key of the event that gave it this time, or gave it back; of two events that was written first whose key is
    lower, whichever of two people pressed first.
    `read`: what was read for it on the way, for whoever asks next.
    """

    booking: Booking
    chair: Chair
    starts: datetime
    ends: datetime
    last: What
    way_home: BookingEvent | None
    interpreter: str
    why: str
    next: int
    placed: UUID
    again: datetime | None = None
    read: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def over(self) -> bool:
        """Does nothing more happen to it?"""
        return self.last in OVER

    def goes_with(self, name: str) -> bool:
        """Is that who takes the patient home? Neither case nor the order of the names makes another person."""
        return bool(self.way_home) and _same(self.way_home.with_name, name)

    @property
    def free(self) -> bool:
        """Does it hold its chair no longer?"""
        return self.last in FREED


def standing(booking: Booking, events: Iterable[BookingEvent] | None = None) -> Standing:
    """The booking now."""
    rows = sorted(events if events is not None else booking.events.select_related("chair", "chair__room"), key=_order)
    where = next(one for one in reversed(rows) if one.what in (What.BOOKED, What.MOVED))
    home = next((one for one in reversed(rows) if one.what == What.WAY_HOME), None)
    spoken = next((one.text for one in reversed(rows) if one.what == What.INTERPRETER), booking.interpreter)
    happened: list[BookingEvent] = []
    again: BookingEvent | None = None
    for one in rows:
        if one.what == What.BACK:
            again = one if happened[-1].what in FREED else again
            happened = happened[:-1] or happened
        elif one.what not in BESIDE:
            happened.append(one)
            again = None if one.what == What.MOVED else again
    last = happened[-1]
    # Moving a booking does not undo that somebody has come.
    return Standing(
        booking=booking,
        chair=where.chair,
        starts=where.starts,
        ends=where.ends,
        last=What(last.what),
        way_home=home,
        interpreter=spoken,
        why=last.why,
        next=rows[-1].seq + 1,
        placed=(again or where).id,
        again=again and again.created,
    )


def _same(one: str, other: str) -> bool:
    words = [sorted(normalize("NFKC", name).casefold().replace(",", " ").split()) for name in (one, other)]
    return bool(words[0]) and words[0] == words[1]


def standings(bookings: QuerySet[Booking]) -> list[Standing]:
    """These bookings as they stand, with site, patient, course and room, by one query."""
    rows = BookingEvent.objects.filter(booking__in=bookings)
    events: dict[UUID, list[BookingEvent]] = {}
    for row in rows.select_related("booking__course", "booking__site", "booking__patient", "chair__room"):
        events.setdefault(row.booking_id, []).append(row)
    return [standing(those[0].booking, those) for those in events.values()]


def _order(one: BookingEvent) -> int:
    return one.seq
