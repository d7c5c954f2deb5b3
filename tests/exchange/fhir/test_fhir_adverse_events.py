"""Is harm by ketamine an earlier bad response, and is other harm shown?"""

from __future__ import annotations

from typing import Any

import pytest

from daybreak.clinical.records import Chart
from daybreak.exchange.fhir import charts
from daybreak.knowledge.terms import terms

MEDICATION = {"resourceType": "Medication", "id": "m", "code": {"text": "ketamine 50 mg/ml"}}
GIVEN = {
    "resourceType": "MedicationAdministration",
    "id": "g",
    "status": "completed",
    "subject": {"reference": "Patient/p"},
    "medicationReference": {"reference": "Medication/m"},
}


def read(**fields: Any) -> Chart:
    event = {"resourceType": "AdverseEvent", "id": "a", "subject": {"reference": "Patient/p"}, "actuality": "actual"}
    resources = ({"resourceType": "Patient", "id": "p"}, MEDICATION, GIVEN, {**event, **fields})
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}
    return charts(bundle, terms=terms(), place="test")[0]


@pytest.mark.parametrize(
    "instance",
    [{"reference": "Medication/m"}, {"reference": "MedicationAdministration/g"}, {"display": "Spravato"}],
)
def test_the_suspected_medicine_is_followed(instance: dict[str, str]) -> None:
    chart = read(event={"text": "panic"}, suspectEntity=[{"instance": instance}], date="2025-03-03")
    harmed = [k for k in chart.ketamine if k.response == "bad"]
    assert [(k.ref, k.text.partition(",")[0]) for k in harmed] == [("AdverseEvent/a", "panic")]


def test_the_words_may_name_it() -> None:
    assert [
        k.response for k in read(event={"text": "psychosis after ketamine"}).ketamine if k.ref == "AdverseEvent/a"
    ] == ["bad"]


def test_other_harm_is_listed_and_potential_harm_is_none() -> None:
    chart = read(event={"text": "fall"})
    assert [(u.ref, u.text) for u in chart.unmapped] == [("AdverseEvent/a", "fall")]
    assert not [k for k in chart.ketamine if k.response == "bad"]
    potential = read(event={"text": "ketamine"}, actuality="potential")
    assert not potential.unmapped
    assert not [k for k in potential.ketamine if k.ref == "AdverseEvent/a"]
