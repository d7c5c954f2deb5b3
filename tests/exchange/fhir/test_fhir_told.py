"""What do procedures, unknown codes and "no known medications" say, and what must they not clear?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from daybreak.clinical.records import AsOf, Chart
from daybreak.clinical.screening.history import condition
from daybreak.clinical.screening.view import View
from daybreak.exchange.fhir import charts
from daybreak.knowledge.rules import words
from daybreak.knowledge.terms import terms

SNOMED = "http://snomed.info/sct"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
REVIEW = {
    "resourceType": "List",
    "id": "l",
    "status": "current",
    "mode": "snapshot",
    "code": {"coding": [{"system": "http://loinc.org", "code": "11450-4"}]},
    "date": "2026-01-09",
    "emptyReason": {"coding": [{"code": "nilknown"}]},
}


def read(*resources: dict[str, Any]) -> Chart:
    patient = {"resourceType": "Patient", "id": "p"}
    owned = [{"subject": {"reference": "Patient/p"}, **r} for r in resources]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in (patient, *owned)]}
    return charts(bundle, terms=terms(), place="test")[0]


def no_bleeding(chart: Chart, *, state: str = "ever") -> tuple[bool | None, str]:
    view = View(chart, AsOf(date(2026, 1, 10)), words())
    answer = condition(view, concept="intracerebral_haemorrhage", domains=("conditions",), valid_days=365, state=state)
    return answer.value, answer.reason.id


def problem(system: str | None, code: str, text: str, **fields: Any) -> dict[str, Any]:
    coding = [{"system": system, "code": code}] if system else []
    recorded = {"recordedDate": "2025-01-01", **fields}
    return {"resourceType": "Condition", "id": "c", "code": {"coding": coding, "text": text}, **recorded}


@pytest.mark.parametrize(
    ("record", "answer"),
    [
        (None, (False, "absent.reviewed")),
        (problem(SNOMED, "35486000", "Subdural haemorrhage of old"), (None, "condition.unmapped")),
        (problem(None, "", "Something about the head, 2015"), (None, "condition.unmapped")),
        (problem("urn:local", "9", ""), (None, "condition.unmapped")),
        (problem(SNOMED, "44054006", "Type 2 diabetes"), (False, "absent.reviewed")),
        (problem(ICD, "E11.9", "Type 2 diabetes"), (False, "absent.reviewed")),
        (problem(ICD, "I61.9", "Bleeding"), (True, "condition.ever")),
    ],
)
def test_a_review_does_not_say_what_an_unknown_code_means(record: Any, answer: tuple[bool | None, str]) -> None:
    """The same record with its code taken away never clears, whenever the review was."""
    assert no_bleeding(read(REVIEW, *([record] if record else []))) == answer


def test_an_unknown_finding_that_is_over_does_not_matter_where_only_present_ones_do() -> None:
    status = {"clinicalStatus": {"coding": [{"code": "resolved"}]}, "abatementDateTime": "2025-06-01"}
    chart = read(REVIEW, problem("urn:local", "9", "odd", **status))
    assert no_bleeding(chart) == (None, "condition.unmapped")
    assert no_bleeding(chart, state="active") == (False, "absent.reviewed")


def procedure(text: str, **fields: Any) -> dict[str, Any]:
    return {"resourceType": "Procedure", "id": "x", "status": "completed", "code": {"text": text}, **fields}


def test_a_procedure_on_an_aneurysm_leaves_open_whether_it_is_there() -> None:
    (found,) = read(procedure("Clipping of intracranial aneurysm", performedDateTime="2019-04-01")).conditions
    assert (found.concepts, found.possible) == (frozenset(), {"aneurysmal_vascular_disease"})
    assert read(procedure("aneurysm repair", status="not-done")).conditions == ()


def test_any_other_procedure_is_listed() -> None:
    chart = read(procedure("Colonoscopy"))
    assert [(u.ref, u.text, u.domain) for u in chart.unmapped] == [("Procedure/x", "Colonoscopy", None)]


@pytest.mark.parametrize(("status", "value"), [("completed", "done"), ("in-progress", None), ("unknown", None)])
def test_a_suicide_risk_assessment_is_read_with_its_day(status: str, value: str | None) -> None:
    chart = read(procedure("Suicide risk assessment", status=status, performedDateTime="2026-01-09"))
    (found,) = chart.observations
    assert (found.kind, str(found.when)) == ("suicide_assessment", "2026-01-09")
    assert (found.value == "done") is (value == "done")


def test_no_known_medications_is_a_review_of_medicines() -> None:
    nothing = {
        "resourceType": "MedicationStatement",
        "id": "m",
        "status": "unknown",
        "medicationCodeableConcept": {"coding": [{"system": SNOMED, "code": "787481004"}]},
        "dateAsserted": "2026-01-09",
    }
    chart = read(nothing)
    assert [(c.domain, c.reviewed_on) for c in chart.coverage] == [("medicines", date(2026, 1, 9))]
    assert (chart.exposures, chart.unmapped) == ((), ())
    undated = {**nothing, "dateAsserted": None}
    assert read(undated).coverage == ()
