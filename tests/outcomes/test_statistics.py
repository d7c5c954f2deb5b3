"""Do shares, rates, curves and charts agree with statsmodels, scipy and a published example, and does forgetting gain nothing?"""

from __future__ import annotations

import warnings
from math import exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daybreak.outcomes.control import funnel, p_chart, u_chart, xmr_chart
from daybreak.outcomes.poisson import per_hundred
from daybreak.outcomes.shares import Share, wilson
from daybreak.outcomes.survival import kaplan_meier, thinned

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    duration = pytest.importorskip("statsmodels.duration.survfunc")
    chi2 = pytest.importorskip("scipy.stats").chi2

# Weeks in remission under 6-mercaptopurine, and whether it was lost then: Freireich et al., Blood 1963;21:699-716. The estimate
# and its standard error stand in Kleinbaum and Klein, Survival Analysis, chapter 2, and in many other books.
FREIREICH = (
    *((week, True) for week in (6, 6, 6, 7, 10, 13, 16, 22, 23)),
    *((week, False) for week in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)),
)
PUBLISHED = {
    6: (21, 0.8571),
    7: (17, 0.8067),
    10: (15, 0.7529),
    13: (12, 0.6902),
    16: (11, 0.6275),
    22: (7, 0.5378),
    23: (6, 0.4482),
}
counted = st.integers(1, 400).flatmap(
    lambda of: st.integers(0, of).flatmap(
        lambda followed: st.tuples(st.integers(0, followed), st.just(followed), st.just(of))
    )
)


def test_the_curve_is_the_published_one() -> None:
    curve = kaplan_meier(FREIREICH, 95)
    assert {one.day: (one.at_risk, round(one.share, 4)) for one in curve.steps if one.lost} == PUBLISHED
    assert curve.median == 23
    placebo = kaplan_meier(
        [(week, True) for week in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)], 95
    )
    assert placebo.median == 8
    assert placebo.steps[-1].share == 0


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=2, max_size=60))
@settings(max_examples=40, deadline=None)
def test_the_curve_and_its_interval_agree_with_statsmodels(times: list[tuple[int, bool]]) -> None:
    if not any(gone for _, gone in times):
        assert kaplan_meier(times, 95).median is None
        return
    ours = {one.day: one for one in kaplan_meier(times, 95).steps if one.lost}
    theirs = duration.SurvfuncRight([day for day, _ in times], [gone for _, gone in times])
    for day, share, error, at_risk in zip(
        theirs.surv_times, theirs.surv_prob, theirs.surv_prob_se, theirs.n_risk, strict=True
    ):
        one = ours[int(day)]
        assert (one.at_risk, one.share) == (at_risk, pytest.approx(share, abs=1e-12))
        if 1e-9 < share < 1 and error == error:
            half = 1.959963984540054 * error / share / log(share)
            assert (one.low, one.high) == (pytest.approx(share ** exp(-half)), pytest.approx(share ** exp(half)))


def test_a_curve_says_nothing_of_days_that_nobody_reached() -> None:
    curve = kaplan_meier(FREIREICH, 95)
    start = curve.at(0)
    assert start is not None
    assert (start.day, start.share, start.at_risk) == (0, 1, 21)
    assert (curve.at_risk(10), curve.at_risk(36)) == (15, 0)
    assert curve.at(35) is not None
    assert curve.at(36) is None
    assert kaplan_meier([], 95).at(0) is None
    assert [one.day for one in thinned(curve.steps, 3)][-1] == 35
    assert len(thinned(curve.steps, 3)) == 3
    assert thinned(curve.steps, 99) == curve.steps


@given(counted)
@settings(max_examples=60, deadline=None)
def test_a_share_agrees_with_statsmodels(counts: tuple[int, int, int]) -> None:
    n, followed, of = counts
    share = Share(n, followed, of)
    if not followed:
        assert (share.percent, share.interval(95)) == (None, None)
        return
    low, high = proportion.proportion_confint(n, followed, method="wilson")
    assert share.interval(95) == (pytest.approx(100 * low, abs=1e-9), pytest.approx(100 * high, abs=1e-9))


@given(counted)
def test_an_answer_that_is_deleted_never_makes_a_bound_better(counts: tuple[int, int, int]) -> None:
    n, followed, of = counts
    least, most = Share(n, followed, of).bounds or (0, 0)
    for had in (True, False):
        if (n if had else followed - n) > 0:
            low, high = Share(n - had, followed - 1, of).bounds or (0, 0)
            assert low <= least
            assert high >= most
            assert (Share(n - had, followed - 1, of).coverage or 0) < (Share(n, followed, of).coverage or 0)


def test_of_nobody_nothing_is_said() -> None:
    assert (Share(0, 0, 0).percent, Share(0, 0, 0).coverage, Share(0, 0, 0).bounds) == (None, None, None)
    assert wilson(0, 0, 95) is None
    assert per_hundred(0, 0, 95) is None
    with pytest.raises(ValueError, match="3 of 2 of 9"):
        Share(3, 2, 9)


@pytest.mark.parametrize(
    ("events", "sessions"), [(0, 2184), (1, 50), (7, 2184), (98, 2184), (901, 2184), (30_000, 100_000)]
)
def test_a_rate_agrees_with_scipy(events: int, sessions: int) -> None:
    rate, low, high = per_hundred(events, sessions, 95) or (0, 0, 0)
    least = chi2.ppf(0.025, 2 * events) / 2 if events else 0
    assert rate == pytest.approx(100 * events / sessions)
    assert low == pytest.approx(100 * least / sessions, rel=1e-7)
    assert high == pytest.approx(100 * chi2.ppf(0.975, 2 * events + 2) / 2 / sessions, rel=1e-7)


def test_a_chart_signals_what_is_beyond_its_limits_and_a_long_run_on_one_side() -> None:
    quiet = [(f"w{n}", 100, 80.0 + n % 2) for n in range(20)]
    assert not xmr_chart(quiet, run=8).signals
    assert [one.period for one in xmr_chart([*quiet, ("far", 100, 95.0)], run=30).signals] == ["far"]
    drift = xmr_chart(
        [*((f"a{n}", 9, 80.0 + 6 * (n % 2)) for n in range(16)), *((f"b{n}", 9, 88.0) for n in range(8))], run=8
    )
    assert [one.period for one in drift.signals] == ["b6", "b7"]  # a15 lies above the mean too
    assert xmr_chart([("only", 3, 90.0)], run=8).points[0].low == 90
    assert xmr_chart([], run=8).mean is None


def test_limits_of_counts_are_the_usual_ones() -> None:
    shares = p_chart([("a", 10, 100), ("empty", 0, 0), ("b", 30, 100)], run=8)
    assert shares.mean == pytest.approx(0.2)
    assert [one.period for one in shares.points] == ["a", "b"]
    assert shares.points[0].high == pytest.approx(0.2 + 3 * (0.2 * 0.8 / 100) ** 0.5)
    rates = u_chart([("a", 40, 100), ("b", 0, 100)], run=8)
    assert rates.points[1].low == pytest.approx(0.2 - 3 * (0.2 / 100) ** 0.5)
    assert [one.signal for one in rates.points] == [True, True]
    assert p_chart([], run=8).mean is None


def test_a_funnel_narrows_with_how_many_were_treated() -> None:
    low, high = funnel(0.5, 100, 95)
    assert (low, high) == (pytest.approx(0.402, abs=1e-3), pytest.approx(0.598, abs=1e-3))
    assert funnel(0.5, 400, 95)[0] > low
    assert funnel(0.02, 5, 99.8)[0] == 0
