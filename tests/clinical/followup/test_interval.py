"""Is it proposed when somebody looks again, never in the past, and is more than weekly in the second month seen?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from daybreak.clinical.followup.interval import Overuse, overuse, review
from daybreak.clinical.followup.response import State
from daybreak.knowledge.steering import look_again, lost_again, overuse_rule

START = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("state", "signal", "ago", "ahead"),
    [
        (State.REMISSION, False, 0, 56),
        (State.REMISSION, True, 0, 7),
        (State.REMISSION, None, 0, 56),
        (State.RESPONSE, False, 10, 18),
        (State.RELAPSE, True, 0, 3),
        (State.UNKNOWN, False, 0, 7),
        (State.NONE, False, 30, 0),
    ],
)
def test_the_sooner_of_state_and_signal_and_never_in_the_past(state, signal, ago, ahead) -> None:
    seen = START - timedelta(days=ago)
    found = review(state, signal=signal, seen=seen, today=START, within=look_again(), lost=lost_again())
    assert (found.on - START).days == ahead
    assert found.lost is (signal is True and state is State.REMISSION)


@pytest.mark.parametrize(
    ("days", "is_"),
    [
        ((), None),
        ((0, 3, 7, 10, 14, 17, 21, 24), None),
        ((0, 28, 35, 42, 49), None),
        ((0, 28, 35, 42, 48, 54), Overuse(5, START + timedelta(days=28), START + timedelta(days=55))),
        ((0, 30, 33, 36, 40, 44), Overuse(5, START + timedelta(days=30), START + timedelta(days=57))),
    ],
)
def test_more_than_weekly_in_the_second_month(days, is_) -> None:
    rule = overuse_rule("ketamine-iv-consensus")
    assert rule is not None
    assert overuse(rule, treated=[START + timedelta(days=one) for one in days]) == is_


def test_a_protocol_of_which_nobody_says_so_has_no_such_rule() -> None:
    assert overuse_rule("esketamine-nasal-us") is None
