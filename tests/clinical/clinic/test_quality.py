"""Is each question answered by its one measure, and can nothing that is left out make the answer better?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.clinic.quality import (
    Answer,
    Count,
    How,
    Kind,
    Measure,
    Said,
    Shown,
    Statement,
    answers,
    merged,
    quarter_end,
)

FIRST, LAST, ON = date(2025, 7, 1), date(2026, 6, 30), date(2026, 11, 12)
SMALL = 11
RANK = {Said.YES: 2, Said.IN_PART: 1}
EXACT, FEWER, ALL_BUT = How.EXACT, How.FEWER, How.ALL_BUT


def of(count: Count | None, kind: Kind = Kind.SHARE, plain: bool = False, measure: str = "m") -> Answer:
    counts = {} if count is None else {measure: count}
    asked = {"q": Measure("m", kind, plain)}
    (found,) = answers(asked, counts, {}, first=FIRST, last=LAST, on=ON, small=SMALL)
    assert (found.question, found.measure, found.first, found.last) == ("q", "m", FIRST, LAST)
    return found


@pytest.mark.parametrize(
    ("count", "said", "n", "unknown"),
    [
        (Count(148, 148), Said.YES, Shown(EXACT, 148), Shown(EXACT, 0)),
        (Count(100, 148, 24), Said.IN_PART, Shown(EXACT, 100), Shown(EXACT, 24)),
        (Count(0, 148), Said.NO, Shown(EXACT, 0), Shown(EXACT, 0)),
        (Count(0, 148, 20), Said.NO, Shown(EXACT, 0), Shown(EXACT, 20)),
        (Count(0, 148, 148), Said.NOT_RECORDED, Shown(EXACT, 0), Shown(EXACT, 148)),
        (Count(3, 148), Said.IN_PART, Shown(FEWER, SMALL), None),
        (Count(141, 148), Said.IN_PART, Shown(ALL_BUT, SMALL), None),
        (Count(100, 148, 45), Said.IN_PART, Shown(EXACT, 100), None),
        (Count(7, 10, 3), Said.TOO_FEW, None, None),
        (Count(0, 0), Said.NOT_RECORDED, None, None),
        (None, Said.NOT_RECORDED, None, None),
    ],
)
def test_a_share(count, said, n, unknown) -> None:
    found = of(count)
    assert (found.said, found.n, found.unknown) == (said, n, unknown)


def test_what_is_neither_good_nor_bad_is_never_a_yes() -> None:
    assert of(Count(148, 148), plain=True).said is Said.COUNTED
    assert of(Count(0, 148, 148), plain=True).said is Said.NOT_RECORDED


def test_another_measure_answers_nothing() -> None:
    assert of(Count(148, 148), measure="other").said is Said.NOT_RECORDED


def test_a_total_is_how_many_in_how_many_people() -> None:
    found = of(Count(1204, 148), Kind.TOTAL)
    assert (found.said, found.n, found.of) == (Said.COUNTED, Shown(EXACT, 1204), Shown(EXACT, 148))
    assert of(Count(30, 10), Kind.TOTAL).of == Shown(FEWER, SMALL)


def test_in_a_middle_what_nobody_wrote_down_counts_as_nothing() -> None:
    known = tuple(range(40, 60))
    assert of(Count(of=20, values=known), Kind.MIDDLE).value == 49
    assert of(Count(of=30, values=known), Kind.MIDDLE).value == 44
    assert of(Count(of=60, values=known), Kind.MIDDLE).value == 0
    assert of(Count(of=60, values=known[:5]), Kind.MIDDLE).said is Said.TOO_FEW
    assert of(Count(of=60), Kind.MIDDLE).said is Said.NOT_RECORDED


def test_a_harm_is_never_hidden_and_small_ones_are_fewer_than() -> None:
    none, few = of(Count(0, 1204, 100), Kind.HARM), of(Count(3, 1204, 100), Kind.HARM)
    assert none.n == few.n == Shown(FEWER, SMALL), "whether there was none or one does not show"
    assert (few.said, few.of) == (Said.COUNTED, Shown(EXACT, 1204))
    assert (none.worst, few.worst) == (Shown(EXACT, 100), Shown(EXACT, 103))
    assert of(Count(20, 25), Kind.HARM).n == Shown(ALL_BUT, SMALL)
    assert of(Count(2, 5), Kind.HARM).of == Shown(FEWER, SMALL)


def test_a_statement_holds_from_its_day_until_its_last() -> None:
    told = Statement("Two trained nurses.", "Dr Roe", ON, ON + timedelta(days=1))
    for on, said in (
        (ON - timedelta(days=1), Said.EXPIRED),
        (ON, Said.STATED),
        (ON + timedelta(days=1), Said.EXPIRED),
    ):
        asked = {"q": Measure("m", Kind.STATED)}
        (found,) = answers(asked, {}, {"m": told}, first=FIRST, last=LAST, on=on, small=SMALL)
        assert (found.said, found.statement) == (said, told)
    assert of(Count(148, 148), Kind.STATED).said is Said.NOT_RECORDED, "records are no statement"


COUNTS = st.integers(0, 60).flatmap(
    lambda of: st.integers(0, of).flatmap(
        lambda n: st.integers(0, of - n).map(lambda unknown: Count(n, of, unknown)),
    )
)


@given(count=COUNTS, yes=st.booleans(), kind=st.sampled_from([Kind.SHARE, Kind.HARM]), plain=st.booleans())
def test_a_record_that_is_taken_away_makes_no_share_better_and_no_harm_smaller(count, yes, kind, plain) -> None:
    """A yes or a no of one of all who are counted becomes something that nobody wrote down."""
    no = count.of - count.n - count.unknown
    if (count.n if yes else no) == 0:
        return
    less = replace(count, n=count.n - yes, unknown=count.unknown + 1)
    before, after = of(count, kind, plain), of(less, kind, plain)
    assert RANK.get(after.said, 0) <= RANK.get(before.said, 0)
    assert after.of == before.of
    if kind is Kind.HARM:
        assert least(after.worst, count.of) >= least(before.worst, count.of)
    elif before.n and after.n and before.n.how is after.n.how is EXACT:
        assert after.n.value <= before.n.value


def least(shown: Shown | None, of: int) -> int:
    """The fewest that it can mean."""
    assert shown is not None
    return {FEWER: 0, EXACT: shown.value, ALL_BUT: of - SMALL + 1}[shown.how]


@given(values=st.lists(st.integers(0, 200), max_size=40), missing=st.integers(0, 20), which=st.integers(0, 39))
def test_a_figure_that_is_taken_away_makes_no_middle_greater(values, missing, which) -> None:
    if which >= len(values):
        return
    every = len(values) + missing
    before = of(Count(of=every, values=tuple(values)), Kind.MIDDLE)
    after = of(Count(of=every, values=tuple(values[:which] + values[which + 1 :])), Kind.MIDDLE)
    assert (after.value or 0) <= (before.value or 0)


@given(count=COUNTS)
def test_no_count_below_the_small_number_can_be_worked_out(count) -> None:
    found = of(count)
    shown = [one.value for one in (found.n, found.unknown) if one and one.how is EXACT]
    parts = [count.n, count.unknown, count.of - count.n - count.unknown]
    if found.unknown is not None:
        assert all(one == 0 or one >= SMALL for one in parts)
    elif found.n is not None and found.n.how is EXACT:
        assert shown == [count.n]
        assert all(one == 0 or one >= SMALL for one in (count.n, count.of - count.n))


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        Count(-1, 3)
    with pytest.raises(ValueError, match="2 values of 1"):
        Count(of=1, values=(3, 4))


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 11, 30), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 9, 30)),
        (date(2026, 3, 31), date(2025, 12, 31)),
    ],
)
def test_a_card_tells_of_whole_quarters(day, ends) -> None:
    assert quarter_end(day) == ends


def test_a_small_clinic_tells_of_a_longer_time() -> None:
    lengths = [timedelta(days=one) for one in (365, 730)]
    assert merged(lengths, [11, 30], small=SMALL) == lengths[0]
    assert merged(lengths, [10, 30], small=SMALL) == lengths[1]
    assert merged(lengths, [3, 4], small=SMALL) == lengths[1]
