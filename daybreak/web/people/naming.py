"""How does an organisation, a site, a room or a person get another name, and how is a place opened and closed?

Each action locks, asks permission, looks at the state, writes a version and the copy of it, and audits, in this order.
"""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.grants import give
from daybreak.web.people.models import Naming, Organisation, Person, Room, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.words import LANGUAGES

Named = Organisation | Site | Room | Person
CALLED = {Organisation: "organisation", Site: "site", Room: "room", Person: "person"}
LONGEST = 200
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{0,39}")
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{1,28}")


def begin(thing: Named, *, by: Person | None, at: datetime) -> None:
    """The first version, with the thing itself, in the transaction that makes it."""
    name, more = _says(thing)
    Naming(
        id=thing.pk,
        organisation_id=_tenant(thing),
        created=at,
        of=thing.pk,
        name=name,
        more=more,
        by=by,
        zone=_zone(thing),
        phone=_phone(thing),
        hours=_hours(thing),
        number=_number(thing),
    ).save(force_insert=True)


def newest(of: UUID) -> Naming:
    """The version that counts."""
    return Naming.objects.select_related("by").get(of=of, replaced_by__isnull=True)


@transaction.atomic
def add_site(name: str, *, zone: str = "UTC", by: Person, at: datetime, key: UUID) -> Site:
    """A further site. Who adds it administers it: otherwise nobody could do anything there."""
    tenant = Organisation.objects.select_for_update().get()
    require(by, Permission.MANAGE_PEOPLE, at=at)
    content = {"name": name, "zone": zone}
    if earlier := keys.known(key, action="add_site", content=content):
        return Site.objects.get(pk=earlier)
    site = Site(id=ids.new(), organisation=tenant, created=at, name=_fit(name), zone=zone)
    zones.check(zone)
    if Site.objects.filter(organisation=tenant, name=site.name).exists():
        raise Refused("people.name_taken", name=site.name)
    _save(site, "site_added", by=by, at=at, site=site.id)
    give(by, Role.ADMINISTRATOR, site, by=by, at=at)
    keys.remember(key, action="add_site", content=content, answer=site.id, organisation_id=tenant.id, at=at)
    return site


