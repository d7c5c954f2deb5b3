"""Does pooling agree with a published example and with statsmodels, and does it say when clinics differ?"""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from scipy.stats import t
from statsmodels.stats.meta_analysis import combine_effects

from daybreak.outcomes.pooling import as_percent, log_odds, pooled, student

# The thirteen trials of the BCG vaccine: Colditz et al., JAMA 1994;271:698-702; as given in the R package metadat (dat.bcg):
# cases and others among the vaccinated, cases and others among the rest.
BCG = [
    *((4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761)),
    *((180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232)),
    *((17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)),
]
RISKS = [log(a / (a + b) / (c / (c + d))) for a, b, c, d in BCG]
VARIANCES = [1 / a - 1 / (a + b) + 1 / c - 1 / (c + d) for a, b, c, d in BCG]


def test_the_published_example_of_the_bcg_trials() -> None:
    """Log risk ratios: Q = 152.23 on 12 degrees of freedom, I² = 92.1 %, tau² = 0.309, together -0.714 (metafor, method DL)."""
    found = pooled(RISKS, VARIANCES, percent=95)
    assert (found.q, found.freedom) == (pytest.approx(152.233, abs=1e-3), 12)
    assert found.i2_percent == pytest.approx(92.12, abs=0.01)
    assert found.tau2 == pytest.approx(0.3088, abs=1e-4)
    assert found.middle == pytest.approx(-0.7141, abs=1e-4)
    assert sum(found.shares_percent) == pytest.approx(100)


def test_it_agrees_with_statsmodels() -> None:
    theirs = combine_effects(np.array(RISKS), np.array(VARIANCES), method_re="dl", use_t=True)
    found = pooled(RISKS, VARIANCES, percent=95)
    assert found.tau2 == pytest.approx(theirs.tau2)
    assert found.middle == pytest.approx(theirs.mean_effect_re)
    assert found.error == pytest.approx(theirs.sd_eff_w_re_hksj)
    assert found.interval == pytest.approx(theirs.conf_int(alpha=0.05)[3])
    assert found.shares_percent == pytest.approx(100 * theirs.weights_re / theirs.weights_re.sum())


@pytest.mark.parametrize("freedom", [1, 2, 7, 60])
@pytest.mark.parametrize("percent", [80, 95, 99])
def test_students_distribution_is_that_of_scipy(freedom, percent) -> None:
    assert student(percent, freedom) == pytest.approx(t.ppf((1 + percent / 100) / 2, freedom), rel=1e-9)


def test_clinics_that_agree_by_chance_are_not_surer_than_their_own_numbers() -> None:
    found = pooled([0.1, 0.1, 0.1], [0.04, 0.05, 0.06], percent=95)
    assert (found.tau2, found.i2_percent, found.q) == (0, 0, pytest.approx(0))
    assert found.error == pytest.approx((1 / 0.04 + 1 / 0.05 + 1 / 0.06) ** -0.5)


def test_one_clinic_is_no_comparison() -> None:
    found = pooled([0.4], [0.1], percent=95)
    assert (found.middle, found.interval, found.shares_percent) == (0.4, None, (100,))
    assert (found.tau2, found.i2_percent) == (0, 0)


def test_nobody_and_everybody_are_told_from_nothing() -> None:
    (none, spread), (all_, _) = log_odds(0, 20), log_odds(20, 20)
    assert as_percent(none) == pytest.approx(100 * 0.5 / 21)
    assert (none, spread > 0) == (-all_, True)
    assert as_percent(log_odds(5, 20)[0]) == pytest.approx(25)
    for n, of in ((0, 0), (3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="expected somebody"):
            log_odds(n, of)
    for effects, variances in (([], []), ([1], [0]), ([1], [1, 2])):
        with pytest.raises(ValueError, match="at least one"):
            pooled(effects, variances, percent=95)
