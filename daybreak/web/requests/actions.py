"""How is a complaint or a request taken, answered, refused with a reason, or delivered?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.requests import copying, names, queries, sending
from daybreak.web.requests.models import (
    ANSWERED,
    COMPLAINT,
    CORRECTION,
    DELIVERED,
    DOORS,
    KINDS,
    LAST,
    NOTE,
    OPEN_PAGE,
    OWN_DOORS,
    RECORDS,
    REFUSED,
    About,
    Event,
    Request,
)
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level

LONGEST = 4000
MOST_OPEN = {RECORDS: 1, CORRECTION: 5}  # that a patient can ask alone before somebody has answered
TASKS = {
    COMPLAINT: "requests.task_complaint",
    RECORDS: "requests.task_records",
    CORRECTION: "requests.task_correction",
}
# Who is asked first: a record is given by somebody who may read all of it.
ROLES = {COMPLAINT: Role.ADMINISTRATOR, RECORDS: Role.PRESCRIBER, CORRECTION: Role.PRESCRIBER}


@transaction.atomic
def receive(
    *,
    kind: str,
    door: str,
    site: Site,
    patient: Patient | None = None,
    day: date | None,
    text: str,
    name: str = "",
    contact: str = "",
    about: Collection[UUID] = (),
    by: Person | None,
    at: datetime,
    key: UUID,
) -> Request:
    """Take it, and ask somebody to answer in time: not whoever it is about.

    Without `by` a stranger left a complaint, or a patient asked by their own link or tablet, at which the caller looked.
    """
    site = locked(Site, pk=site.pk)
    if by is not None:
        for needed in (Permission.RECEIVE_REQUESTS, *((Permission.REGISTER_PATIENTS,) if patient else ())):
            require(by, needed, at=at, site_id=site.id)
    elif (door, kind) != (OPEN_PAGE, COMPLAINT) and (door not in OWN_DOORS or kind not in (RECORDS, CORRECTION)):
        raise Forbidden("people.may_not")
    content = {"kind": kind, "door": door, "site": site.id, "patient": patient and patient.id, "text": text}
    content |= {"name": name, "contact": contact, "about": sorted(map(str, about)), "day": day}
    if earlier := keys.known(key, action="request", content=content):
        return Request.objects.get(pk=earlier)
    _check(kind=kind, door=door, site=site, patient=patient, day=day, text=text, name=name, contact=contact, at=at)
    if door in OWN_DOORS and patient:
        waits = [one for one in queries.of(patient) if one.kind == kind and queries.last(one) is None]
        if len(waits) >= MOST_OPEN[kind]:
            raise Refused("requests.asked_already", day=queries.due(waits[0]).isoformat())
    named = _named(text, about, at=at) if kind == COMPLAINT else set()
    (deals, owner), *second = _asked(kind, site, named, at=at)
    elsewhere = next((there for there, _ in ((deals, owner), *second) if there.pk != site.pk), None)
    row = Request(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        kind=kind,
        door=door,
        site=site,
        elsewhere=elsewhere,
        patient=patient,
        day=day or zones.day(at, site.zone),
        text=text,
        name=name,
        contact=contact,
        by=by,
    )
    subject = patient and patient.id
    row.save(force_insert=True)
    trail.wrote(row, action="request_received", who=by and by.id, at=at, subject=subject, site=site.id)
    for person_id in sorted(named):
        one = About(id=ids.new(), organisation_id=row.organisation_id, created=at, request=row, person_id=person_id)
        one.save(force_insert=True)
        trail.wrote(one, action="request_names", who=by and by.id, at=at, site=site.id)
    for source, (there, whose) in zip(_sources(row), ((deals, owner), *second), strict=False):
        tasks.make(
            source=source,
            kind=Kind.REQUEST,
            what=TASKS[kind],
            site=there,
            patient=patient if kind != COMPLAINT else None,
            level=Level.BY,
            due=zones.midnight(queries.due(row) + timedelta(days=1), site.zone),
            permission=Permission.HANDLE_REQUESTS,
            role=ROLES[kind],
            owner=whose,
            where=f"/requests/{row.id}/",
            hidden_from=named,
            by=by,
            at=at,
            via=door if door in OWN_DOORS else "web",
        )
    keys.remember(key, action="request", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _check(
    *,
    kind: str,
    door: str,
    site: Site,
    patient: Patient | None,
    day: date | None,
    text: str,
    name: str,
    contact: str,
    at: datetime,
) -> None:
    if kind not in KINDS or door not in DOORS:
        raise Refused("requests.kind_missing")
    if kind != COMPLAINT and patient is None:
        raise Refused("requests.record_missing")
    if patient is not None and not Registration.objects.filter(patient=patient, site=site).exists():
        raise Forbidden("people.may_not")
    if not text or len(text) > LONGEST or len(name) > 200 or len(contact) > 200:
        raise Refused("requests.text_missing", in_field="text", most=LONGEST)
    if day is not None and day > zones.day(at, site.zone):
        raise Refused("authorisation.day_missing")


def _named(text: str, about: Collection[UUID], *, at: datetime) -> set[UUID]:
    """Whoever was chosen, and whose name stands in the words."""
    staff = {grant.person_id: grant.person.display_name for grant in all_in_force(at=at)}
    return (set(about) & set(staff)) | {id_ for id_, name in staff.items() if names.means(text, name)}


def _asked(kind: str, site: Site, named: Collection[UUID], *, at: datetime) -> list[tuple[Site, Person | None]]:
    """Who is asked to answer, and where; None: whoever may at that site.

    A complaint that names nobody may be about its only reader: then somebody of another site is asked as well.
    """
    may = queries.handlers(site, but=named, at=at) if kind == COMPLAINT else []
    here = {person.id for there, person in may if there.pk == site.pk}
    if not may or (here and not named):
        others = [one for one in may if one[0].pk != site.pk and one[1].id not in here]
        return [(site, None), *(others[:1] if len(here) == 1 else [])]
    return [*may[:1]]


@transaction.atomic
def answer(
    row: Request,
    *,
    what: str,
    text: str,
    copy: UUID | None = None,
    looked: bool = False,
    mail: bool = False,
    by: Person,
    at: datetime,
    key: UUID,
) -> Event:
    """A note, the answer, a refusal with its reason, or the delivery of the `copy` that the person has looked at.

    `mail`: with an answer the patient gets a link to it by mail.
    """
    row = locked(Request, pk=row.pk)
    if not queries.may_answer(by, row, at=at):
        raise Forbidden("people.may_not")
    content = {"request": row.id, "what": what, "text": text, "copy": copy, "looked": looked, "mail": mail}
    if earlier := keys.known(key, action="request_answer", content=content):
        return Event.objects.get(pk=earlier)
    events = list(row.events.order_by("seq").select_related("by"))
    if ended := next((one for one in events if one.what in LAST), None):
        raise Conflict("requests.over_meanwhile", name=ended.by.display_name)
    if what not in (NOTE, REFUSED, DELIVERED if row.kind == RECORDS else ANSWERED):
        raise Refused("requests.answer_missing")
    if not text or len(text) > LONGEST:
        raise Refused("requests.text_missing", in_field="text", most=LONGEST)
    if what == DELIVERED:
        copying.require_whole(row, by=by, at=at)
        copying.checked(row, copy=copy, looked=looked)
    event = Event(
        id=ids.new(),
        organisation_id=row.organisation_id,
        created=at,
        request=row,
        seq=len(events) + 1,
        what=what,
        text=text,
        by=by,
    )
    event.save(force_insert=True)
    trail.wrote(event, action="request_answered", who=by.id, at=at, subject=row.patient_id, site=row.site_id)
    if what in LAST:
        for source in _sources(row):
            tasks.done(source=source, by=by, at=at)
        if mail and row.kind != COMPLAINT:
            sending.mail_answer(row, by=by, at=at, key=ids.new())
    keys.remember(
        key, action="request_answer", content=content, answer=event.id, organisation_id=row.organisation_id, at=at
    )
    return event


def _sources(row: Request) -> tuple[str, str]:
    """Of the task, and of that of the second reader."""
    return f"request {row.id}", f"request {row.id} second"