@transaction.atomic
def add_room(site: Site, name: str, *, by: Person, at: datetime, key: UUID) -> Room:
    """A further room of an open site."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.MANAGE_PEOPLE, at=at, site_id=site.id)
    content = {"site": site.id, "name": name}
    if earlier := keys.known(key, action="add_room", content=content):
        return Room.objects.get(pk=earlier)
    if site.closed:
        raise Refused("people.site_closed", name=site.name)
    room = Room(id=ids.new(), organisation_id=site.organisation_id, created=at, site=site, name=_fit(name))
    if Room.objects.filter(site=site, name=room.name).exists():
        raise Refused("people.name_taken", name=room.name)
    _save(room, "room_added", by=by, at=at, site=site.id)
    keys.remember(key, action="add_room", content=content, answer=room.id, organisation_id=site.organisation_id, at=at)
    return room


@transaction.atomic
def change(
    thing: Named,
    *,
    name: str,
    more: str = "",
    zone: str | None = None,
    phone: str | None = None,
    hours: str | None = None,
    number: str | None = None,
    closed: bool = False,
    seen: UUID,
    by: Person,
    at: datetime,
    key: UUID,
) -> Naming:
    """The next version of what the thing is called, and of whether it is closed. `seen` is the version of the form.

    `zone`: the time that a site keeps from now on; None leaves it. What was stored before stays the moment that it was.
    `phone`: the number under which patients call a site; None leaves it, "" takes it away.
    `hours`: in which somebody answers there, in the clinic's own words; as `phone`.
    `number`: the one under which the country's register knows a person who prescribes; None leaves it, "" takes it away.

    Closing ends nothing that is there: records stay readable; nothing new begins in a closed place.
    """
    thing = locked(type(thing), pk=thing.pk)
    site_id = _may(thing, by=by, at=at)
    content = {"of": thing.pk, "name": name, "more": more, "zone": zone, "phone": phone, "closed": closed, "seen": seen}
    content |= {name: value for name, value in (("number", number), ("hours", hours)) if value is not None}
    if earlier := keys.known(key, action="name", content=content):
        return Naming.objects.get(pk=earlier)
    now = newest(thing.pk)
    if now.id != seen:
        raise Conflict("people.renamed_meanwhile", name=now.by.display_name if now.by else "–", now=now.name)
    _check(thing, name=_fit(name), more=more, closed=closed)
    if isinstance(thing, Site) and zone is not None:
        zones.check(zone)
    if phone and not PHONE.fullmatch(phone):
        raise Refused("people.no_phone", typed=phone[:30])
    if hours and len(hours) > (Site._meta.get_field("hours").max_length or 0):
        raise Refused("people.hours_long", in_field="hours")
    if number and not NUMBER.fullmatch(number):
        raise Refused("people.no_number", in_field="number", typed=number[:40])
    row = Naming(
        id=ids.new(),
        organisation_id=_tenant(thing),
        created=at,
        of=thing.pk,
        name=_fit(name),
        more=more,
        zone=zone if isinstance(thing, Site) and zone is not None else _zone(thing),
        phone=phone if isinstance(thing, Site) and phone is not None else _phone(thing),
        hours=hours if isinstance(thing, Site) and hours is not None else _hours(thing),
        number=number if isinstance(thing, Person) and number is not None else _number(thing),
        closed=closed,
        by=by,
        replaces=now,
    )
    before = (now.name, now.more, _zone(thing), _phone(thing), _hours(thing), _number(thing), now.closed)
    if (row.name, row.more, row.zone, row.phone, row.hours, row.number, row.closed) == before:
        return now
    row.save(force_insert=True)
    _copy(thing, row, at=at)
    verb = "renamed" if row.closed == now.closed else "closed" if row.closed else "opened"
    trail.wrote(row, action=f"{CALLED[type(thing)]}_{verb}", who=by.id, at=at, site=site_id)
    keys.remember(key, action="name", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _may(thing: Named, *, by: Person, at: datetime) -> UUID | None:
    """The site at which the thing is looked after. A person belongs to all: any administrator may mend a name."""
    site_id = {Site: lambda: thing.pk, Room: lambda: thing.site_id}.get(type(thing), lambda: None)()
    require(by, Permission.MANAGE_PEOPLE, at=at, site_id=site_id)
    return site_id


def _check(thing: Named, *, name: str, more: str, closed: bool) -> None:
    if isinstance(thing, Organisation) and not (
        len(more) == 2 and more.isascii() and more.isalpha() and more.isupper()
    ):
        raise Refused("people.no_country", typed=more[:30])
    if isinstance(thing, Person) and more not in LANGUAGES:
        raise Refused("people.no_language", typed=more[:30])
    if isinstance(thing, Site):
        if Site.objects.filter(name=name).exclude(pk=thing.pk).exists():
            raise Refused("people.name_taken", name=name)
        if closed and not Site.objects.filter(closed__isnull=True).exclude(pk=thing.pk).exists():
            raise Refused("people.last_site")
    if isinstance(thing, Room) and Room.objects.filter(site_id=thing.site_id, name=name).exclude(pk=thing.pk).exists():
        raise Refused("people.name_taken", name=name)


def _copy(thing: Named, row: Naming, *, at: datetime) -> None:
    if isinstance(thing, Person):
        thing.display_name, thing.language, thing.number = row.name, row.more, row.number
        thing.save(update_fields=["display_name", "language", "number"])
        return
    thing.name = row.name
    if isinstance(thing, Organisation):
        thing.country = row.more
        thing.save(update_fields=["name", "country"])
        return
    thing.closed = (thing.closed or at) if row.closed else None
    if isinstance(thing, Site):
        thing.zone, thing.phone, thing.hours = row.zone, row.phone, row.hours
        thing.save(update_fields=["name", "zone", "phone", "hours", "closed"])
        return
    thing.save(update_fields=["name", "closed"])


def _says(thing: Named) -> tuple[str, str]:
    if isinstance(thing, Person):
        return thing.display_name, thing.language
    return thing.name, thing.country if isinstance(thing, Organisation) else ""


def _zone(thing: Named) -> str | None:
    return thing.zone if isinstance(thing, Site) else None


def _phone(thing: Named) -> str | None:
    return thing.phone if isinstance(thing, Site) else None


def _hours(thing: Named) -> str | None:
    return thing.hours if isinstance(thing, Site) else None


def _number(thing: Named) -> str | None:
    return thing.number if isinstance(thing, Person) else None


def _tenant(thing: Named) -> UUID:
    return thing.pk if isinstance(thing, Organisation) else thing.organisation_id


def _fit(name: str) -> str:
    fit = name.strip()
    if not fit or len(fit) > LONGEST:
        raise Refused("people.name_unfit", most=LONGEST)
    return fit


def _save(thing: Site | Room, action: str, *, by: Person, at: datetime, site: UUID) -> None:
    thing.save(force_insert=True)
    begin(thing, by=by, at=at)
    trail.wrote(thing, action=action, who=by.id, at=at, site=site)
