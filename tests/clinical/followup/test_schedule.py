"""Is every check-in due once, at its distance from the treatments as they really were, and none while one is open?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.followup.schedule import AFTERWARDS, Due, Occasion, Treatment, due
from daybreak.knowledge.checkins import occasions

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EARLY = frozenset({"induction"})
WEEKLY = Occasion("weekly", "score", EARLY, 3 * DAY, every=7 * DAY, stops=56 * DAY, spares=4 * DAY)
EARLIER = Occasion("earlier", "score", EARLY, 2 * DAY, every=7 * DAY, stops=56 * DAY, lead=DAY)
NEXT_DAY = Occasion("day", "how", EARLY, DAY, after=DAY)
SHORTLY = Occasion("before", "ready", EARLY, DAY, before=2 * DAY)


def treated(*days: float, phase: str = "induction") -> list[Treatment]:
    return [Treatment(f"t{day}", START + day * DAY, phase) for day in days]


def found(*occasions: Occasion, done=(), planned=(), ended=None, answered=None, asked=(), until=60) -> list[Due]:
    told = {"done": list(done), "planned": list(planned), "ended": ended and START + ended * DAY}
    said = {form: [START + day * DAY for day in days] for form, days in (answered or {}).items()}
    return list(due(occasions, **told, answered=said, asked=asked, until=START + until * DAY))


def days(dues: list[Due]) -> list[float]:
    return [(one.opens - START) / DAY for one in dues]


def test_after_each_treatment_unless_a_newer_one_was_before_that() -> None:
    assert days(found(NEXT_DAY, done=treated(0, 3, 3.5))) == [1, 4.5]
    assert found(NEXT_DAY, done=treated(0, phase="maintenance")) == []
    (one,) = found(NEXT_DAY, done=treated(0), until=2)
    assert (one.key, one.closes - one.opens) == ("t0", DAY)
    assert found(NEXT_DAY, done=treated(0), until=0.9) == []


def test_before_a_planned_treatment_and_moved_with_it() -> None:
    (one,) = found(SHORTLY, planned=treated(7))
    assert days([one]) == [5]
    (moved,) = found(SHORTLY, planned=[Treatment("t7", START + 9 * DAY, "induction")])
    assert days([moved]) == [7]
    assert moved.key != one.key
    assert found(SHORTLY, planned=treated(7, phase="maintenance")) == []


def test_who_was_asked_for_the_old_time_is_not_asked_again_while_that_is_open() -> None:
    asked = found(SHORTLY, planned=treated(7))
    moved = [Treatment("t7", START + 7 * DAY + HOUR, "induction")]
    assert found(SHORTLY, planned=moved, asked=asked) == []
    assert found(SHORTLY, planned=treated(7), asked=asked) == asked, "what was asked stays what is due"


def test_twice_a_week_is_asked_once_a_week() -> None:
    assert days(found(WEEKLY, done=treated(0, 3, 7, 10, 14), until=22)) == [7, 14, 21]


def test_a_treatment_that_slipped_moves_what_is_not_yet_due() -> None:
    assert days(found(WEEKLY, done=treated(0), until=22)) == [7, 14, 21]
    assert days(found(WEEKLY, done=treated(0, 9), until=22)) == [7, 16]
    assert days(found(WEEKLY, done=treated(0, 5), until=22)) == [7, 12, 19]


def test_it_comes_a_day_before_a_weekly_treatment() -> None:
    assert days(found(EARLIER, done=treated(0, 7, 14), until=20)) == [6, 13, 20]
    assert days(found(EARLIER, done=treated(0), until=5.9)) == []


def test_it_ends_with_its_phase_and_some_time_after_the_last_treatment() -> None:
    later = Treatment("m", START + 15 * DAY, "maintenance")
    assert days(found(WEEKLY, done=[*treated(0, 7), later])) == [7, 14]
    assert days(found(WEEKLY, done=treated(0), ended=10)) == [7]
    assert days(found(WEEKLY, done=treated(0), until=100))[-1] == 56
    assert found(WEEKLY, done=[later]) == []


def test_after_the_end_it_goes_on_for_some_weeks() -> None:
    on = Occasion("on", "score", frozenset({AFTERWARDS}), 3 * DAY, every=7 * DAY, stops=28 * DAY)
    assert days(found(on, done=treated(0, 7), ended=10)) == [17, 24, 31, 38]
    assert found(on, done=treated(0, 7)) == []


def test_what_was_answered_lately_is_not_asked_and_what_is_asked_later_makes_no_difference() -> None:
    assert days(found(WEEKLY, done=treated(0), answered={"score": [5]}, until=15)) == [14]
    assert days(found(WEEKLY, done=treated(0), answered={"score": [8], "other": [6]}, until=8)) == [7]


def test_two_occasions_of_one_form_are_one() -> None:
    also = Occasion("also", "score", EARLY, DAY, before=DAY)
    assert [one.occasion for one in found(WEEKLY, also, done=treated(0), planned=treated(9), until=9)] == ["weekly"]
    assert [one.occasion for one in found(WEEKLY, also, done=treated(0), planned=treated(6), until=9)] == [
        "also",
        "weekly",
    ]


@given(gaps=st.lists(st.integers(8, 24 * 20), min_size=1, max_size=12), steps=st.integers(1, 40))
def test_each_moment_has_its_name_once_and_is_known_when_it_comes(gaps: list[int], steps: int) -> None:
    at, done = START, []
    for n, gap in enumerate(gaps):
        at += gap * HOUR
        done.append(Treatment(f"t{n}", at, "induction"))
    every = [WEEKLY, NEXT_DAY, replace(EARLIER, form="other")]
    whole = found(*every, done=done, until=120)
    assert len({(one.occasion, one.key) for one in whole}) == len(whole)
    now = START + steps * 3 * DAY
    then = found(*every, done=[one for one in done if one.at <= now], until=steps * 3)
    assert then == [one for one in whole if one.opens <= now], "a later treatment changes nothing that was due"


@pytest.mark.parametrize("one", occasions(), ids=lambda one: one.id)
def test_what_ships_is_over_before_it_comes_again(one: Occasion) -> None:
    assert one.every is None or one.lasts < one.every
    assert one.before is None or one.lasts <= one.before


def test_what_ships_asks_a_month_of_treatments_once_a_week_for_a_score() -> None:
    month = treated(0, 3, 7, 10, 14, 17, 21, 24)
    score = "assessment:phq-9"
    planned, told = treated(28, phase="optimisation"), {"ended": None, "answered": {}, "asked": ()}
    dues = due(occasions(), done=month, planned=planned, until=START + 28 * DAY, **told)
    assert days([one for one in dues if one.form == score]) == [6, 13, 20, 27]
    assert days([one for one in dues if one.occasion == "after-72h"])[-1] == 27
