"""How does a patient get the link by which they ask, and the one to the answer?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web.links import actions as links
from daybreak.web.links import born
from daybreak.web.links.models import ANSWER, ASK, Link
from daybreak.web.locks import locked
from daybreak.web.outbox.models import Message
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.reach import posting
from daybreak.web.refusals import Forbidden, Refused
from daybreak.web.requests import queries
from daybreak.web.requests.copying import require_whole
from daybreak.web.requests.models import COMPLAINT, Request


@transaction.atomic
def link_to_ask(patient: Patient, *, by: Person, at: datetime, key: UUID) -> Link:
    """By it the patient asks for their record or its correction; once for each key."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.REGISTER_PATIENTS, by=by, at=at)
    return _link(ASK, patient.id, patient, site_id=site_id, by=by, at=at, key=key)


@transaction.atomic
def mail_to_ask(patient: Patient, *, site: Site, by: Person, at: datetime, key: UUID) -> Message | None:
    """The same by mail. None: the patient is not written to, and somebody has the task to call."""
    made = link_to_ask(patient, by=by, at=at, key=key)
    if not Registration.objects.filter(patient=patient, site=site).exists():
        raise Forbidden("people.may_not")
    return _posted(made, patient, about=patient.id, site=site, at=at)


@transaction.atomic
def link_to_answer(row: Request, *, by: Person, at: datetime, key: UUID) -> Link:
    """By it the patient reads the answer and takes the copy; shown to whoever may read all of the record themselves."""
    row = locked(Request, pk=row.pk)
    require_whole(row, by=by, at=at)
    return _to_answer(row, by=by, at=at, key=key)


@transaction.atomic
def mail_answer(row: Request, *, by: Person, at: datetime, key: UUID) -> Message | None:
    """The same by mail, which nobody here sees. None: the patient is not written to, and somebody has the task to call."""
    row = locked(Request, pk=row.pk)
    if not queries.may_answer(by, row, at=at):
        raise Forbidden("people.may_not")
    patient = Patient.objects.get(pk=row.patient_id)
    return _posted(_to_answer(row, by=by, at=at, key=key), patient, about=row.id, site=row.site, at=at)


def _to_answer(row: Request, *, by: Person, at: datetime, key: UUID) -> Link:
    if row.kind == COMPLAINT or queries.last(row) is None:
        raise Refused("requests.no_answer_yet")
    return _link(ANSWER, row.id, Patient.objects.get(pk=row.patient_id), site_id=row.site_id, by=by, at=at, key=key)


def _link(purpose: str, subject: UUID, patient: Patient, *, site_id: UUID, by: Person, at: datetime, key: UUID) -> Link:
    born.required(patient)
    about = {"purpose": purpose, "subject": subject, "organisation_id": patient.organisation_id}
    return links.make_once(key=key, about=subject, **about, site_id=site_id, by=by, at=at)


def _posted(made: Link, patient: Patient, *, about: UUID, site: Site, at: datetime) -> Message | None:
    earlier = Message.objects.filter(link=made).first()
    return earlier or posting.to_patient(patient, about=about, site=site, at=at, link=made)
