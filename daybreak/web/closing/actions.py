"""How is a day of a site closed?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.schedules import home_hours
from daybreak.knowledge.spans import span
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.closing.models import Closing
from daybreak.web.closing.queries import A_DAY, Evening, closings, evening, near, unclosed
from daybreak.web.courses.state import Standing
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.letters import WAITS
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, may, require
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.tasks.queries import may_have
from daybreak.web.tasks.state import State


@transaction.atomic
def close(site: Site, day: date, *, on_call: Person, seen: str, by: Person, at: datetime, key: UUID) -> Closing:
    """Close today, yesterday or an earlier day with visits that nobody closed, once.

    Each visit without an end becomes a task of whoever is on call, each open task that nobody has is theirs, and what
    somebody has is offered to them; what they may not see stays with whom it waits for, and so does what others have when
    the one on call closes the day. `seen`: the digest of what the page showed.
    """
    site = locked(Site, pk=site.pk)
    require(by, Permission.READ_PATIENTS, at=at, site_id=site.id)
    content = {"site": site.id, "day": day, "on_call": on_call.id, "by": by.id}
    if earlier := keys.known(key, action="close_day", content=content):
        return Closing.objects.get(pk=earlier)
    today = zones.day(at, site.zone)
    if day not in (*near(today), *unclosed(site, today, closings(site, today))):
        raise Refused("closing.not_that_day", n=len(near(today)) - 1)
    if Closing.objects.filter(site=site, day=day).exists():
        raise Conflict("closing.already")
    if not may(on_call, Permission.READ_PATIENTS, at=at, site_id=site.id):
        raise Refused("closing.cannot_be_on_call", name=on_call.display_name)
    now = evening(site, day, reader=by, at=at)
    if now.digest != seen:
        raise Conflict("closing.changed")
    handed = [_hand(task, state, on_call, by=by, at=at) for task, state in now.tasks]
    for one in now.unfinished:
        _ask_how_it_ended(one, on_call, by=by, at=at)
    row = Closing(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        day=day,
        on_call=on_call,
        visits=len(now.unfinished),
        handed=sum(handed),
        stayed=len(handed) - sum(handed),
        by=by,
    )
    row.save(force_insert=True)
    _tell(row, now, sum(handed), by=by, at=at)
    trail.wrote(row, action="day_closed", who=by.id, at=at, site=site.id)
    keys.remember(key, action="close_day", content=content, answer=row.id, organisation_id=site.organisation_id, at=at)
    return row


def _hand(task: Task, state: State, on_call: Person, *, by: Person, at: datetime) -> bool:
    """Has whoever is on call it now, or are they asked for it? What nobody has is theirs, what somebody has is offered.

    Nobody takes by closing what somebody else has. An answer about suicide is not given to who could not close it: it is
    offered, and people are called about it.
    """
    if state.owner is not None and on_call.pk in (state.owner.pk, state.asked and state.asked.pk):
        return True
    if not may_have(on_call, task, at=at):
        return False
    fit = task.kind != Kind.SUICIDE or may(on_call, Permission.ASSESS_RISK, at=at, site_id=task.site_id)
    if on_call.pk == by.pk:
        if state.owner is not None or not fit:
            return False
        tasks.take(task, by=by, at=at, key=ids.new())
    elif state.owner is None and fit:
        tasks.give(task, to=on_call, by=by, at=at, key=ids.new())
    elif state.asked is None or state.asked.pk != on_call.pk:
        tasks.offer(task, to=on_call, notify=False, by=by, at=at, key=ids.new())
    return True


def _tell(row: Closing, now: Evening, handed: int, *, by: Person, at: datetime) -> None:
    """Whoever is on call gets one mail for all of it. Forms that wait become one task of the next day."""
    if row.on_call_id != by.pk and (handed or now.unfinished):
        outbox.post(row.on_call, WAITS, about=row.id, at=at, organisation_id=row.organisation_id)
    if now.forms:
        tasks.make(
            source=f"forms of {row.id}",
            kind=Kind.OTHER,
            what="closing.forms_wait",
            values={"n": str(len(now.forms)), "day": row.day.isoformat()},
            site=row.site,
            level=Level.BY,
            due=zones.midnight(zones.day(at, row.site.zone) + span("closing-forms") + A_DAY, row.site.zone),
            permission=Permission.READ_PATIENTS,
            role=Role.NURSE,
            where=f"/closing/?site={row.site_id}&day={row.day.isoformat()}",
            by=by,
            at=at,
        )


def _ask_how_it_ended(one: Standing, on_call: Person, *, by: Person, at: datetime) -> None:
    booking = one.booking
    tasks.make(
        source=f"visit without an end {booking.id}",
        kind=Kind.OTHER,
        what="closing.how_did_it_end",
        site=booking.site,
        patient=booking.patient,
        level=Level.TODAY,
        due=max(at, one.ends) + timedelta(hours=home_hours()),
        permission=Permission.READ_PATIENTS,
        role=Role.NURSE,
        owner=on_call,
        where=f"/patients/{booking.patient_id}/bookings/{booking.id}/",
        by=by,
        at=at,
    )
