"""How is it written down that a patient is enrolled at a site, and that they are no longer?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.web import zones
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers import brought
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Refused
from daybreak.web.rems import told
from daybreak.web.rems.models import Enrolment

KIND = "rems_enrolment"


@transaction.atomic
def enrol(
    patient: Patient,
    site: Site,
    *,
    number: str,
    since: date | None,
    expires: date | None,
    no_last_day: bool,
    file: bytes = b"",
    seen: UUID | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Enrolment:
    """The enrolment form was signed on that day, and the programme knows the patient under that number."""
    patient = locked(Patient, pk=patient.pk)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=site.id)
    days = {"since": since, "expires": expires, "no_last_day": no_last_day}
    about = {"patient": patient.id, "site": site.id, "seen": seen, "by": by.id}
    content = {**about, "number": number, **days, "file": told.digest(file)}
    if earlier := keys.known(key, action="rems_enrol", content=content):
        return Enrolment.objects.get(pk=earlier)
    if not patient.registrations.filter(site=site).exists():
        raise Refused("courses.not_known_there")
    last = told.last(Enrolment, seen, patient=patient, site=site)
    told.fit({"number": number}, needed=("number",))
    fields = told.days(**days, today=zones.day(at, site.zone))
    paper = _paper(file, patient, site, by, at) if file else None
    row = Enrolment(
        **told.common(site, by, at), **fields, number=number, patient=patient, site=site, paper=paper, replaces=last
    )
    return told.written(row, "rems_enrolled", "rems_enrol", content, site=site, by=by, at=at, key=key, patient=patient)


@transaction.atomic
def withdraw(
    patient: Patient,
    site: Site,
    *,
    since: date | None,
    reason: str,
    seen: UUID | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Enrolment:
    """The patient is enrolled no longer, from that day on."""
    patient = locked(Patient, pk=patient.pk)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=site.id)
    content = {"patient": patient.id, "site": site.id, "seen": seen, "since": since, "reason": reason, "by": by.id}
    if earlier := keys.known(key, action="rems_withdraw", content=content):
        return Enrolment.objects.get(pk=earlier)
    last = told.to_end(told.last(Enrolment, seen, patient=patient, site=site))
    fields = told.ending(since, reason, today=zones.day(at, site.zone))
    row = Enrolment(
        **told.common(site, by, at), **fields, number=last.number, patient=patient, site=site, replaces=last
    )
    return told.written(
        row, "rems_withdrawn", "rems_withdraw", content, site=site, by=by, at=at, key=key, patient=patient
    )


def _paper(file: bytes, patient: Patient, site: Site, by: Person, at: datetime) -> Any:
    return keep_paper(
        file,
        patient=patient,
        kind=KIND,
        about=f"enrolment {site.id}",
        language="en",
        permission=Permission.READ_PATIENTS,
        by=by,
        at=at,
        media_type=brought.checked(file, in_field="file"),
        site=site.id,
    )
