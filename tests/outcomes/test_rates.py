"""Is the interval of a rate the one that scipy gives, and does nothing known ever become zero by not asking?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from daybreak.outcomes.rates import Rate


@given(st.integers(0, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(80, 99))
def test_the_interval_is_that_of_clopper_and_pearson(told: tuple[int, int], percent: int) -> None:
    n, of = told
    found = Rate(n, of).interval(percent)
    if not of:
        assert found is None
        return
    theirs = binomtest(n, of).proportion_ci(confidence_level=percent / 100, method="exact")
    assert found == pytest.approx((100 * theirs.low, 100 * theirs.high), abs=1e-7)
    assert found[0] <= 100 * n / of <= found[1]


def test_what_never_happened_has_an_upper_bound() -> None:
    low, high = Rate(0, 100).interval(95) or (1.0, 0.0)
    assert low == 0
    assert high == pytest.approx(3.6217, abs=1e-4)  # 1 - 0.025 ** (1 / 100)
    assert Rate(0, 100).per_hundred == 0
    assert (Rate(0, 0).per_hundred, Rate(0, 0).worst, Rate(0, 0).interval(95)) == (None, None, None)


def test_of_whom_nobody_knows_may_have_had_it() -> None:
    one = Rate(2, 50, unknown=10)
    assert (one.per_hundred, one.worst) == (4, 24)
    for wrong in ((-1, 5, 0), (3, 2, 0), (2, 5, 4)):
        with pytest.raises(ValueError, match="expected no more than all"):
            Rate(*wrong)
