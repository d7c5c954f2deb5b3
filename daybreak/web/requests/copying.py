"""How is the copy made that somebody looks at before the patient gets it?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids
from daybreak.web.assessments import leaving as plans
from daybreak.web.audit import trail
from daybreak.web.chronicle import leaving as treatments
from daybreak.web.consent import exported
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers.actions import JSON, PDF
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.patients import copies
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.requests import queries
from daybreak.web.requests.models import RECORDS, Copy, Request
from daybreak.web.transfer.front import front
from daybreak.web.words import LANGUAGES


@transaction.atomic
def prepare(row: Request, *, language: str, by: Person, at: datetime, key: UUID) -> Copy:
    """The whole record as it is now, as PDF and FHIR, by somebody who may read all of it. It leaves by `actions.answer` only."""
    row = locked(Request, pk=row.pk)
    require_whole(row, by=by, at=at)
    content = {"request": row.id, "language": language}
    if earlier := keys.known(key, action="request_copy", content=content):
        return Copy.objects.get(pk=earlier)
    if row.kind != RECORDS:
        raise Refused("requests.answer_missing")
    if ended := queries.last(row):
        raise Conflict("requests.over_meanwhile", name=ended.by.display_name)
    if language not in LANGUAGES:
        raise Refused("copies.no_language", in_field="language")
    patient, site = locked(Patient, pk=row.patient_id), Site.objects.get(pk=row.site_id)
    told = [
        *exported.resources(patient, language=language, at=at),
        *plans.resources(patient, language=language),
        *treatments.resources(patient),
    ]
    before = list(front(patient, language, at=at))
    made = copies.copy_of(
        patient, site=site, language=language, at=at, before=before, by=by.display_name, told=told
    )  # fmt: skip
    paper, bundle = (
        keep_paper(
            bytes_,
            patient=patient,
            kind="record",
            about=f"request {row.id}",
            language=language,
            permission=Permission.READ_PATIENTS,
            sensitivity=made.sensitivity,
            media_type=media_type,
            by=by,
            at=at,
            site=site.id,
        )
        for media_type, bytes_ in ((PDF, made.paper), (JSON, made.fhir))
    )
    copy = Copy(
        id=ids.new(),
        organisation_id=row.organisation_id,
        created=at,
        request=row,
        paper=paper,
        bundle=bundle,
        state=patients.state(patient),
        by=by,
    )
    copy.save(force_insert=True)
    trail.wrote(copy, action="request_copied", who=by.id, at=at, subject=patient.id, site=site.id)
    keys.remember(
        key, action="request_copy", content=content, answer=copy.id, organisation_id=row.organisation_id, at=at
    )
    return copy


def require_whole(row: Request, *, by: Person, at: datetime) -> None:
    """Refused to whoever may not answer it, or not read all of the record."""
    if not queries.may_answer(by, row, at=at):
        raise Forbidden("people.may_not")
    for needed in (Permission.READ_PATIENTS, Permission.READ_SENSITIVE):
        require(by, needed, at=at, site_id=row.site_id)


def checked(row: Request, *, copy: UUID | None, looked: bool) -> None:
    """Refused unless this copy is the newest, somebody has looked at it, and the record is still what it says."""
    newest = queries.copy(row)
    if newest is None:
        raise Refused("requests.no_copy")
    patient = locked(Patient, pk=row.patient_id)
    if copy != newest.pk or newest.state != patients.state(patient):
        raise Conflict("requests.copy_old")
    if not looked:
        raise Refused("requests.not_looked", in_field="looked")
