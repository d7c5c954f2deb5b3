"""Are doses, times, states and reasons of a medicine read as they were written, and never guessed?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Exposure, on
from tests.exchange.fhir.build import DAILY, RXNORM, chart, coded, dosage, resource, said, sertraline


def only(*resources: Any) -> Exposure:
    (found,) = chart(*resources).exposures
    return found


def every(frequency: Any, period: Any, unit: str, **more: Any) -> dict[str, Any]:
    return {"repeat": {"frequency": frequency, "period": period, "periodUnit": unit, **more}}


def between(low: int, high: int) -> dict[str, Any]:
    span = {"low": {"value": low, "unit": "mg"}, "high": {"value": high, "unit": "mg"}}
    return {"timing": DAILY, "doseAndRate": [{"doseRange": span}]}


@pytest.mark.parametrize(
    ("dosages", "expected"),
    [
        (None, None),
        ([{}], None),
        ([dosage(50)], 50),
        ([dosage(50, every(2, 1, "d"))], 100),
        ([dosage(50, every(1, 8, "h"))], 150),
        ([dosage(70, every(1, 1, "wk"))], 10),
        ([dosage(50, {"code": {"coding": [{"code": "BID"}]}})], 100),
        ([dosage(50, {"code": {"text": "three times a day"}})], 150),
        ([dosage(50, {"repeat": {"timeOfDay": ["08:00:00", "20:00:00"]}})], 100),
        ([dosage({"value": 0.1, "unit": "g"})], 100),
        ([dosage({"value": 50000, "code": "ug"})], 50),
        ([dosage(50), dosage(25)], 75),
        ([dosage(50, sequence=1), dosage(100, sequence=2)], UNREADABLE),
        ([dosage(50, sequence=1), dosage(50, sequence=2)], 50),
        ([dosage(50), {"text": "take with food"}], UNREADABLE),
        ([dosage(50, asNeededBoolean=True)], UNREADABLE),
        ([dosage(50, every(1, 1, "d", frequencyMax=2))], UNREADABLE),
        ([dosage(50, None)], UNREADABLE),
        ([dosage({"value": 50})], UNREADABLE),
        ([dosage({"value": 50, "unit": "mL"})], UNREADABLE),
        ([dosage({"value": 50, "unit": "mg", "comparator": "<"})], UNREADABLE),
        ([{"text": "50 mg daily"}], UNREADABLE),
        ([between(50, 100)], UNREADABLE),
        ([between(50, 50)], 50),
    ],
)  # fmt: skip
def test_milligrams_a_day(dosages: Any, expected: Any) -> None:
    assert only(sertraline(dosageInstruction=dosages)).dose == expected


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [
        ("sertraline 100 MG Oral Tablet", "tablet", 200),
        ("sertraline 100 MG Oral Tablet", "{tablet}", 200),
        ("sertraline 20 MG/ML Oral Solution", "tablet", UNREADABLE),
        ("sertraline", "tablet", UNREADABLE),
        ("sertraline 100 MG Oral Tablet", "", UNREADABLE),
    ],
)
def test_a_number_of_pieces_needs_their_strength(name: str, unit: str, expected: Any) -> None:
    medicine = coded("36437", RXNORM, name)
    request = sertraline(dosageInstruction=[dosage({"value": 2, "unit": unit})])
    assert only({**request, "medicationCodeableConcept": medicine}).dose == expected


def test_a_patch() -> None:
    patch = {"coding": [{"system": RXNORM, "code": "9639"}], "text": "selegiline 9 MG/24HR Transdermal Patch"}
    pieces = sertraline(dosageInstruction=[dosage({"value": 1, "unit": "patch"})])
    rate = sertraline(dosageInstruction=[{"doseAndRate": [{"rateQuantity": {"value": 9, "unit": "mg/24 h"}}]}])
    for request in (pieces, rate):
        assert only({**request, "medicationCodeableConcept": patch}).dose == 9


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": "active"}, "active"),
        ({"status": "on-hold"}, "held"),
        ({"status": "completed"}, "ended"),
        ({"status": "stopped"}, "ended"),
        ({"status": "draft"}, "planned"),
        ({"status": "active", "intent": "proposal"}, "planned"),
        ({"status": "unknown"}, UNREADABLE),
        ({"status": "Active!"}, UNREADABLE),
        ({"status": None}, None),
        ({"status": "active", "modifierExtension": [{"url": "urn:x"}]}, UNREADABLE),
    ],
)
def test_states_of_a_request(fields: dict[str, Any], status: Any) -> None:
    assert only(sertraline(**fields)).status == status


@pytest.mark.parametrize("fields", [{"status": "cancelled"}, {"status": "entered-in-error"}, {"doNotPerform": True}])
def test_what_was_never_taken_is_no_fact(fields: dict[str, Any]) -> None:
    found = chart(sertraline(**fields))
    assert (found.exposures, found.problems) == ((), ())


def test_a_statement_not_taken_is_no_fact() -> None:
    statement = resource("MedicationStatement", status="not-taken", medicationCodeableConcept={"text": "sertraline"})
    assert chart(statement).exposures == ()


def test_a_finished_dispense_without_supply_may_still_be_taken() -> None:
    dispense = resource(
        "MedicationDispense",
        status="completed",
        medicationCodeableConcept={"text": "phenelzine"},
        whenHandedOver="2026-01-02",
    )
    found = only(dispense)
    assert (found.start, found.end, found.status) == (on(date(2026, 1, 2)), None, None)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (None, None),
        ({"text": "No response after six weeks"}, "no effect"),
        ({"text": "Side effects"}, "intolerance"),
        ({"text": "zxcv"}, UNREADABLE),
        ([{"text": "no effect"}, {"text": "side effects"}], UNREADABLE),
        ([{"text": "no effect"}, {"text": "cost"}], "no effect"),
    ],
)
def test_stop_reasons(reason: Any, expected: Any) -> None:
    assert only(sertraline(status="stopped", statusReason=reason)).stop == expected


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (None, None),
        ([{"text": "Neuropathic pain"}], "other"),
        ([{"text": "Neuropathic pain"}, {"text": "depression"}], "depression"),
        ([{"text": "zxcv"}], UNREADABLE),
        ("pain", UNREADABLE),
    ],
)
def test_indications(reasons: Any, expected: Any) -> None:
    assert only(sertraline(reasonCode=reasons)).indication == expected


def test_a_medicine_that_is_not_there_cannot_be_told() -> None:
    request = sertraline(medicationReference={"reference": "Medication/lost"})
    del request["medicationCodeableConcept"]
    found = chart(request)
    assert found.exposures[0].ingredients is UNREADABLE
    assert "Medication/lost" in said(found.problems[0])


def test_an_unknown_medicine_is_listed_once_with_its_count_and_latest_date() -> None:
    odd = [
        resource(
            "MedicationStatement", str(i), status="active", medicationCodeableConcept={"text": "zxcv"}, dateAsserted=day
        )
        for i, day in enumerate(("2025-01-01", "2025-03-01"))
    ]
    (listed,) = chart(*odd).unmapped
    assert (listed.ref, listed.count, listed.recorded) == ("MedicationStatement/0", 2, on(date(2025, 3, 1)))


def test_planned_ketamine_was_not_given_and_a_bad_time_is_kept() -> None:
    given = resource(
        "MedicationStatement",
        status="stopped",
        medicationCodeableConcept={"text": "Spravato"},
        statusReason=[{"text": "side effects"}],
    )
    planned = resource(
        "MedicationRequest", "y", status="draft", intent="plan", medicationCodeableConcept={"text": "Spravato"}
    )
    found = chart(given, planned)
    assert [(k.drug, k.response) for k in found.ketamine] == [("esketamine", "bad")]
    assert found.exposures == ()


def test_administrations_are_doses_of_their_day() -> None:
    given = resource(
        "MedicationAdministration", status="completed", medicationCodeableConcept={"text": "sertraline"},
        effectiveDateTime="2025-02-03T08:00:00Z", dosage={"dose": {"value": 50, "unit": "mg"}},
    )  # fmt: skip
    found = only(given)
    assert (found.dose, found.start, found.end) == (Decimal(50), on(date(2025, 2, 3)), on(date(2025, 2, 3)))
