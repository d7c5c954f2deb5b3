"""Who drives patients home free of charge, as a site lists it, and how many visits are lost for want of a ride?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.courses.models import Booking, BookingEvent, Ride, Why
from daybreak.web.courses.state import standings
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused

FIELDS = ("payer", "name", "phone", "how")


def listed(site_id: UUID) -> list[Ride]:
    """What is on the list of a site now, by payer and name."""
    found = Ride.objects.filter(site=site_id, replaced_by__isnull=True, over=False).select_related("by")
    return list(found.order_by("payer", "name", "id"))


def lost(site: Site, until: date) -> tuple[int, int]:
    """From the first of the month until a day: visits lost for want of a ride, and all that have ended."""
    begins = zones.midnight(until.replace(day=1), site.zone)
    ends = zones.midnight(until + timedelta(days=1), site.zone)
    touched = BookingEvent.objects.filter(starts__gte=begins, starts__lt=ends, booking__site=site).values("booking")
    ended = [
        one for one in standings(Booking.objects.filter(pk__in=touched)) if one.over and begins <= one.starts < ends
    ]
    return sum(one.free and one.why == Why.RIDE for one in ended), len(ended)


@transaction.atomic
def keep(
    site: Site, told: Mapping[str, str], *, checked: date | None, seen: UUID | None, by: Person, at: datetime, key: UUID
) -> Ride:
    """Write an entry, or (`seen`: the version that the page showed) its next version."""
    site, last, content = _begin(site, told | {"checked": checked}, seen, by=by, at=at)
    if earlier := keys.known(key, action="keep_ride", content=content):
        return Ride.objects.get(pk=earlier)
    _unchanged(last, seen)
    for name in FIELDS:
        if len(told[name]) > (Ride._meta.get_field(name).max_length or 0) or (name != "how" and not told[name]):
            raise Refused("courses.ride_missing", in_field=name)
    if checked is None or checked > zones.day(at, site.zone):
        raise Refused("courses.ride_checked", in_field="checked")
    row = _write(site, {**told, "checked": checked}, last, by=by, at=at)
    keys.remember(key, action="keep_ride", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def take_off(site: Site, *, seen: UUID, by: Person, at: datetime, key: UUID) -> None:
    """The entry is on the list no longer; what it said stays on record."""
    site, last, content = _begin(site, {}, seen, by=by, at=at)
    if keys.known(key, action="take_off_ride", content=content):
        return
    _unchanged(last, seen)
    assert last is not None
    told = {name: getattr(last, name) for name in (*FIELDS, "checked")}
    row = _write(site, {**told, "over": True}, last, by=by, at=at)
    keys.remember(
        key, action="take_off_ride", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )


def _begin(
    site: Site, told: Mapping[str, object], seen: UUID | None, *, by: Person, at: datetime
) -> tuple[Site, Ride | None, dict[str, object]]:
    site = locked(Site, pk=site.pk)
    require(by, Permission.KEEP_RIDES, at=at, site_id=site.id)
    last = Ride.objects.filter(site=site, pk=seen, replaced_by__isnull=True, over=False).first() if seen else None
    return site, last, {"site": site.id, "seen": seen, **told}


def _unchanged(last: Ride | None, seen: UUID | None) -> None:
    if seen and last is None:
        raise Conflict("courses.ride_meanwhile")


def _write(site: Site, told: Mapping[str, object], last: Ride | None, *, by: Person, at: datetime) -> Ride:
    row = Ride(
        id=ids.new(), organisation_id=site.organisation_id, created=at, site=site, by=by, replaces=last, **dict(told)
    )
    row.save(force_insert=True)
    trail.wrote(row, action="ride_over" if row.over else "ride_kept", who=by.id, at=at, site=site.id)
    return row
