"""Is the state at each rating the one that the figures say, and is what nobody knows never better?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.followup.response import GOOD, State, states
from daybreak.clinical.screening.response import Rating
from daybreak.knowledge import scales
from daybreak.knowledge.steering import state_rules

START, WEEK = date(2026, 3, 2), timedelta(days=7)
TOTALS = st.none() | st.integers(0, 27)


def rated(total: int | None, scale: str = "phq-9") -> Rating:
    one = scales.scale(scale)
    return Rating(scale, one.edition, one.recall, "incomplete" if total is None else "complete", total)


def judged(*totals: int | None, first: int | None = 20, scale: str = "phq-9", has_first: bool = True) -> list[State]:
    rules = state_rules(scale)
    assert rules is not None
    later = [(START + WEEK * n, rated(one, scale)) for n, one in enumerate(totals)]
    before = rated(first, scale) if has_first else None
    return [one.state for one in states(rules, first=before, later=later)]


@pytest.mark.parametrize(
    ("totals", "last"),
    [
        ((19,), State.NONE),
        ((15,), State.PARTIAL),
        ((16,), State.NONE),
        ((10,), State.RESPONSE),
        ((11,), State.PARTIAL),
        ((4,), State.REMISSION),
        ((5,), State.RESPONSE),
        ((25,), State.WORSE),
        ((24,), State.NONE),
        ((None,), State.UNKNOWN),
        ((10, 11), State.PARTIAL),  # once is not yet lost for good
        ((10, 11, 12), State.RELAPSE),
        ((10, 25, 26), State.RELAPSE),  # what was there and went comes before what is worse than at first
        ((10, 11, 12, 9), State.RESPONSE),
        ((10, None, 12), State.PARTIAL),  # nobody knows whether it lasts
    ],
)
def test_the_state_of_the_last_rating(totals, last) -> None:
    assert judged(*totals)[-1] is last


def test_where_the_scale_has_figures_of_its_own_they_count() -> None:
    assert judged(36, scale="madrs", first=30)[-1] is State.WORSE
    assert judged(35, scale="madrs", first=30)[-1] is State.NONE
    assert judged(15, 20, 20, scale="madrs", first=30)[-1] is State.PARTIAL, "22 is where it is a relapse there"
    assert judged(15, 22, 22, scale="madrs", first=30)[-1] is State.RELAPSE
    assert judged(12, scale="madrs", first=30)[-1] is State.RESPONSE, "of two cuts both"
    assert judged(10, scale="madrs", first=30)[-1] is State.REMISSION


def test_beyond_chance_is_worse_where_that_is_known() -> None:
    from dataclasses import replace
    from fractions import Fraction

    rules = state_rules("phq-9")
    assert rules is not None
    rules = replace(rules, change=replace(rules.change, reliable=(Fraction(5), Fraction(6))))
    found = states(rules, first=rated(10), later=[(START, rated(15)), (START + WEEK, rated(16))])
    assert [one.state for one in found] == [State.NONE, State.WORSE]


@pytest.mark.parametrize("first", [None, 0])
def test_without_a_total_to_compare_with_nothing_is_known(first) -> None:
    assert judged(3, 20, first=first) == [State.UNKNOWN, State.UNKNOWN]


def test_without_a_rating_before_the_first_treatment_nothing_is_known() -> None:
    assert judged(3, 20, has_first=False) == [State.UNKNOWN, State.UNKNOWN]


@pytest.mark.parametrize("scale", ["who-5", "pcl-5", "cgi-i"])
def test_a_scale_without_the_figures_shows_no_state(scale) -> None:
    assert state_rules(scale) is None


@given(st.lists(TOTALS, min_size=1, max_size=6), st.integers(1, 27), st.data())
def test_a_missing_score_makes_nothing_better(totals, first, data) -> None:
    n = data.draw(st.integers(0, len(totals) - 1))
    known, gone = (
        judged(*totals, first=first),
        judged(*[None if i == n else one for i, one in enumerate(totals)], first=first),
    )
    assert gone[n] is State.UNKNOWN
    for one, other in zip(known[n + 1 :], gone[n + 1 :], strict=True):
        assert other is one or (one is State.RELAPSE and other not in (State.REMISSION, State.RESPONSE))
    assert known[:n] == gone[:n]


@given(st.lists(TOTALS, min_size=1, max_size=6), st.none() | st.integers(0, 27))
def test_nobody_is_better_without_a_total_of_that_day_and_of_before(totals, first) -> None:
    for total, state in zip(totals, judged(*totals, first=first), strict=True):
        assert state not in GOOD or (total is not None and first is not None and total < first)
