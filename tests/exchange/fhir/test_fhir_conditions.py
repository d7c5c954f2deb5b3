"""Are diagnoses, allergies and the person read as they were recorded?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Allergy, Condition, on
from daybreak.exchange.fhir import charts
from daybreak.knowledge.terms import terms
from tests.exchange.fhir.build import ANN, ICD, RXNORM, bundle, chart, coded, resource

IN_ERROR = {"coding": [{"code": "entered-in-error"}]}


def condition(**fields: Any) -> Condition:
    (found,) = chart(resource("Condition", **{"code": coded("F33.2", ICD), **fields})).conditions
    return found


def allergy(**fields: Any) -> Allergy:
    (found,) = chart(resource("AllergyIntolerance", **{"code": coded("6130", RXNORM), **fields})).allergies
    return found


def test_entered_in_error_is_no_fact() -> None:
    wrong = resource("Condition", code=coded("F33.2", ICD), verificationStatus=IN_ERROR)
    too = resource("AllergyIntolerance", code=coded("6130", RXNORM), verificationStatus=IN_ERROR)
    found = chart(wrong, too)
    assert (found.conditions, found.allergies, found.problems) == ((), (), ())


@pytest.mark.parametrize(
    ("status", "read"),
    [
        (None, "confirmed"),
        (coded("provisional"), "provisional"),
        ({"text": "Refuted"}, "refuted"),
        (coded("certain"), UNREADABLE),
        ({}, UNREADABLE),
        (7, UNREADABLE),
    ],
)
def test_verification(status: Any, read: Any) -> None:
    assert condition(verificationStatus=status).verification == read
    if status != coded("provisional"):
        assert allergy(verificationStatus=status).verification == read


def test_a_modifier_leaves_everything_open() -> None:
    modifier = [{"url": "urn:example:not"}]
    assert condition(modifierExtension=modifier).verification is UNREADABLE
    assert allergy(modifierExtension=modifier).verification is UNREADABLE


@pytest.mark.parametrize(
    ("fields", "onset"),
    [
        ({}, None),
        ({"onsetDateTime": "2025-01-05"}, on(date(2025, 1, 5))),
        ({"onsetPeriod": {"start": "2025-01-05", "end": "2025-02-01"}}, on(date(2025, 1, 5))),
        ({"onsetString": "in spring"}, UNREADABLE),
        ({"onsetAge": {"value": 40, "unit": "a"}}, UNREADABLE),
        ({"_onsetDateTime": {"extension": []}}, UNREADABLE),
        ({"onsetDateTime": "2025-02-30"}, UNREADABLE),
        ({"onsetDateTime": "2025-01-05", "onsetString": "in spring"}, UNREADABLE),
    ],
)
def test_onset(fields: dict[str, Any], onset: Any) -> None:
    assert condition(**fields).onset == onset


def test_a_condition_without_a_name_is_known_to_be_there() -> None:
    found = chart(resource("Condition"))
    assert found.conditions[0].concepts is UNREADABLE
    assert [p.place for p in found.problems] == ["f.json#Condition/x"]


def test_nothing_known_is_no_condition_and_only_a_confirmed_one_is_a_review() -> None:
    said = resource("Condition", code=coded("160245001"), recordedDate="2026-01-09", recorder={"display": "Dr Quill"})
    found = chart(said)
    assert (found.conditions, [(c.domain, c.by) for c in found.coverage]) == ((), [("conditions", "Dr Quill")])
    assert chart({**said, "verificationStatus": coded("unconfirmed")}).coverage == ()


def test_the_substance_may_stand_in_a_reaction() -> None:
    assert allergy(code=None, reaction=[{"substance": {"text": "esketamine"}}]).substances == {"esketamine"}
    assert allergy(code=None).substances is UNREADABLE


@pytest.mark.parametrize(
    ("fields", "deceased"),
    [
        ({}, None),
        ({"deceasedBoolean": False}, False),
        ({"deceasedBoolean": True}, True),
        ({"deceasedDateTime": "2020-01-01"}, on(date(2020, 1, 1))),
        ({"deceasedDateTime": "yesterday"}, True),
        ({"deceasedBoolean": False, "deceasedDateTime": "2020-01-01"}, UNREADABLE),
        ({"deceasedBoolean": "no"}, UNREADABLE),
    ],
)
def test_death(fields: dict[str, Any], deceased: Any) -> None:
    (found,) = charts(bundle({**ANN, **fields}), terms=terms(), place="f")
    assert found.patient.deceased == deceased


@pytest.mark.parametrize(("gender", "sex"), [("female", "female"), ("unknown", None), (None, None), ("f", UNREADABLE)])
def test_recorded_sex(gender: Any, sex: Any) -> None:
    (found,) = charts(bundle({**ANN, "gender": gender}), terms=terms(), place="f")
    assert found.patient.sex == sex
