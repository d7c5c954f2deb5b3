"""Do units come back as they went, and are doses rounded and written as said?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.units import in_minutes, mg_per_hour, per_hour, rounded, ug_per_minute, written

D = Decimal
values = st.decimals("0.001", "10000", places=4)


@given(values, st.integers(1, 600))
def test_there_and_back_is_the_same_number(amount: Decimal, minutes: int) -> None:
    there = per_hour(Fraction(amount), Fraction(minutes))
    assert in_minutes(there, Fraction(minutes)) == Fraction(amount)
    assert mg_per_hour(ug_per_minute(there)) == there


@given(values, st.sampled_from([D("0.01"), D("0.1"), D(1), D(5)]), values)
def test_rounded_is_near_and_not_above_what_it_may_not_pass(value: Decimal, step: Decimal, most: Decimal) -> None:
    found = rounded(Fraction(value), step, most=most)
    assert found % step == 0
    assert abs(found - value) <= (step if value <= most else step / 2)
    assert value > most or found <= most
    assert rounded(Fraction(value), step) in (found, found + step)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (D("35.000"), "35"),
        (Fraction(35, 66), "0.53"),
        (Fraction(1, 2), "0.5"),
        (D("0.0004"), "0.0004"),
        (D(0), "0"),
        (D("1E+2"), "100"),
        (D("0.0000000001"), "0.0000000001"),
        (Fraction(100), "100"),
    ],
)
def test_as_people_write_it(value: Decimal | Fraction, text: str) -> None:
    assert written(value) == text


def test_without_places() -> None:
    assert written(D("49.5"), 0) == "50"
    assert written(D(120), 0) == "120"
