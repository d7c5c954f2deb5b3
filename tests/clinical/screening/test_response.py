"""Is a change between two ratings judged exactly, and only where it may be judged?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.screening.response import Comparison, Rating, Reliable, compare, rating
from daybreak.clinical.screening.scales import score
from daybreak.knowledge import scales
from daybreak.knowledge.change import change_rules


def rated(id: str, total: int | None, *, status: str = "complete") -> Rating:
    scale = scales.scale(id)
    return Rating(scale=id, edition=scale.edition, recall=scale.recall, status=status, total=total)


def change(id: str, before: int, now: int) -> Comparison:
    return compare(change_rules(id), before=rated(id, before), now=rated(id, now))


def test_exactly_half_is_a_response() -> None:
    found = change("madrs", 36, 18)
    assert (found.change, found.percent, found.response) == (-18, 50, True)
    assert found.remission["remission10"] is False


def test_just_below_half_is_none() -> None:
    found = change("madrs", 35, 18)
    assert found.percent == Fraction(1700, 35)
    assert found.response is False


def test_response_and_remission() -> None:
    found = change("phq-9", 20, 4)
    assert (found.percent, found.response, found.remission) == (80, True, {"remission": True})
    assert found.meaningful["esketamine-trials"] is True


def test_thresholds_that_differ_are_all_shown() -> None:
    found = change("phq-9", 8, 4)
    assert found.response is True
    assert found.meaningful["esketamine-trials"] is False
    assert found.meaningful["meaningful"] is True
    assert found.meaningful["primary-care-percent"] is True


def test_nothing_can_be_halved_from_zero() -> None:
    found = change("qids-sr16", 0, 0)
    assert (found.percent, found.response, found.remission, found.worse) == (None, None, {"remission": True}, False)


def test_an_estimate_is_no_baseline() -> None:
    estimated = rating(scales.scale("phq-9"), score(scales.scale("phq-9"), [[2, 2, 2, 2, 2, 2, 2, 2, None]]))
    assert estimated == rated("phq-9", None, status="prorated")
    found = compare(change_rules("phq-9"), before=estimated, now=rated("phq-9", 9))
    assert (found.response, found.change, found.remission) == (None, None, {"remission": False})
    assert set(found.meaningful.values()) == {None}
    assert compare(change_rules("phq-9"), before=rated("phq-9", 9), now=estimated).remission == {"remission": None}


def test_a_total_without_a_complete_form_is_not_used() -> None:
    found = compare(change_rules("phq-9"), before=rated("phq-9", 18, status="prorated"), now=rated("phq-9", 9))
    assert found.response is None


def test_other_scales_are_refused() -> None:
    found = compare(change_rules("ham-d17"), before=rated("ham-d17", 24), now=rated("qids-sr16", 11))
    assert found.refused is not None
    assert found.refused.id == "change.other_scale"
    assert found.refused.values == {"before": "ham-d17", "now": "qids-sr16"}
    assert (found.response, found.change, found.worse) == (None, None, None)


@pytest.mark.parametrize(("field", "reason"), [("recall", "change.other_recall"), ("edition", "change.other_edition")])
def test_other_versions_are_refused(field: str, reason: str) -> None:
    other = replace(rated("madrs", 10), **{field: "24 hours"})
    found = compare(change_rules("madrs"), before=rated("madrs", 30), now=other)
    assert found.refused is not None
    assert found.refused.id == reason


def test_rules_of_another_scale_are_refused() -> None:
    found = compare(change_rules("phq-9"), before=rated("madrs", 30), now=rated("madrs", 10))
    assert found.refused is not None
    assert found.refused.id == "change.other_rules"


def test_worse_is_shown_and_flagged() -> None:
    found = change("madrs", 20, 26)
    assert (found.improvement, found.worse, found.flag_worse, found.response) == (-6, True, True, False)
    assert change("madrs", 20, 25).flag_worse is False
    assert change("phq-9", 5, 20).flag_worse is None  # no rule: not known, not "no"


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (22, Reliable.BETTER),
        (23, Reliable.POSSIBLY_BETTER),
        (25, Reliable.POSSIBLY_BETTER),
        (26, Reliable.NO_RELIABLE_CHANGE),
        (54, Reliable.NO_RELIABLE_CHANGE),
        (55, Reliable.POSSIBLY_WORSE),
        (58, Reliable.WORSE),
    ],
)
def test_reliable_change_of_the_pcl_5(now: int, state: Reliable) -> None:
    assert change("pcl-5", 40, now).reliable is state


def test_without_published_figures_reliable_change_is_not_known() -> None:
    assert change("phq-9", 20, 0).reliable is None


def test_on_the_who_5_higher_is_better() -> None:
    found = change("who-5", 10, 13)
    assert (found.change, found.improvement, found.worse) == (3, 3, False)
    assert found.meaningful == {"ten-percent-points": True}
    assert change("who-5", 10, 12).meaningful == {"ten-percent-points": False}
    assert found.response is None


@given(before=st.integers(1, 60), now=st.integers(0, 60))
def test_response_is_exact(before: int, now: int) -> None:
    assert change("madrs", before, now).response is (2 * (before - now) >= before)
