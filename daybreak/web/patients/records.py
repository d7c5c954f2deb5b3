"""What does the database know about a patient, in the words of `daybreak.clinical`? (the only translator)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from daybreak.clinical import records
from daybreak.exchange.fhir.dates import read_date
from daybreak.exchange.fhir.writer import records_of
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.patients import kinds, older, payloads, queries
from daybreak.web.patients.kinds import Kind, Record
from daybreak.web.patients.models import IMPORT, PATIENT, PERSON, Details, Document, Entry, Patient
from daybreak.web.people.models import Person


def chart(patient: Patient) -> records.Chart:
    """Everything that counts now: what nothing replaces and nobody withdrew."""
    return chart_of(queries.details(patient), current(patient))


def current(patient: Patient) -> list[Entry]:
    """The entries that count now, by the day they tell of; those without one first."""
    return current_with_state(patient)[0]


def current_with_state(patient: Patient) -> tuple[list[Entry], int]:
    """The same with the number of `queries.state` that belongs to them."""
    versions = queries.read_anew(patient)
    number = len(versions) + sum(hasattr(one, "withdrawal") for one in versions)
    replaced = {one.replaces_id for one in versions}
    counting = [one for one in versions if one.id not in replaced and not hasattr(one, "withdrawal")]
    return sorted(counting, key=lambda one: (one.happened or date.min, one.id)), number


def chart_of(details: Details, entries: Iterable[Entry]) -> records.Chart:
    """The same from rows at hand, in their order. The present episode is the one that was recorded last."""
    entries = list(entries)
    episodes = [one for one in entries if one.kind == Kind.EPISODE]
    newest = max(episodes, key=lambda one: (one.created, one.id), default=None)
    found: dict[Kind, list[Record]] = {kind: [] for kind in Kind}
    for entry in entries:
        found[Kind(entry.kind)].append(record(entry))
    return records.Chart(
        patient=_patient(details, found[Kind.PERSON]),
        conditions=tuple(found[Kind.CONDITION]),
        exposures=tuple(found[Kind.EXPOSURE]),
        observations=tuple(found[Kind.OBSERVATION]),
        allergies=tuple(found[Kind.ALLERGY]),
        ketamine=tuple(found[Kind.KETAMINE]),
        therapies=tuple(found[Kind.THERAPY]),
        episode=newest and record(newest),
        coverage=tuple(found[Kind.COVERAGE]),
        encounters=tuple(found[Kind.ENCOUNTER]),
        unmapped=tuple(found[Kind.UNMAPPED]),
        problems=tuple(found[Kind.PROBLEM]),
    )


def _patient(details: Details, imported: list[Record]) -> records.Patient:
    """Birth and sex are what a person here recorded; that the patient died a file tells, or whoever stopped everything."""
    id = str(details.patient_id)
    deaths = [one.deceased for one in imported if one.deceased is not None]
    died = [one for one in deaths if one is not False]
    birth = read_date(details.birth) if details.birth else None
    return records.Patient(
        id=id,
        ref=f"Patient/{id}",
        birth=birth and birth[0],
        sex=details.sex or None,
        deceased=next(iter(died or deaths), None),
    )


def record(entry: Entry) -> Record:
    """The clinical record of one entry."""
    return payloads.read(Kind(entry.kind), entry.payload, version=entry.payload_version)


def of_chart(chart: records.Chart) -> Iterator[Record]:
    """Every record that stands in a chart, the patient's own first."""
    yield chart.patient
    yield from records_of(chart)


def entry(
    record: Record,
    *,
    patient: Patient,
    by: Person | None,
    at: datetime,
    id: UUID | None = None,
    document: Document | None = None,
    replaces: Entry | None = None,
    confirmed: bool = False,
    from_patient: bool = False,
    sensitivity: str = "",
) -> Entry:
    """The row of a record, not yet stored. With a document it came by import, unless a person `confirmed` it.

    `from_patient`: the patient said it; `by` is then whoever wrote it down, None when it was the patient.

    Without a `sensitivity` it bears the label that its kind has by itself, or that somebody gave to the version before.
    """
    kind = kinds.KIND_OF[type(record)]
    span = kinds.when(record)
    return Entry(
        id=id or ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        kind=kind.value,
        payload=payloads.written(record),
        payload_version=payloads.VERSION,
        happened=span.earliest if isinstance(span, records.When) else None,
        origin=PATIENT if from_patient else IMPORT if document is not None and not confirmed else PERSON,
        document=document,
        reference=kinds.reference(record).replace("\0", ""),  # no database keeps this character in a text
        by=by,
        replaces=replaces,
        sensitivity=sensitivity or _label(record, replaces),
    )


def unconfirmed_medicine(row: Entry) -> bool:
    """An antidepressant that a file named, or whatever medicine the patient did, for which nobody here answers yet."""
    if row.origin == PERSON or row.kind != kinds.Kind.EXPOSURE:
        return False
    ingredients = record(row).ingredients
    return row.origin == PATIENT or (
        isinstance(ingredients, tuple) and any(one in terms().antidepressants for one in ingredients)
    )


def _label(made: Record, replaces: Entry | None) -> str:
    """A label that a person gave stays when the entry is corrected."""
    if replaces is not None and (given := older.label(replaces)) != kinds.sensitivity(record(replaces)):
        return given
    return kinds.sensitivity(made)
