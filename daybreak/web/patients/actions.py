"""What can be done to the entries of a record? (see `register` for who the patient is, `imports` for files)

Each action locks the patient, asks permission, looks at the state, writes and audits, in this order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest
from uuid import UUID, uuid5

from django.db import transaction

from daybreak.clinical.records import DOMAINS, Coverage, Observation
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import payloads, queries, records, weights
from daybreak.web.patients.kinds import KIND_OF, LABELLED, SENSITIVITIES, Kind, Record
from daybreak.web.patients.models import Entry, Patient, Withdrawal
from daybreak.web.patients.register import Stale, may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.tasks import suicide

# The FHIR resource that an entry will be, and the beginning of its reference.
RESOURCE = {
    Kind.PERSON: "Patient",
    Kind.CONDITION: "Condition",
    Kind.EXPOSURE: "MedicationStatement",
    Kind.OBSERVATION: "Observation",
    Kind.ALLERGY: "AllergyIntolerance",
    Kind.KETAMINE: "MedicationAdministration",
    Kind.THERAPY: "Procedure",
    Kind.EPISODE: "EpisodeOfCare",
    Kind.COVERAGE: "List",
    Kind.UNMAPPED: "Basic",
}


@transaction.atomic
def add(
    patient: Patient,
    record: Record,
    *,
    by: Person,
    at: datetime,
    key: UUID,
    weight_is_right: bool = False,
    label: str = "",
) -> Entry:
    """A new entry; its record gets its reference here. A weight that may be in another unit is asked for once more.

    `label` says who may read it; without one that follows from its kind.
    """
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    content = {"patient": patient.id, "record": payloads.written(record), "label": label}
    if earlier := keys.known(key, action="add_entry", content=content):
        return Entry.objects.get(pk=earlier)
    if not weight_is_right:
        _weighed(record, records.current(patient))
    if label and (label not in SENSITIVITIES or KIND_OF[type(record)] not in LABELLED):
        raise Refused("labels.unknown")
    id = ids.new()
    named = replace(record, ref=f"{RESOURCE[KIND_OF[type(record)]]}/{id}")
    row = records.entry(named, id=id, patient=patient, by=by, at=at, sensitivity=label)
    _save(row, "entry_added", by=by, at=at, site_id=site_id)
    suicide.look(patient, [(row, named)], site_id=site_id, by=by, at=at)
    keys.remember(key, action="add_entry", content=content, answer=id, organisation_id=patient.organisation_id, at=at)
    return row


def _weighed(record: Record, others: Iterable[Entry]) -> None:
    if isinstance(record, Observation) and record.kind == weights.WEIGHT:
        weights.check(record, last=weights.last(others))


@transaction.atomic
def told_by_patient(
    patient: Patient,
    said: Sequence[Record],
    *,
    replaces: Sequence[Entry | None] = (),
    site_id: UUID,
    by: Person | None,
    at: datetime,
    label: str = "",
) -> list[Entry]:
    """What the patient said, in the transaction of the form on which they said it; a person confirms it later.

    `by` wrote it down; None: the patient did. Who may and whether it was done before is asked by that form. `replaces`:
    for each of `said` the entry that the patient told earlier and now tells otherwise, or None.
    """
    return _of_form(patient, said, replaces, from_patient=True, site_id=site_id, by=by, at=at, label=label)


@transaction.atomic
def rated(
    patient: Patient, found: Sequence[Record], *, site_id: UUID, by: Person, at: datetime, label: str = ""
) -> list[Entry]:
    """What a clinician rated on a form, in its transaction: they answer for it, and nobody has to confirm it."""
    return _of_form(patient, found, (), from_patient=False, site_id=site_id, by=by, at=at, label=label)


def _of_form(
    patient: Patient,
    said: Sequence[Record],
    replaces: Sequence[Entry | None],
    *,
    from_patient: bool,
    site_id: UUID,
    by: Person | None,
    at: datetime,
    label: str,
) -> list[Entry]:
    patient = locked(Patient, pk=patient.pk)
    rows = []
    for record, before in zip_longest(said, replaces):
        id = ids.new()
        named = replace(record, ref=before.reference if before else f"{RESOURCE[KIND_OF[type(record)]]}/{id}")
        about = {"replaces": before, "from_patient": from_patient, "sensitivity": label}
        row = records.entry(named, id=id, patient=patient, by=by, at=at, **about)
        _save(row, "entry_told" if from_patient else "entry_added", by=by, at=at, site_id=site_id)
        rows.append((row, named))
    suicide.look(patient, rows, site_id=site_id, by=by, at=at)
    return [row for row, _ in rows]


@transaction.atomic
def correct(
    entry: Entry,
    make: Callable[[Record], Record],
    *,
    by: Person,
    at: datetime,
    key: UUID,
    action: str = "corrected",
    weight_is_right: bool = False,
) -> Entry:
    """A new version in place of `entry`, by a person; `make` changes its record. The old version stays. A weight is
    held against the last other one, as when it is added.

    To confirm is to write the same again: from then on a person answers for it.
    """
    patient = locked(Patient, pk=entry.patient_id)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    before = records.record(entry)
    record = make(before)
    content = {"entry": entry.id, "record": payloads.written(record)}
    if earlier := keys.known(key, action="correct_entry", content=content):
        return Entry.objects.get(pk=earlier)
    current_or_refused(entry)
    if not weight_is_right and record != before:
        _weighed(record, [one for one in records.current(patient) if one.id != entry.id])
    row = records.entry(record, patient=patient, by=by, at=at, replaces=entry, document=entry.document, confirmed=True)
    _save(row, f"entry_{action}", by=by, at=at, site_id=site_id)
    if record != before:  # who confirms an answer has not heard it anew
        suicide.look(patient, [(row, record)], site_id=site_id, by=by, at=at)
    keys.remember(
        key, action="correct_entry", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row


@transaction.atomic
def withdraw(entry: Entry, *, reason: str, by: Person, at: datetime, key: UUID) -> Withdrawal:
    """The entry counts no longer; it stays readable, with the reason."""
    patient = locked(Patient, pk=entry.patient_id)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    content = {"entry": entry.id, "reason": reason}
    if earlier := keys.known(key, action="withdraw_entry", content=content):
        return Withdrawal.objects.get(pk=earlier)
    current_or_refused(entry)
    most = Withdrawal._meta.get_field("reason").max_length
    if not reason or len(reason) > most:
        raise Refused("patients.reason_missing", in_field="reason", most=most)
    row = Withdrawal(
        id=ids.new(), organisation_id=patient.organisation_id, created=at, entry=entry, reason=reason, by=by
    )
    row.save(force_insert=True)
    trail.wrote(row, action="entry_withdrawn", who=by.id, at=at, subject=patient.id, site=site_id)
    keys.remember(
        key, action="withdraw_entry", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row


@transaction.atomic
def review(
    patient: Patient,
    domains: Collection[str],
    *,
    confirm: Collection[str] = (),
    on: date,
    seen: int,
    by: Person,
    at: datetime,
    key: UUID,
) -> list[Entry]:
    """These parts of the history were gone through as a whole, by this person on that day, and the medicines to `confirm`
    (ids of entries) are right as they stand. Each becomes a row of its own: the next version of a medicine, a review.

    `seen` is `queries.state` when the page was shown: nobody signs for an entry that they did not see.
    """
    patient = queries.locked_together(patient) if confirm else locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    chosen = [domain for domain in DOMAINS if domain in domains]
    content = {"patient": patient.id, "domains": chosen, "confirm": sorted(confirm), "on": on, "seen": seen}
    if earlier := keys.known(key, action="review", content=content):
        return [Entry.objects.get(pk=earlier)]
    if queries.state(patient) != seen:
        raise Conflict("patients.grew_meanwhile")
    if not chosen and not confirm:
        raise Refused("patients.no_domain")
    if on > zones.day_at(site_id, at):
        raise Refused("patients.in_future", typed=on.isoformat())
    waiting = (
        {str(one.id): one for one in records.current(patient) if records.unconfirmed_medicine(one)} if confirm else {}
    )
    if not waiting.keys() >= set(confirm):
        raise Conflict("patients.grew_meanwhile")
    rows = [
        correct(waiting[id], lambda same: same, by=by, at=at, key=uuid5(key, id), action="confirmed")
        for id in sorted(confirm)
    ]
    for domain in chosen:
        id = ids.new()
        record = Coverage(domain, reviewed_on=on, by=by.display_name, source=f"{RESOURCE[Kind.COVERAGE]}/{id}")
        row = records.entry(record, id=id, patient=patient, by=by, at=at)
        _save(row, "reviewed", by=by, at=at, site_id=site_id)
        rows.append(row)
    keys.remember(
        key, action="review", content=content, answer=rows[0].id, organisation_id=patient.organisation_id, at=at
    )
    return rows


def current_or_refused(entry: Entry) -> None:
    """Refused when the entry was replaced or withdrawn in the meantime; with the version that counts now."""
    following = Entry.objects.filter(replaces=entry).select_related("by").first()
    if following is not None:
        while later := Entry.objects.filter(replaces=following).select_related("by").first():
            following = later
        raise Stale(following)
    withdrawn = Withdrawal.objects.filter(entry=entry).select_related("by").first()
    if withdrawn is not None:
        raise Conflict("patients.withdrawn_meanwhile", name=withdrawn.by.display_name, reason=withdrawn.reason)


def _save(row: Entry, action: str, *, by: Person | None, at: datetime, site_id: UUID) -> None:
    row.save(force_insert=True)
    trail.wrote(row, action=action, who=by and by.id, at=at, subject=row.patient_id, site=site_id)
