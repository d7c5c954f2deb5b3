"""What does the chart of one patient hold, given the records that are theirs?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from daybreak.clinical.records import Chart, Problem
from daybreak.exchange.fhir.adverse_events import read_adverse_event
from daybreak.exchange.fhir.allergies import read_allergy
from daybreak.exchange.fhir.carried import read_carried, read_person
from daybreak.exchange.fhir.conditions import read_condition
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.encounters import read_encounter
from daybreak.exchange.fhir.entries import Entry
from daybreak.exchange.fhir.medicines import read_medicine
from daybreak.exchange.fhir.observations import read_observation
from daybreak.exchange.fhir.patients import absent_patient, read_patient
from daybreak.exchange.fhir.procedures import courses, read_procedure
from daybreak.exchange.fhir.questionnaires import read_questionnaire
from daybreak.exchange.fhir.record import Find, Record
from daybreak.exchange.fhir.reviews import read_list
from daybreak.exchange.fhir.screeners import levels
from daybreak.exchange.fhir.versions import TYPES, other_version
from daybreak.knowledge.terms import Terms

READERS: Mapping[str, Callable[[Record, Draft], None]] = {
    "Condition": read_condition,
    "AllergyIntolerance": read_allergy,
    "MedicationRequest": read_medicine,
    "MedicationStatement": read_medicine,
    "MedicationDispense": read_medicine,
    "MedicationAdministration": read_medicine,
    "Observation": read_observation,
    "QuestionnaireResponse": read_questionnaire,
    "Procedure": read_procedure,
    "Encounter": read_encounter,
    "AdverseEvent": read_adverse_event,
    "List": read_list,
}
ABOUT_A_PATIENT = READERS.keys() | TYPES.keys()  # other types are ordinary and answer no question of ours


def chart_of(
    patient: Entry | None,
    reference: str,
    records: Iterable[Entry],
    *,
    terms: Terms,
    find: Find,
    problems: list[Problem],
) -> Chart:
    """One chart. Without the patient's own record only the id in the `reference` of the others is known."""
    if patient is None:
        draft = Draft(absent_patient(reference))
    else:
        noted: list[Problem] = []
        own = Record(patient, terms, find, noted)
        draft = Draft(read_person(own, read_patient(own)), problems=noted)
    draft.problems += problems
    for entry in sorted(records, key=lambda one: one.kind != "List"):  # a review says what was there to be read
        record = Record(entry, terms, find, draft.problems)
        version = other_version(entry.kind, entry.resource)
        if version is not None:
            record.trouble("fhir.version", version=version)
        elif not read_carried(record, READERS[entry.kind], draft):
            READERS[entry.kind](record, draft)
    draft.therapies = courses(draft.therapies)
    draft.observations += levels(draft.observations)
    return draft.chart()
