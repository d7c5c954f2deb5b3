"""How does an entry get another label? By a version that says the same, with a reason; the one before stays."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.labels.models import Labelling
from daybreak.web.labels.reading import hidden
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import older, queries, records
from daybreak.web.patients.actions import current_or_refused
from daybreak.web.patients.kinds import LABELLED, SENSITIVITIES, Kind
from daybreak.web.patients.models import IMPORT, PATIENT, Entry, Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Forbidden, Refused


@transaction.atomic
def label(entry: Entry, sensitivity: str, *, reason: str, by: Person, at: datetime, key: UUID) -> Entry:
    """Only somebody who may read the entry can say who else may."""
    patient = locked(Patient, pk=entry.patient_id)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    if entry.id in hidden(patient, by=by, allowed=queries.permissions(by, at=at)[site_id]):
        raise Forbidden("labels.hidden")
    content = {"entry": entry.id, "label": sensitivity, "reason": reason}
    if earlier := keys.known(key, action="label_entry", content=content):
        return Entry.objects.get(pk=earlier)
    current_or_refused(entry)
    most = Labelling._meta.get_field("reason").max_length
    if sensitivity not in SENSITIVITIES or Kind(entry.kind) not in LABELLED:
        raise Refused("labels.unknown")
    if sensitivity == older.label(entry):
        raise Refused("labels.same")
    if not reason.strip() or len(reason) > most:
        raise Refused("patients.reason_missing", in_field="reason", most=most)
    row = records.entry(
        records.record(entry),
        patient=patient,
        by=by,
        at=at,
        replaces=entry,
        document=entry.document,
        confirmed=entry.origin != IMPORT,
        from_patient=entry.origin == PATIENT,
        sensitivity=sensitivity,
    )
    why = Labelling(
        id=ids.new(), organisation_id=patient.organisation_id, created=at, entry=row, reason=reason.strip(), by=by
    )
    for one, action in ((row, "entry_labelled"), (why, "label_explained")):
        one.save(force_insert=True)
        trail.wrote(one, action=action, who=by.id, at=at, subject=patient.id, site=site_id)
    keys.remember(
        key, action="label_entry", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row
