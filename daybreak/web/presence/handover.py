"""To which patient was this browser handed, and what may be seen in it until a member of staff takes it back?

While it is handed over nobody is signed in: pages are made for the patient, and the rights of whoever handed it over count
only as the limit of what may be shown at all.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.presence.models import FRONTS, Handover, HandoverEnd
from daybreak.web.refusals import Refused

OWN_RECORD, CONSENT, FORM, PAYMENT, SESSION = FRONTS
VIA = "tablet"


@transaction.atomic
def hand(patient: Patient, *, purpose: str, by: Person, at: datetime, key: UUID, about: UUID | None = None) -> Handover:
    """From now on the browser is the patient's, for this purpose; `about`: for this form, consent, statement or
    session alone."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, _needed(purpose), by=by, at=at)
    content = {"patient": patient.id, "purpose": purpose, "about": about, "by": by.id}
    if earlier := keys.known(key, action="hand_over", content=content):
        row = Handover.objects.get(pk=earlier)
        if HandoverEnd.objects.filter(handover=row).exists():
            raise Refused("tablet.taken_back")
        return row
    row = Handover(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        purpose=purpose,
        about=about,
        by_id=by.id,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="tablet_handed", who=by.id, at=at, subject=patient.id, site=site_id)
    keys.remember(
        key, action="hand_over", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row


@transaction.atomic
def take_back(handover: Handover, *, at: datetime) -> None:
    """The browser is staff's again; whoever calls has shown that it is they. Twice is as once."""
    handover = locked(Handover, pk=handover.pk)
    if HandoverEnd.objects.filter(handover=handover).exists():
        return
    row = HandoverEnd(id=ids.new(), organisation_id=handover.organisation_id, created=at, handover=handover)
    row.save(force_insert=True)
    trail.wrote(row, action="tablet_taken_back", who=handover.by_id, at=at, subject=handover.patient_id)


def of(id: str) -> Handover:
    """The handover of a session, with whom it is about."""
    return Handover.objects.select_related("by", "patient").get(pk=id)


def still_allowed(handover: Handover, *, at: datetime) -> bool:
    """May whoever handed it over still show this patient?"""
    needed = _needed(handover.purpose)
    return queries.patient_for(handover.by, handover.patient_id, at, permission=needed) is not None


def for_form(id: UUID) -> list[Handover]:
    """When the tablet was handed over for this form, and by whom, the newest first."""
    return list(Handover.objects.filter(about=id).select_related("by").order_by("-id"))


def _needed(purpose: str) -> Permission:
    """A form shows nothing of the record, a statement about a sum only what whoever asks a payer knows."""
    needed = {FORM: Permission.REGISTER_PATIENTS, PAYMENT: Permission.AUTHORISATIONS, SESSION: Permission.RUN_SESSIONS}
    return needed.get(purpose, Permission.READ_PATIENTS)
