"""What do a class in words, an intolerance, and a medicine that nobody could read say about the decision?"""

from __future__ import annotations

from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE, Reason, Verdict
from daybreak.clinical.records import Problem
from daybreak.clinical.screening.measures import said
from daybreak.clinical.screening.medicines import bad_response_to_ketamine, hypersensitive
from daybreak.clinical.screening.resistance import trd
from tests.clinical.screening.build import allergy, days_ago, observation, reviewed, view

ALLERGIES: dict[str, Any] = {"substances": ("ketamine", "esketamine"), "domains": ("allergies",), "valid_days": 365}
KETAMINE: dict[str, Any] = {"domains": ("earlier_ketamine",), "valid_days": 365}


def child_pugh(value: Any, day: Any = None) -> Any:
    return observation("child_pugh", value, day)


@pytest.mark.parametrize(
    ("readings", "value", "reason"),
    [
        ([], False, "said.no"),
        ([child_pugh("c")], True, "said.yes"),
        ([child_pugh("b")], False, "said.no"),
        ([child_pugh(UNREADABLE)], None, "measure.unreadable"),
        ([child_pugh("c"), child_pugh(UNREADABLE)], True, "said.yes"),
        ([child_pugh("c", days_ago(9)), child_pugh("b", days_ago(2))], False, "said.no"),
        ([child_pugh("b", days_ago(9)), child_pugh("c", days_ago(2))], True, "said.yes"),
    ],
)
def test_the_newest_answer_speaks(readings: list[Any], value: bool | None, reason: str) -> None:
    answer = said(view(*readings), kind="child_pugh", word="c")
    assert (answer.value, answer.reason.id) == (value, reason)
    assert {e.resource for e in answer.evidence} <= {r.ref for r in readings}
    assert bool(answer.missing) is (value is None)


def test_an_intolerance_is_a_bad_response_and_leaves_the_allergy_open() -> None:
    intolerance = allergy("ketamine", kind="intolerance")
    chart = view(intolerance, *reviewed())
    assert hypersensitive(chart, **ALLERGIES).value is None
    answer = bad_response_to_ketamine(chart, **KETAMINE)
    assert (answer.value, answer.reason.id) == (True, "ketamine.bad")
    assert [e.resource for e in answer.evidence] == [intolerance.ref]


@pytest.mark.parametrize(
    "doubtful",
    [
        allergy("ketamine"),
        allergy("ketamine", kind="allergy"),
        allergy("esketamine", kind="intolerance", verification="presumed"),
        allergy("ketamine", kind="intolerance", clinical="resolved"),
        allergy("ketamine", kind="intolerance", substances=UNREADABLE),
    ],
)
def test_any_other_entry_about_ketamine_leaves_the_earlier_response_open(doubtful: Any) -> None:
    answer = bad_response_to_ketamine(view(doubtful, *reviewed()), **KETAMINE)
    assert (answer.value, answer.reason.id) == (None, "ketamine.response-unknown")
    assert [e.resource for e in answer.evidence] == [doubtful.ref]


def test_an_allergy_to_something_else_says_nothing_about_ketamine() -> None:
    assert (
        bad_response_to_ketamine(view(allergy("lorazepam", kind="intolerance"), *reviewed()), **KETAMINE).value is False
    )


def test_a_medicine_that_nobody_could_read_may_be_the_trial_that_is_missing() -> None:
    broken = (Problem("file.json#MedicationRequest/x", Reason("fhir.untyped")),)
    assert trd(view(), "sforzini-28d").verdict is Verdict.NOT_MET
    assert trd(view(problems=broken), "sforzini-28d").verdict is Verdict.UNKNOWN
    other = (Problem("file.json#Observation/x", Reason("fhir.untyped")),)
    assert trd(view(problems=other), "sforzini-28d").verdict is Verdict.NOT_MET
