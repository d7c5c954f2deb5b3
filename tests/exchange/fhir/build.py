"""What does a small FHIR record look like? Required parts are filled in; a test writes only what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from daybreak.clinical.records import Chart, Problem
from daybreak.exchange.fhir import charts
from daybreak.knowledge.sentences import LANGUAGES, language
from daybreak.knowledge.terms import terms


def said(problem: Problem, name: str = "en") -> str:
    """How the problem reads."""
    return language(name).say(problem.reason)


UCUM_MG = {"unit": "mg", "code": "mg"}
ICD, RXNORM, LOINC = (
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://loinc.org",
)
SNOMED = "http://snomed.info/sct"
DAILY = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}


def coded(code: str, system: str = SNOMED, text: str | None = None) -> dict[str, Any]:
    concept: dict[str, Any] = {"coding": [{"system": system, "code": code}]}
    return concept if text is None else {**concept, "text": text}


def resource(kind: str, id_: str | None = "x", **fields: Any) -> dict[str, Any]:
    """A resource about the patient `ann`. A field that is None is left out."""
    subject = "patient" if kind == "AllergyIntolerance" else "subject"
    made = {"resourceType": kind, "id": id_, subject: {"reference": "Patient/ann"}, **fields}
    return {key: value for key, value in made.items() if value is not None}


ANN = {"resourceType": "Patient", "id": "ann", "gender": "female", "birthDate": "1979-05-14"}


def bundle(*resources: Any, **fields: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources], **fields}


def chart(*resources: Any) -> Chart:
    """The chart of `ann` with these records."""
    (found,) = charts(bundle(ANN, *resources), terms=terms(), place="f.json")
    return found


def sertraline(**fields: Any) -> dict[str, Any]:
    fields = {"status": "active", "intent": "order", "authoredOn": "2025-02-01", **fields}
    return resource("MedicationRequest", medicationCodeableConcept=coded("36437", RXNORM, "sertraline"), **fields)


def dosage(value: Any = 50, timing: Any = DAILY, **fields: Any) -> dict[str, Any]:
    quantity = {"value": value, **UCUM_MG} if not isinstance(value, dict) else value
    return {"timing": timing, "doseAndRate": [{"doseQuantity": quantity}], **fields}


def score(value: Any = 22, **fields: Any) -> dict[str, Any]:
    fields = {"status": "final", "effectiveDateTime": "2026-01-08", "valueInteger": value, **fields}
    return resource("Observation", code=coded("44261-6", LOINC, "PHQ-9 total score"), **fields)


def sayable(problems: Iterable[Problem]) -> None:
    """Each has a sentence in every language; one without its values is a bug and raises."""
    for problem in problems:
        for name in LANGUAGES:
            assert not re.search(r"Reason\(|Term\(|UNREADABLE", said(problem, name))
