"""How is it written down how a patient is reached, and who else looks after them?

Each action locks the patient, asks permission, looks at the state, writes and audits, in this order.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import Stale, may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.reach import forms, queries
from daybreak.web.reach.forms import Known, Reached
from daybreak.web.reach.models import NO, YES, Outsider, Reach


@transaction.atomic
def set_reach(patient: Patient, told: Reached, *, seen: UUID | None, by: Person, at: datetime, key: UUID) -> Reach:
    """A new version of how the patient is reached. `seen` is the version that the form was filled from; None: none."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.REGISTER_PATIENTS, by=by, at=at)
    content = {**asdict(told), "patient": patient.id, "seen": seen}
    if earlier := keys.known(key, action="set_reach", content=content):
        return Reach.objects.get(pk=earlier)
    now = queries.reach(patient.id)
    if now and now.id != seen:
        raise Stale(now)
    forms.check_reached(told)
    row = write_reach(told, replaces=now, patient=patient, site_id=site_id, by=by, at=at)
    keys.remember(
        key, action="set_reach", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row


def write_reach(
    told: Reached, *, replaces: Reach | None, patient: Patient, site_id: UUID, by: Person | None, at: datetime
) -> Reach:
    """The row itself, in the transaction of the action that checked it."""
    row = Reach(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        by=by,
        replaces=replaces,
        **asdict(told),
    )
    row.save(force_insert=True)
    trail.wrote(row, action="reach_set", who=by and by.id, at=at, subject=patient.id, site=site_id)
    return row


def no_more_texts(patient: Patient, *, site_id: UUID, at: datetime) -> None:
    """The patient wants none, and wrote so; the caller has locked them. Everything else stays as it was."""
    now = queries.reach(patient.id)
    if now and now.may_text != NO:
        told = replace(forms.reached(forms.of(now)), may_text=NO)
        write_reach(told, replaces=now, patient=patient, site_id=site_id, by=None, at=at)


@transaction.atomic
def set_outsider(
    patient: Patient, told: Known, *, seen: Outsider | None, by: Person, at: datetime, key: UUID
) -> Outsider:
    """Somebody who also looks after the patient, or (`seen` is the version that the form showed) a new version of them."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.REGISTER_PATIENTS, by=by, at=at)
    content = {**asdict(told), "patient": patient.id, "seen": seen and seen.id}
    if earlier := keys.known(key, action="set_outsider", content=content):
        return Outsider.objects.get(pk=earlier)
    if seen and (now := queries.outsider_now(seen.root)).id != seen.id:
        raise Stale(now)
    forms.check_outsider(told)
    row = write_outsider(told, replaces=seen, patient=patient, site_id=site_id, by=by, at=at)
    keys.remember(
        key, action="set_outsider", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row


def write_outsider(
    told: Known,
    *,
    replaces: Outsider | None,
    patient: Patient | None,
    site_id: UUID,
    by: Person | None,
    at: datetime,
    organisation_id: UUID | None = None,
) -> Outsider:
    """The row itself, in the transaction of the action that checked it. Whoever refers somebody is one without a patient."""
    id = ids.new()
    values = asdict(told) | {"ended": told.ended == YES}
    row = Outsider(
        id=id,
        organisation_id=patient.organisation_id if patient else organisation_id,
        created=at,
        root=replaces.root if replaces else id,
        site_id=site_id,
        patient=patient,
        by=by,
        replaces=replaces,
        **values,
    )
    row.save(force_insert=True)
    trail.wrote(
        row, action="outsider_set", who=by and by.id, at=at, subject=patient.id if patient else None, site=site_id
    )
    return row
