"""Which time was freed, and whom does it suit?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from daybreak.web.courses.models import Chair, Visit
from daybreak.web.courses.models import What as Happened
from daybreak.web.courses.state import Standing
from daybreak.web.waitlist.models import AFTERNOON, ANY, MORNING, Wish

NOON = 12
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Slot:
    """Time on a chair that somebody gave back and nobody has taken. `gave`: the patients who did."""

    chair: Chair
    starts: datetime
    ends: datetime
    gave: frozenset[UUID] = frozenset()


def freed(visits: Sequence[Standing], chairs: Iterable[Chair], *, at: datetime) -> list[Slot]:
    """What was cancelled, moved away from or not come to, as far as it lies ahead and nobody holds it since; by time.

    `visits`: those of today and later, or that were before they were moved, each with its events.
    """
    open_chairs = {one.id: one for one in chairs}
    holding = [one for one in visits if not one.over]
    found: dict[tuple[UUID, datetime, datetime], set[UUID]] = {}
    for one in visits:
        for place in one.booking.events.all():
            if place.what not in (Happened.BOOKED, Happened.MOVED) or place.chair_id not in open_chairs:
                continue
            if one.free or (place.chair_id, place.starts) != (one.chair.id, one.starts):
                span = (max(place.starts, _quarter(at)), place.ends)
                for starts, ends in _left(span, place.chair_id, holding):
                    found.setdefault((place.chair_id, starts, ends), set()).add(one.booking.patient_id)
    slots = [Slot(open_chairs[chair], starts, ends, frozenset(gave)) for (chair, starts, ends), gave in found.items()]
    return sorted(_largest(slots), key=lambda one: (one.starts, one.chair.room.name, one.chair.name))


def suits(wish: Wish, slot: Slot, *, zone: ZoneInfo, taken: Mapping[UUID, Sequence[Standing]]) -> bool:
    """Does the time suit? It is long enough, on a day and in a half of it that they want, and earlier than what they have.

    Nobody is offered what they gave back, or a second treatment on one day. A chair of which nobody said that it has a bed
    has none. `taken`: by patient, what they are booked for from today on.
    """
    local = slot.starts.astimezone(zone)
    ends = slot.starts + timedelta(minutes=wish.minutes)
    half = wish.half == ANY or wish.half == (MORNING if local.hour < NOON else AFTERNOON)
    day = not wish.weekdays or str(local.weekday()) in wish.weekdays
    day = day and (wish.earliest is None or wish.earliest <= local.date())
    day = day and local.date().isoformat() not in (wish.not_on or "").split()
    every = [one for one in taken.get(wish.patient_id, ()) if not one.free]
    mine = [one for one in every if not one.over]
    moved = next((one for one in mine if one.booking.pk == wish.booking_id), None)
    busy = any(one is not moved and one.starts < ends and slot.starts < one.ends for one in mine)
    earlier = moved is None or slot.starts < moved.starts
    second = wish.visit == Visit.TREATMENT and any(
        one is not moved and one.booking.visit == Visit.TREATMENT and one.starts.astimezone(zone).date() == local.date()
        for one in every
    )
    if wish.patient_id in slot.gave or second:
        return False
    return half and day and ends <= slot.ends and not busy and earlier and (not wish.bed or bool(slot.chair.bed))


def _left(span: tuple[datetime, datetime], chair_id: UUID, holding: list[Standing]) -> list[tuple[datetime, datetime]]:
    """What of a span nobody holds."""
    starts, ends = span
    found = []
    for one in sorted((one for one in holding if one.chair.id == chair_id), key=lambda one: one.starts):
        if one.starts < ends and starts < one.ends:
            if starts < one.starts:
                found.append((starts, one.starts))
            starts = max(starts, one.ends)
    return [*found, (starts, ends)] if starts < ends else found


def _largest(slots: list[Slot]) -> list[Slot]:
    """Without those that lie within another on the same chair."""
    return [
        one
        for one in slots
        if not any(
            each != one and each.chair == one.chair and each.starts <= one.starts and one.ends <= each.ends
            for each in slots
        )
    ]


def _quarter(at: datetime) -> datetime:
    """The next quarter of an hour: what has begun is offered from then on."""
    past = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at - past + QUARTER
