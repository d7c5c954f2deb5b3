"""Is a judgement due when the rule says, answered by one of its time, and due again?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.followup.reviews import Rule, due
from daybreak.knowledge.protocols import protocol_ids
from daybreak.knowledge.steering import judgements

START = date(2026, 3, 2)
US = judgements("esketamine-nasal-us")
IV = judgements("ketamine-iv-consensus")


def after(days: int) -> date:
    return START + timedelta(days=days)


def asked(rules, *, today: int, treated=(0,), judged: int | None = None) -> list[tuple[str, int]]:
    last = None if judged is None else after(judged)
    found = due(rules, treated=[after(one) for one in treated], judged=last, today=after(today))
    return [(one.rule.id, (one.on - START).days) for one in found]


@pytest.mark.parametrize(
    ("today", "judged", "is_"),
    [
        (20, None, []),
        (21, None, [("week-four", 28)]),
        (28, None, [("week-four", 28)]),
        (90, None, [("week-four", 28)]),
        (28, 20, [("week-four", 28)]),  # too early: four weeks were not over
        (28, 21, []),
        (111, 21, []),
        (112, 21, [("week-four", 119)]),
        (131, 40, [("week-four", 131)]),
        (300, 115, [("week-four", 206)]),
    ],
)
def test_at_the_end_of_week_four_and_from_time_to_time(today, judged, is_) -> None:
    assert asked(US, today=today, judged=judged) == is_


def test_nobody_who_was_not_treated_is_judged() -> None:
    assert asked(US, today=90, treated=()) == []


def test_after_the_third_and_the_fourth_infusion_and_neither_holds_a_dose_up() -> None:
    assert asked(IV, today=7, treated=(0, 3)) == []
    assert asked(IV, today=7, treated=(0, 3, 7)) == [("infusion-three", 7)]
    assert asked(IV, today=10, treated=(0, 3, 7, 10), judged=7) == [("infusion-four", 10)]
    assert asked(IV, today=10, treated=(0, 3, 7, 10), judged=10) == []
    assert not any(one.gates for one in IV)


def test_every_protocol_says_when_its_treatment_is_judged() -> None:
    assert all(judgements(one) for one in protocol_ids())


@given(st.none() | st.integers(0, 400), st.integers(0, 500))
def test_whoever_judges_now_is_not_asked_now(judged, today) -> None:
    rule = Rule("often", True, timedelta(days=2), timedelta(days=28), None, timedelta(days=7))
    before = asked([rule], today=today, judged=judged)
    assert len(before) <= 1
    assert asked([rule], today=today, judged=today if today >= 26 else judged) in ([], before if today < 26 else [])
