"""Are stays in a hospital read with their reasons, and is a listed record known to have been there?"""

from __future__ import annotations

from datetime import date
from typing import Any

from daybreak.clinical.records import AsOf, Chart, on
from daybreak.clinical.screening.risk import notes
from daybreak.clinical.screening.view import View
from daybreak.exchange.fhir import charts
from daybreak.knowledge.prompts import prompts
from daybreak.knowledge.rules import words
from daybreak.knowledge.terms import terms

ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def read(*resources: dict[str, Any]) -> Chart:
    patient = {"resourceType": "Patient", "id": "p"}
    owned = [{"subject": {"reference": "Patient/p"}, **r} for r in resources]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in (patient, *owned)]}
    return charts(bundle, terms=terms(), place="test")[0]


def stay(id_: str, **fields: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": id_,
        "status": "finished",
        "class": {"code": "IMP"},
        "period": {"start": "2024-03-01", "end": "2024-03-20"},
        "reasonCode": [{"coding": [{"system": ICD, "code": "F33.2"}], "text": "severe depression"}],
        **fields,
    }


def test_a_stay_is_read_with_its_reason_and_dates() -> None:
    (found,) = read(stay("e")).encounters
    assert (found.ref, found.text, found.start, found.end) == (
        "Encounter/e",
        "severe depression",
        on(date(2024, 3, 1)),
        on(date(2024, 3, 20)),
    )
    assert "major_depression" in found.concepts


def test_visits_and_stays_that_did_not_take_place_are_none() -> None:
    assert (
        read(stay("a", **{"class": {"code": "AMB"}}), stay("b", status="cancelled"), stay("c", status=None)).encounters
        == ()
    )


def test_the_reason_may_be_a_record() -> None:
    condition = {"resourceType": "Condition", "id": "c", "code": {"coding": [{"system": ICD, "code": "F20.0"}]}}
    chart = read(condition, stay("e", reasonCode=[], reasonReference=[{"reference": "Condition/c"}]))
    assert "psychosis" in chart.encounters[0].concepts


def admission(chart: Chart, day: date) -> bool:
    noted = notes(View(chart, AsOf(day), words()), prompts())
    return next(n.on_record for n in noted if n.prompt.id == "admission")


def test_a_psychiatric_stay_is_a_prompt_from_its_first_day() -> None:
    chart = read(stay("e"))
    assert admission(chart, date(2024, 3, 1))
    assert not admission(chart, date(2024, 2, 29))
    assert not admission(read(stay("e", reasonCode=[{"text": "appendicitis"}])), date(2025, 1, 1))


def test_an_unknown_code_that_a_review_lists_was_there_on_that_day() -> None:
    odd = {
        "resourceType": "Condition",
        "id": "odd",
        "code": {"coding": [{"system": "urn:x", "code": "1"}], "text": "odd"},
    }
    review = {
        "resourceType": "List",
        "id": "l",
        "status": "current",
        "mode": "snapshot",
        "code": {"coding": [{"system": "http://loinc.org", "code": "11450-4"}]},
        "date": "2026-01-09",
        "entry": [{"item": {"reference": "Condition/odd"}}],
    }
    assert read(odd).unmapped[0].recorded is None
    assert read(odd, review).unmapped[0].recorded == on(date(2026, 1, 9))
