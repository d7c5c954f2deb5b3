"""Is a relapse one only after a response, only when it lasts, and never cleared by a rating that nobody can read?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.screening.relapse import relapsed
from daybreak.clinical.screening.response import Rating
from daybreak.knowledge import scales
from daybreak.knowledge.change import change_rules, relapse_rule

MADRS = scales.scale("madrs")
FIRST, RESPONDS, HIGH, BETWEEN = 36, 18, 22, 20
START = date(2026, 3, 2)


def rated(total: int | None) -> Rating:
    return Rating("madrs", MADRS.edition, MADRS.recall, "complete" if total is not None else "incomplete", total)


def judged(*totals: int | None, first: int | None = FIRST, days: int = 7) -> bool | None:
    rule = relapse_rule("madrs")
    assert rule is not None
    later = [(START + timedelta(days=days * n), rated(one)) for n, one in enumerate(totals, 1)]
    return relapsed(change_rules("madrs"), rule, first=rated(first), later=later)


@pytest.mark.parametrize(
    ("totals", "is_"),
    [
        ((), False),
        ((30, 31), False),  # never responded
        ((RESPONDS, HIGH), False),  # once is not yet
        ((RESPONDS, HIGH, HIGH), True),
        ((RESPONDS, HIGH, BETWEEN, HIGH), False),  # not in a row
        ((RESPONDS, HIGH, HIGH, BETWEEN), True),  # it is not over before the next response
        ((RESPONDS, HIGH, HIGH, RESPONDS), False),
        ((RESPONDS, HIGH - 1, HIGH - 1), False),
        ((RESPONDS, HIGH, None), None),
        ((RESPONDS, None, HIGH), None),
        ((None, HIGH, HIGH), None),  # it may have been the response
        ((RESPONDS, HIGH, HIGH, None), None),
        ((RESPONDS, HIGH, HIGH, None, HIGH, HIGH), True),  # whatever it was
        ((None,), False),
    ],
)
def test_after_a_response_it_takes_several_in_a_row(totals, is_) -> None:
    assert judged(*totals) is is_


def test_ratings_of_a_few_days_are_one() -> None:
    assert judged(RESPONDS, HIGH, HIGH, days=4) is False
    assert judged(RESPONDS, HIGH, HIGH, HIGH, days=4) is True


def test_without_a_first_total_it_cannot_be_known() -> None:
    assert judged(RESPONDS, HIGH, HIGH, first=None) is None


def test_another_edition_is_no_rating_of_this_scale() -> None:
    rule = relapse_rule("madrs")
    assert rule is not None
    later = [(START + timedelta(days=7 * n), rated(one)) for n, one in enumerate((RESPONDS, HIGH, HIGH))]
    later[2] = (later[2][0], replace(later[2][1], edition="another"))
    assert relapsed(change_rules("madrs"), rule, first=rated(FIRST), later=later) is None


@given(st.lists(st.sampled_from([RESPONDS, BETWEEN, HIGH, None]), max_size=6))
def test_a_rating_without_total_never_clears_and_never_accuses(totals) -> None:
    """What is said with blanks is said whatever stood there."""
    said = judged(*totals)
    blanks = [n for n, one in enumerate(totals) if one is None]
    filled = set()
    for values in product([RESPONDS, BETWEEN, HIGH], repeat=len(blanks)):
        whole = list(totals)
        for n, value in zip(blanks, values, strict=True):
            whole[n] = value
        filled.add(judged(*whole))
    assert said in (filled if len(filled) == 1 else {None})


def test_a_scale_without_the_rule_has_none() -> None:
    assert relapse_rule("phq-9") is None
