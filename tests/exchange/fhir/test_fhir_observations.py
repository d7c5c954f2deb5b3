"""Are values, units, states and answers read as they were written, and never guessed?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Observation
from tests.exchange.fhir.build import LOINC, chart, coded, resource, said, score


def systolic(**fields: Any) -> dict[str, Any]:
    return resource(
        "Observation", status="final", code=coded("8480-6", LOINC), effectiveDateTime="2026-01-08", **fields
    )


def values(*resources: Any) -> dict[str, Any]:
    return {o.kind: o.value for o in chart(*resources).observations}


@pytest.mark.parametrize(
    ("fields", "value", "problems"),
    [
        ({"valueQuantity": {"value": 140.5, "code": "mm[Hg]"}}, Decimal("140.5"), 0),
        ({"valueQuantity": {"value": 140, "unit": "mmHg"}}, 140, 0),
        ({"valueQuantity": {"value": 140}}, UNREADABLE, 1),
        ({"valueQuantity": {"value": 140, "unit": "furlong"}}, UNREADABLE, 1),
        ({"valueQuantity": {"value": 140, "unit": "mmHg", "comparator": ">"}}, UNREADABLE, 1),
        ({"valueQuantity": {"value": 9000, "unit": "mmHg"}}, UNREADABLE, 1),
        ({"valueQuantity": {"value": 1e400, "unit": "mmHg"}}, UNREADABLE, 1),
        ({"valueQuantity": {"value": True, "unit": "mmHg"}}, UNREADABLE, 1),
        ({"valueInteger": 140}, UNREADABLE, 1),
        ({"valueInteger": 140, "valueString": "140"}, UNREADABLE, 1),
        ({"dataAbsentReason": {"text": "not done"}}, UNREADABLE, 0),
        ({}, None, 0),
    ],
)
def test_a_reading_needs_a_number_and_its_unit(fields: dict[str, Any], value: Any, problems: int) -> None:
    found = chart(systolic(**fields))
    assert (found.observations[0].value, len(found.problems)) == (value, problems)


@pytest.mark.parametrize("status", ["preliminary", "registered", "unknown", None, "done"])
def test_what_is_not_final_exists_but_is_not_known(status: Any) -> None:
    assert values(score(status=status)) == {"phq-9": UNREADABLE}


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_what_was_taken_back_is_no_fact(status: str) -> None:
    assert values(score(status=status)) == {}


@pytest.mark.parametrize(("value", "read"), [(27, 27), (28, UNREADABLE), (-1, UNREADABLE), ("22", UNREADABLE)])
def test_a_score_lies_within_its_scale(value: Any, read: Any) -> None:
    assert values(score(value)) == {"phq-9": read}


def test_the_day_is_the_writers_and_a_period_is_a_span() -> None:
    (late,) = chart(score(effectiveDateTime="2026-01-10T23:30:00-05:00")).observations
    assert (str(late.when), str(late.instant)) == ("2026-01-10", "2026-01-11 04:30:00+00:00")
    period = {"start": "2026-01-01", "end": "2026-01-03"}
    (spread,) = chart(score(effectiveDateTime=None, effectivePeriod=period)).observations
    assert str(spread.when) == "2026-01"
    (odd,) = chart(score(effectiveDateTime="last week")).observations
    assert odd.when is UNREADABLE


def test_an_unknown_word_is_named() -> None:
    asked = resource(
        "Observation", status="final", code=coded("82810-3", LOINC), valueCodeableConcept={"text": "Perhaps"}
    )
    found = chart(asked)
    assert found.observations[0].value is UNREADABLE
    assert "perhaps" in said(found.problems[0])


def test_an_unknown_observation_is_listed() -> None:
    (listed,) = chart(resource("Observation", status="final", code=coded("99999-9", LOINC), valueInteger=1)).unmapped
    assert (listed.code, listed.domain) == ("loinc|99999-9", None)


def test_somebody_elses_value_is_not_the_patients() -> None:
    found = chart(score(focus=[{"reference": "Patient/baby"}]))
    assert (found.observations, len(found.problems)) == ((), 1)


# --- questionnaires

ITEMS = ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")


def form(answers: dict[str, Any], name: str | None = "http://loinc.org/q/44249-1", **fields: Any) -> dict[str, Any]:
    items = [{"linkId": link, "answer": [a] if a is not None else []} for link, a in answers.items()]
    fields = {"status": "completed", "authored": "2026-01-09", **fields}
    return resource("QuestionnaireResponse", questionnaire=name, item=items, **fields)


def ones(**changed: Any) -> dict[str, Any]:
    return {link: {"valueInteger": 1} for link in ITEMS} | {
        link.replace("_", "-")[1:]: v for link, v in changed.items()
    }


def test_a_total_needs_every_item() -> None:
    assert values(form(ones()))["phq-9"] == 9
    assert values(form(ones(_44250_9=None)))["phq-9"] is UNREADABLE
    assert values(form(ones(_44250_9={"valueInteger": 7})))["phq-9"] is UNREADABLE


def test_an_item_that_was_left_out_is_known_to_be_unanswered() -> None:
    answers = ones()
    del answers["44260-8"]
    assert values(form(answers))["phq-9.item-9"] is None


def test_a_short_form_makes_no_long_total() -> None:
    short = {link: {"valueInteger": 3} for link in ITEMS[:2]}
    assert "phq-9" not in values(form(short, name=None))


def test_answers_that_contradict_themselves_are_not_known() -> None:
    ordinal = [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 0}]
    wrong = {"valueCoding": {"code": "LA6571-9", "extension": ordinal}}
    assert values(form(ones(_44260_8=wrong)))["phq-9.item-9"] is UNREADABLE


def test_an_unfinished_form_tells_that_it_was_asked() -> None:
    assert set(values(form(ones(), status="in-progress")).values()) == {UNREADABLE}


def test_a_total_that_is_not_the_sum_is_not_known() -> None:
    assert values(form({**ones(), "44261-6": {"valueInteger": 20}}))["phq-9"] is UNREADABLE


def test_an_unknown_questionnaire_is_listed() -> None:
    (listed,) = chart(form({"q1": {"valueInteger": 1}}, name="http://example.org/own")).unmapped
    assert listed.text == "Questionnaire http://example.org/own"


def test_texts_are_short() -> None:
    observations: tuple[Observation, ...] = chart(
        systolic(valueQuantity={"value": 136.50809403, "unit": "mmHg"})
    ).observations
    assert observations[0].text == "136.5 mmHg"
