"""What else is shown: look-alikes, factors and other uses, never deciding?"""

from __future__ import annotations

from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE, Evidence
from daybreak.clinical.records import Encounter
from daybreak.clinical.screening.risk import Prompt, notes
from tests.clinical.screening.build import chart, condition, patient, refs, view, when

THYROID = Prompt("thyroid", "look_alike", concept="thyroid_disease")
PTSD = Prompt("ptsd", "other_use", concept="ptsd")


@pytest.mark.parametrize(
    ("fields", "there"), [({}, True), ({"clinical": None}, True), ({"clinical": "resolved"}, False)]
)
def test_a_concept_is_noted_unless_it_is_over(fields: dict[str, Any], there: bool) -> None:
    record = condition("thyroid_disease", **fields)
    (noted,) = notes(view(record), [THYROID])
    assert (noted.prompt, noted.on_record, refs(noted.evidence)) == (THYROID, there, [record.ref] if there else [])


def test_nothing_on_record_is_still_asked_about() -> None:
    (noted,) = notes(view(), [THYROID])
    assert (noted.on_record, noted.evidence) == (False, ())


def test_other_uses_are_named_only_where_no_depression_is() -> None:
    record = condition("ptsd")
    assert [n.prompt for n in notes(view(record), [PTSD])] == [PTSD]
    assert notes(view(), [PTSD]) == ()
    assert notes(view(record, condition("major_depression", clinical="resolved")), [PTSD]) == ()
    assert [n.prompt for n in notes(view(record, condition("major_depression")), [THYROID, PTSD])] == [THYROID]


@pytest.mark.parametrize(("sex", "there"), [("female", True), ("male", False), (None, False), (UNREADABLE, False)])
def test_a_factor_of_sex(sex: Any, there: bool) -> None:
    (noted,) = notes(view(patient(sex=sex)), [Prompt("f", "factor", sex="female")])
    assert noted.on_record is there


def test_some_questions_are_always_shown() -> None:
    assert notes(view(), [Prompt("x", "factor")])[0].on_record is True


def test_a_stay_in_a_hospital() -> None:
    prompt = Prompt("stay", "factor", admitted_for=frozenset({"major_depression"}))

    def stay(start: Any, *concepts: str) -> Encounter:
        return Encounter("Encounter/1", "Ward 3", frozenset(concepts), when(start))

    def noted(*stays: Encounter) -> tuple[bool, tuple[Evidence, ...]]:
        (found,) = notes(view(chart(encounters=stays)), [prompt])
        return found.on_record, found.evidence

    assert noted(stay("2025-01-02", "major_depression")) == (True, (Evidence("Encounter/1", "Ward 3", "2025-01-02"),))
    assert noted(stay(UNREADABLE, "major_depression")) == (True, (Evidence("Encounter/1", "Ward 3", None),))
    assert noted(stay("2026-06-16", "major_depression")) == (False, ())
    assert noted(stay("2025-01-02", "bipolar")) == (False, ())
    assert noted() == (False, ())
