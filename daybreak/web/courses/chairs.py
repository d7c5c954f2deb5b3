"""How does a chair come into a room, out of it, and who holds one?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.courses.models import Booking, BookingEvent, Chair, ChairBed, ChairEnd
from daybreak.web.courses.state import Standing, standing
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Room, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused


@transaction.atomic
def add(room: Room, name: str, *, by: Person, at: datetime, key: UUID | None = None) -> Chair:
    """A chair in a room of a site that one looks after; `key` None: no form asked for it."""
    locked(Site, pk=room.site_id)
    require(by, Permission.ARRANGE_CHAIRS, at=at, site_id=room.site_id)
    content = {"room": room.id, "name": name}
    if key and (earlier := keys.known(key, action="add_chair", content=content)):
        return Chair.objects.get(pk=earlier)
    if not name.strip() or len(name) > 60:
        raise Refused("courses.chair_name", in_field="name")
    if Chair.objects.filter(room=room, name=name.strip()).exists():
        raise Conflict("courses.chair_taken", name=name.strip())
    row = Chair(id=ids.new(), organisation_id=room.organisation_id, created=at, room=room, name=name.strip(), by=by)
    row.save(force_insert=True)
    trail.wrote(row, action="chair_added", who=by.id, at=at, site=room.site_id)
    if key:
        about = {"answer": row.id, "organisation_id": row.organisation_id, "at": at}
        keys.remember(key, action="add_chair", content=content, **about)
    return row


@transaction.atomic
def close(chair: Chair, *, by: Person, at: datetime) -> None:
    """The chair takes no more bookings. Refused while somebody is booked on it; closing twice is as once."""
    require(by, Permission.ARRANGE_CHAIRS, at=at, site_id=chair.room.site_id)
    locked(Site, pk=chair.room.site_id)
    if ChairEnd.objects.filter(chair=chair).exists():
        return
    if any(one.ends > at for one in taken(Q(chair=chair))):
        raise Conflict("courses.chair_booked")
    row = ChairEnd(id=ids.new(), organisation_id=chair.organisation_id, created=at, chair=chair, by=by)
    row.save(force_insert=True)
    trail.wrote(row, action="chair_closed", who=by.id, at=at, site=chair.room.site_id)


@transaction.atomic
def has_bed(chair: Chair, there: bool, *, by: Person, at: datetime) -> None:
    """Somebody says whether the chair has a bed; said again it is as once."""
    require(by, Permission.ARRANGE_CHAIRS, at=at, site_id=chair.room.site_id)
    locked(Site, pk=chair.room.site_id)
    last = ChairBed.objects.filter(chair=chair).order_by("-created", "-id").first()
    if last is not None and last.there == there:
        return
    row = ChairBed(id=ids.new(), organisation_id=chair.organisation_id, created=at, chair=chair, there=there, by=by)
    row.save(force_insert=True)
    trail.wrote(row, action="chair_bed", who=by.id, at=at, site=chair.room.site_id)


def taken(where: Q) -> list[Standing]:
    """The bookings that hold a chair, of those with an event that fits."""
    found = Booking.objects.filter(pk__in=BookingEvent.objects.filter(where).values("booking"))
    standings = [standing(one, one.events.all()) for one in found.prefetch_related("events__chair__room", "patient")]
    return [one for one in standings if not one.free]


def lost(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """For which was the chair given to somebody else, or taken away, before it was said that the visit is not lost?"""
    again = [one for one in visits if one.again]
    if not again:
        return set()
    near = Q()
    for one in again:
        near |= Q(chair=one.chair, starts__lt=one.ends, ends__gt=one.starts)
    gone = set(ChairEnd.objects.filter(chair__in={one.chair.pk for one in again}).values_list("chair", flat=True))
    others = [one for one in taken(near) if not one.over]
    return {one.booking.id for one in again if one.chair.pk in gone or any(_before(other, one) for other in others)}


def _before(other: Standing, one: Standing) -> bool:
    """Has `other` the chair at that time for longer than `one` has it back?"""
    there = other.chair.pk == one.chair.pk and other.starts < one.ends and other.ends > one.starts
    since = other.again is None or bool(one.again and other.again < one.again)
    return there and since and other.booking.pk != one.booking.pk
