"""How does a patient write a page, and choose who reads it? And how do they get the link by which they do?

Each action locks the patient, looks at the state, writes and audits, in this order.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.reach import within
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.courses.queries import where
from daybreak.web.diary import queries
from daybreak.web.diary.models import NAMED, NOBODY, READERS, Page, Shown
from daybreak.web.links import actions as links
from daybreak.web.links import born
from daybreak.web.links.models import DIARY, Link
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach import posting
from daybreak.web.reach import queries as reach
from daybreak.web.refusals import Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level

LONGEST = 4000


@transaction.atomic
def link(patient: Patient, *, by: Person, at: datetime, key: UUID) -> Link:
    """By it the patient writes and reads their own pages; once for each key."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.REGISTER_PATIENTS, by=by, at=at)
    posting.may_go(patient)
    born.required(patient)
    about = {"purpose": DIARY, "subject": patient.id, "organisation_id": patient.organisation_id}
    return links.make_once(key=key, about=patient.id, **about, site_id=site_id, by=by, at=at)


@transaction.atomic
def write(patient: Patient, text: str, *, to: str, person: UUID | None, at: datetime, key: UUID) -> Page:
    """A new page, for whom the patient says. Whoever may read it is asked to, by a task that says nothing of it."""
    patient = locked(Patient, pk=patient.pk)
    content = {"patient": patient.id, "text": text, "to": to, "person": person}
    if earlier := keys.known(key, action="diary_write", content=content):
        return Page.objects.get(pk=earlier)
    if reach.standing(patient) is not None:
        raise Refused("diary.stopped")
    if not text or len(text) > LONGEST:
        raise Refused("diary.no_text", in_field="text", most=LONGEST)
    row = Page(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site=where(patient),
        text=text,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="diary_written", who=None, at=at, subject=patient.id, site=row.site_id)
    _show(row, 1, to, person, at=at)
    keys.remember(
        key, action="diary_write", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row


@transaction.atomic
def show(page: Page, to: str, *, person: UUID | None, at: datetime, key: UUID) -> Shown:
    """From now on these may read it; who read it before has read it."""
    patient = locked(Patient, pk=page.patient_id)
    content = {"page": page.id, "to": to, "person": person}
    if earlier := keys.known(key, action="diary_show", content=content):
        return Shown.objects.get(pk=earlier)
    row = _show(page, page.shown.count() + 1, to, person, at=at)
    keys.remember(
        key, action="diary_show", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row


def _show(page: Page, seq: int, to: str, person_id: UUID | None, *, at: datetime) -> Shown:
    there = {one.pk: one for one in queries.clinicians(page.site, at=at)}
    person = there.get(person_id) if to == NAMED and person_id else None
    if to not in READERS or (to == NAMED and person is None):
        raise Refused("diary.no_reader", in_field="to")
    row = Shown(
        id=ids.new(), organisation_id=page.organisation_id, created=at, page=page, seq=seq, to=to, person=person
    )
    row.save(force_insert=True)
    action = "diary_kept" if to == NOBODY else "diary_shown"
    trail.wrote(row, action=action, who=None, at=at, subject=page.patient_id, site=page.site_id)
    if to != NOBODY:
        tasks.make(
            source=f"diary {row.id}",
            kind=Kind.REVIEW,
            what="diary.task",
            site=page.site,
            patient=page.patient,
            level=Level.BY,
            due=at + within("diary"),
            permission=Permission.READ_PATIENTS,
            role=Role.NURSE,
            owner=person,
            where=f"/patients/{page.patient_id}/diary/",
            by=None,
            at=at,
            via="link",
        )
    return row
