"""Is a lost response a signal by the patient's own mean and range, and is silence never "no signal"?"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.followup.control import Control, control
from daybreak.knowledge.steering import control_rule

START, WEEK = date(2026, 3, 2), timedelta(days=7)


def judged(*totals: int | None, days: int = 0) -> Control:
    scores = [(START + WEEK * n, one) for n, one in enumerate(totals)]
    today = START + WEEK * (len(totals) - 1) + timedelta(days=days)
    return control(control_rule(), scores=scores, highest=27, today=today)


def test_the_formula_by_hand() -> None:
    """Mean of 5 7 6 8: 6.5; moving range of 2 1 2: 5/3; 6.5 + 2.66 × 5/3 = 10.93."""
    found = judged(5, 7, 6, 8, 10)
    assert (found.n, found.mean, found.moving) == (4, Fraction(13, 2), Fraction(5, 3))
    assert found.limit is not None
    assert round(float(found.limit), 2) == 10.93
    assert found.signal is False
    assert judged(5, 7, 6, 8, 11).signal is True


@pytest.mark.parametrize(
    ("totals", "signal", "why"),
    [
        ((), None, "control.too-few"),
        ((5, 5, 5, 5), None, "control.too-few"),
        ((5, None, 5, 5, None, 5), None, "control.too-few"),
        ((5, 5, 5, 5, 7), False, "control.within"),
        ((5, 5, 5, 5, 8), True, "control.beyond"),  # of a line without ups and downs a tenth of the scale is much
        ((5, 5, 5, 5, 5, None), None, "control.no-total"),
        ((5, 5, 5, 5, 8, None), True, "control.beyond"),  # a blank takes no signal away
        ((5, 5, 5, 5, 5, 5, 6, 6, 6, 6), True, "control.run"),
        ((5, 5, 5, 5, 5, 5, 6, 6, 5, 6), False, "control.within"),
    ],
)
def test_when_it_is_a_signal(totals, signal, why) -> None:
    found = judged(*totals)
    assert (found.signal, found.why.id) == (signal, why)


def test_after_too_long_without_a_rating_nothing_can_be_said() -> None:
    assert judged(5, 5, 5, 5, 5, days=14).signal is False
    assert judged(5, 5, 5, 5, 5, days=15).why.id == "control.stale"
    assert judged(5, 5, 5, 5, 8, days=15).signal is True, "but what was a signal is one"


@given(st.lists(st.none() | st.integers(0, 27), max_size=14), st.integers(0, 30))
def test_all_is_well_is_only_said_of_a_newest_total_that_is_no_higher_than_the_limit(totals, days) -> None:
    found = judged(*totals, days=days) if totals else judged()
    if found.signal is False:
        assert totals[-1] is not None
        assert found.limit is not None
        assert totals[-1] <= found.limit
        assert days <= control_rule().stale.days
