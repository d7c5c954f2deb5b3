"""Do answers join as Kleene says, and are unreadable fields told from missing ones?"""

from __future__ import annotations

from datetime import date

import pytest

from daybreak.clinical.answers import (
    MET,
    NOT_MET,
    UNKNOWN,
    UNREADABLE,
    Answer,
    Reason,
    Verdict,
    conjunction,
    disjunction,
)
from daybreak.clinical.records import DOMAINS, AsOf, When, on


@pytest.mark.parametrize(
    ("verdicts", "all_of", "any_of"),
    [
        ([], MET, NOT_MET),
        ([MET], MET, MET),
        ([UNKNOWN], UNKNOWN, UNKNOWN),
        ([NOT_MET], NOT_MET, NOT_MET),
        ([MET, UNKNOWN], UNKNOWN, MET),
        ([UNKNOWN, MET], UNKNOWN, MET),
        ([NOT_MET, UNKNOWN], NOT_MET, UNKNOWN),
        ([UNKNOWN, NOT_MET], NOT_MET, UNKNOWN),
        ([MET, NOT_MET], NOT_MET, MET),
        ([UNKNOWN, NOT_MET, MET], NOT_MET, MET),
    ],
)
def test_kleene(verdicts: list[Verdict], all_of: Verdict, any_of: Verdict) -> None:
    assert conjunction(verdicts) is all_of
    assert disjunction(verdicts) is any_of


def test_words_of_verdicts_are_the_interface() -> None:
    assert [str(v) for v in Verdict] == ["met", "not_met", "unknown"]
    assert repr(UNREADABLE) == "UNREADABLE"


def test_an_answer_carries_nothing_that_nobody_gave() -> None:
    answer = Answer(MET, Reason("x"))
    assert (answer.evidence, answer.missing, answer.review_on, answer.reason.values) == ((), (), None, {})


def test_equal_reasons_are_one_reason_whatever_the_order_of_their_values() -> None:
    one, other = Reason("x", {"a": 1, "b": Reason("y")}), Reason("x", {"b": Reason("y"), "a": 1})
    assert len({one, other, Reason("x", {"a": 2, "b": Reason("y")}), Reason("z", one.values)}) == 3


@pytest.mark.parametrize(
    ("when", "text", "exact"),
    [
        (on(date(2026, 6, 15)), "2026-06-15", True),
        (When(date(2026, 1, 1), date(2026, 12, 31)), "2026", False),
        (When(date(812, 1, 1), date(812, 12, 31)), "0812", False),
        (When(date(2026, 6, 1), date(2026, 6, 30)), "2026-06", False),
        (When(date(2026, 1, 1), date(2026, 1, 31)), "2026-01", False),
        (When(date(2026, 2, 1), date(2026, 12, 31)), "2026-02", False),
        (When(date(2026, 1, 2), date(2026, 12, 31)), "2026-01", False),
        (When(date(2026, 1, 1), date(2026, 12, 30)), "2026-01", False),
    ],
)
def test_a_partial_date_is_written_as_far_as_it_is_known(when: When, text: str, exact: bool) -> None:
    assert (str(when), when.exact) == (text, exact)


def test_a_day_has_no_minute() -> None:
    assert AsOf(date(2026, 6, 15)).instant is None
    assert len(DOMAINS) == 8
