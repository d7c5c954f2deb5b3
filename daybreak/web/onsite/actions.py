"""How does somebody come to a site, change until when they are there, leave it, or get planned for a day?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.spans import span
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.onsite import lacking, queries
from daybreak.web.onsite.cover import uncovered_now, uncovered_on
from daybreak.web.onsite.models import Planned, Stay
from daybreak.web.people.models import Person, Room, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.queries import roles_of
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import alarms


@transaction.atomic
def be_here(site: Site, *, room: Room | None, until: datetime, seen: int, by: Person, at: datetime, key: UUID) -> Stay:
    """From now on one is at this site, and no longer at another; said again, the room or the end is another.

    `seen`: the number of the next row when the page was shown.
    """
    by = locked(Person, pk=by.pk)
    require(by, Permission.SEE_TASKS, at=at, site_id=site.id)
    content = {"site": site.id, "room": room and room.id, "until": until, "by": by.id}
    if earlier := keys.known(key, action="be_here", content=content):
        return Stay.objects.get(pk=earlier)
    last = _last(by, seen)
    if room is not None and (room.site_id != site.id or room.closed):
        raise Refused("onsite.room_elsewhere")
    if not at < until <= at + span("presence-most"):
        raise Refused("onsite.until_when", most=span("presence-most") // timedelta(hours=1))
    row = _say(by, site, last, there=True, room=room, until=until, at=at)
    lacking.covered_again(site, zones.day(at, site.zone), by=by, at=at)
    keys.remember(key, action="be_here", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def leave(*, seen: int, by: Person, at: datetime, key: UUID) -> Stay:
    """One is at the site no longer. It always counts; treatments that lose their prescriber by it become a task."""
    by = locked(Person, pk=by.pk)
    content = {"by": by.id}
    if earlier := keys.known(key, action="leave_site", content=content):
        return Stay.objects.get(pk=earlier)
    last = _last(by, seen)
    if last is None or not last.there:
        raise Conflict("onsite.left_already")
    row = _say(by, last.site, last, there=False, room=None, until=None, at=at)
    keys.remember(key, action="leave_site", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def plan(
    site: Site,
    person: Person,
    day: date,
    *,
    hours: tuple[datetime, datetime] | None,
    seen: int,
    by: Person,
    at: datetime,
    key: UUID,
) -> Planned:
    """The person is to be at the site in these hours of a day, instead of what was planned before; None: not at all.

    Treatments that lose their prescriber by it become a task.
    `seen`: how many rows there were for that day when the page was shown.
    """
    site = locked(Site, pk=site.pk)
    require(by, Permission.CALLING_ORDER, at=at, site_id=site.id)
    content = {"site": site.id, "person": person.id, "day": day, "hours": hours, "by": by.id}
    if earlier := keys.known(key, action="plan_day", content=content):
        return Planned.objects.get(pk=earlier)
    if seen != Planned.objects.filter(site=site, day=day).count():
        raise Conflict("onsite.changed")
    if day < zones.day(at, site.zone):
        raise Refused("onsite.day_over")
    if not any(where == site.id for _, _, where in roles_of([person], at=at)):
        raise Refused("onsite.works_elsewhere", name=person.display_name)
    begins, ends = hours or (None, None)
    if hours and not hours[0] < hours[1] <= hours[0] + span("presence-most"):
        raise Refused("onsite.hours", most=span("presence-most") // timedelta(hours=1))
    before = {one.booking.id for one in uncovered_on(site, day, at)}
    row = Planned(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        person=person,
        day=day,
        seq=Planned.objects.filter(site=site, person=person, day=day).count() + 1,
        begins=begins,
        ends=ends,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="day_planned", who=by.id, at=at, site=site.id)
    lost = [one for one in uncovered_on(site, day, at) if one.booking.id not in before]
    lacking.ask(row.id, site, day, lost, by=by, at=at)
    lacking.covered_again(site, day, by=by, at=at)
    keys.remember(key, action="plan_day", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _last(by: Person, seen: int) -> Stay | None:
    last = queries.last_stay(by)
    if seen != (last.seq if last else 0) + 1:
        raise Conflict("onsite.changed")
    return last


def _say(
    by: Person, site: Site, last: Stay | None, *, there: bool, room: Room | None, until: datetime | None, at: datetime
) -> Stay:
    """Write it, and ask for a prescriber wherever one was until now and is no longer."""
    left = last.site if last and last.there else None
    before = {one.booking.id for one in uncovered_now(left, at)} if left else set()
    row = Stay(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        person=by,
        site=site,
        seq=(last.seq if last else 0) + 1,
        there=there,
        room=room,
        until=until,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="came_to_site" if there else "left_site", who=by.id, at=at, site=site.id)
    if left:
        lost = [one for one in uncovered_now(left, at) if one.booking.id not in before]
        lacking.ask(row.id, left, zones.day(at, left.zone), lost, by=by, at=at)
        _uncover(left, by, at)
    return row


def _uncover(site: Site, by: Person, at: datetime) -> None:
    """Who was the last prescriber there leaves nobody for the treatments that are going on: each of them says so."""
    prescribes = (by.id, Role.PRESCRIBER, site.id) in roles_of([by], at=at)
    if prescribes and not any(Role.PRESCRIBER in one.roles for one in queries.on_site(site, at)):
        alarms.no_prescriber(site, at=at)
