"""Whom does somebody call in a crisis?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from daybreak.knowledge.check import problems_of
from daybreak.knowledge.crisis import lines
from daybreak.knowledge.store import load
from daybreak.knowledge.suicide import calling
from tests.knowledge.conftest import Edit

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("country", "numbers"),
    [("US", ["988", "911"]), ("us", ["988", "911"]), ("CN", ["12356", "120", "110"]), ("FR", [])],
)
def test_the_numbers_of_a_country_and_none_that_is_guessed(country, numbers) -> None:
    assert [line["number"] for line in lines(country, on=TODAY)] == numbers


def test_a_number_is_shown_from_the_day_on_which_it_worked() -> None:
    assert [line["number"] for line in lines("CN", on=date(2025, 4, 30))] == ["120", "110"]
    (line, _) = lines("US", on=date(2023, 9, 7))
    assert "us-988-sign" not in [way["id"] for way in line["ways"]]


def test_spanish_veterans_and_the_deaf_have_their_way() -> None:
    (line, _) = lines("US", on=TODAY)
    assert {way["id"] for way in line["ways"]} >= {"us-988-spanish", "us-988-veterans", "us-988-sign", "us-988-text"}


def test_somebody_to_talk_to_comes_first_and_help_that_comes_is_never_missing() -> None:
    for file in load("crisis").values():
        kinds = [line["kind"] for line in file["lines"]]
        assert kinds[0] == "listens"
        assert "comes" in kinds


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('number: "988"', 'number: "9-8-8"', "lines.0.number"),
        ("standing: secondary", "standing: certain", "lines.0.standing"),
        ('text: "988"', 'text: "988"\n        call: "988"', "expected exactly one of call, text, web"),
        ("country: US", "country: UK", "crisis/us.yaml: its country is 'UK'; name the file uk.yaml"),
        ("id: us-911", "id: us-988", "crisis: the id 'us-988' stands 2 times"),
        ("id: crisis-911", "id: hearsay", "the source 'hearsay' does not stand in sources/"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(folder: Path, edit: Edit, old: str, new: str, problem: str) -> None:
    edit("crisis/us.yaml", old, new)
    assert any(problem in one for one in problems_of(folder))


def test_every_answer_that_calls_for_somebody_counts_for_the_decision() -> None:
    (criterion,) = [one for one in load("criteria")["criteria"]["criteria"] if one["id"] == "suicide_risk_assessed"]
    told = criterion["rule"]["with"]
    assert {told["item"], told["risk"], *told["others"], *told["mild"]} == set(calling().clear)
    low = {
        f"c-ssrs-screen.{q['name']}"
        for q in load("scales")["c-ssrs-screen"]["method"]["questions"]
        if q["level"] == "low"
    }
    assert set(told["mild"]) == low
