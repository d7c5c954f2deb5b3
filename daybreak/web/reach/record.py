"""What does a word that stops everything say for the record itself? That somebody died, or is pregnant, is decided with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from daybreak.clinical import records
from daybreak.web.audit import trail
from daybreak.web.patients import actions
from daybreak.web.patients import records as entries
from daybreak.web.patients.kinds import Kind, Record
from daybreak.web.patients.models import PERSON, Patient
from daybreak.web.people.models import Person
from daybreak.web.reach.models import BACK, DIED, PREGNANT, Standing

PREGNANCY, IS_PREGNANT = "pregnancy_status", "pregnant"


def write(patient: Patient, row: Standing, *, site_id: UUID, by: Person, at: datetime) -> None:
    """An entry beside the word, in its transaction. `BACK` takes back that somebody died; whether they are still pregnant
    is asked anew.
    """
    if row.kind == BACK:
        _not_dead(patient, site_id=site_id, by=by, at=at)
        return
    since = records.on(row.since)
    said: dict[str, Record] = {
        DIED: records.Patient(id=str(patient.id), ref="", deceased=since),
        PREGNANT: records.Observation("", PREGNANCY, IS_PREGNANT, since),
    }
    if row.kind in said:
        actions.rated(patient, [said[row.kind]], site_id=site_id, by=by, at=at)


def _not_dead(patient: Patient, *, site_id: UUID, by: Person, at: datetime) -> None:
    for entry in entries.current(patient):
        before = entries.record(entry)
        if (
            entry.kind == Kind.PERSON
            and entry.origin == PERSON
            and isinstance(before, records.Patient)
            and before.deceased
        ):
            alive = records.Patient(before.id, before.ref, before.birth, before.sex)
            row = entries.entry(
                alive, patient=patient, by=by, at=at, replaces=entry, document=entry.document, confirmed=True
            )
            row.save(force_insert=True)
            trail.wrote(row, action="entry_corrected", who=by.id, at=at, subject=patient.id, site=site_id)
