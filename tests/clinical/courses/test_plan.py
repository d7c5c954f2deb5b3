"""Are visits planned on the days that the schedule says, never two on one day, never on a closed one?"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.courses.plan import Phase, Slip, Step, interval, slips, steps, too_near
from daybreak.knowledge.protocols import protocol_ids
from daybreak.knowledge.schedules import minutes, phases, schedule

MONDAY = date(2026, 11, 30)
TWICE = Phase("induction", weeks=4, days=(0, 3))
ONCE = Phase("optimisation", weeks=4, days=(0,))


def test_twice_a_week_then_once() -> None:
    plan = steps((TWICE, ONCE), start=MONDAY)
    assert [one.phase for one in plan] == ["induction"] * 8 + ["optimisation"] * 4
    assert [(one.day - MONDAY).days for one in plan] == [0, 3, 7, 10, 14, 17, 21, 24, 28, 35, 42, 49]
    assert [one.n for one in plan] == list(range(1, 13))


def test_every_second_week() -> None:
    plan = steps((Phase("maintenance", weeks=6, days=(0,), every=2),), start=MONDAY)
    assert [(one.day - MONDAY).days for one in plan] == [0, 14, 28]


def test_a_closed_day_moves_a_visit_on() -> None:
    friday = date(2026, 12, 4)
    plan = steps((Phase("induction", weeks=1, days=(0, 1)),), start=friday, closed=(5, 6))
    assert [one.day for one in plan] == [friday, date(2026, 12, 7)]
    with pytest.raises(ValueError, match="every day"):
        steps((TWICE,), start=friday, closed=range(7))


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)),
    st.sets(st.integers(0, 6), max_size=6),
    st.lists(
        st.builds(
            Phase,
            name=st.just("p"),
            weeks=st.integers(1, 6),
            days=st.sets(st.integers(0, 6), min_size=1).map(tuple),
            every=st.integers(1, 3),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_every_plan_goes_forward_on_open_days(start, closed, made) -> None:
    plan = steps(made, start=start, closed=closed)
    days = [one.day for one in plan]
    assert days == sorted(set(days))
    assert days[0] >= start
    assert not {one.weekday() for one in days} & closed
    assert len(plan) == sum(len(one.days) * -(-one.weeks // one.every) for one in made)


def test_slips_are_what_lies_outside_the_window_each_by_its_own_step() -> None:
    plan = steps((TWICE,), start=MONDAY)
    done = {1: MONDAY, 2: MONDAY + timedelta(days=6)}
    assert slips(plan, done, today=done[2], window=1) == (Slip(plan[1], done[2], 3),)
    overdue = slips(plan, done, today=MONDAY + timedelta(days=12), window=1)
    assert overdue[-1] == Slip(plan[2], None, 5)
    on_their_days = {1: MONDAY, 3: MONDAY + timedelta(days=7), 4: MONDAY + timedelta(days=10)}
    assert slips(plan, on_their_days, today=MONDAY + timedelta(days=11), window=1) == (
        Slip(plan[1], None, 8, left_out=True),
    )
    assert slips(plan[:2], done, today=MONDAY + timedelta(days=90), window=3) == ()
    assert slips((), {}, today=MONDAY, window=1) == ()


def test_the_interval_of_a_phase_is_the_least_within_it_and_around_the_week() -> None:
    assert [interval(one) for one in (TWICE, ONCE, Phase("m", weeks=6, days=(0,), every=2))] == [3, 7, 14]
    assert interval(Phase("s", weeks=2, days=(5, 0))) == 2
    for protocol in protocol_ids():
        plan = steps(phases(protocol), start=MONDAY)
        by_name = {one.name: interval(one) for one in phases(protocol)}
        for one, following in pairwise(plan):
            least = min(by_name[one.phase], by_name[following.phase])
            assert not too_near((following.day - one.day).days, least=least, planned=None, window=0)


@pytest.mark.parametrize(
    ("days", "least", "planned", "near"),
    [(0, None, None, True), (0, 3, 0, True), (1, None, None, False), (1, 3, None, True), (1, 3, 3, True),
     (1, 3, 1, False), (2, 3, None, False), (3, 3, None, False)],
)  # fmt: skip
def test_nearer_than_the_plan_is_too_near_but_for_the_window_and_the_plan_itself(days, least, planned, near) -> None:
    assert too_near(days, least=least, planned=planned, window=1) is near


@pytest.mark.parametrize("protocol", protocol_ids())
def test_every_protocol_has_a_schedule_with_a_source_for_each_phase(protocol) -> None:
    assert all(one["source"]["id"] for one in schedule(protocol)["phases"])
    assert isinstance(steps(phases(protocol), start=MONDAY)[0], Step)
    assert minutes(protocol) > 60


def test_a_protocol_that_there_is_not_has_none() -> None:
    with pytest.raises(LookupError, match="nothing"):
        schedule("nothing")
