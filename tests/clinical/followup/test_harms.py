"""Is a harm that builds up asked about in time, by count or by calendar, and is no answer never "no"?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from daybreak.clinical.followup.harms import Asked, Given, Part, Rule, Sum, Why, part, summed
from daybreak.knowledge.harms import again, items, schedule

START = date(2026, 3, 2)
RULE = Rule("bladder", treatments=3, after=timedelta(days=90), refer=2)


def after(days: int) -> date:
    return START + timedelta(days=days)


def given(*days: int, mg: str | None = "56") -> list[Given]:
    dose = None if mg is None else Decimal(mg)
    return [Given(after(one), dose, dose) for one in days]


def stands(treated: list[Given], *asked: tuple[int, int | None], today: int) -> Part:
    found = part(RULE, given=treated, asked=[Asked(after(day), yes) for day, yes in asked], today=after(today))
    assert found is not None
    return found


def test_of_whom_nothing_was_given_nothing_is_asked() -> None:
    assert part(RULE, given=[], asked=[Asked(START, 0)], today=after(400)) is None


@pytest.mark.parametrize(
    ("days", "asked", "today", "why"),
    [
        ((0,), (), 0, Why.NEVER),
        ((0,), ((0, None),), 0, Why.NEVER),  # a question without an answer was not asked
        ((0, 3, 7), ((0, 0),), 7, Why.NOT_DUE),
        ((0, 3, 7, 10), ((0, 0),), 10, Why.TREATMENTS),
        ((0, 3, 7, 10), ((0, 0), (10, None)), 10, Why.TREATMENTS),
        ((0, 3, 7, 10), ((0, 0), (10, 0)), 10, Why.NOT_DUE),
        ((0,), ((0, 0),), 89, Why.NOT_DUE),
        ((0,), ((0, 0),), 90, Why.TIME),
    ],
)
def test_when_it_is_due(days, asked, today, why) -> None:
    found = stands(given(*days), *asked, today=today)
    assert (found.why, found.due) == (why, why is not Why.NOT_DUE)


def test_what_was_given_since_the_last_answer_counts_and_an_unknown_dose_is_said() -> None:
    treated = [*given(0), *given(3), *given(7, mg=None), Given(after(9), Decimal(28), Decimal(56))]
    found = stands(treated, (0, 2), today=9)
    assert found.since == Sum(n=3, known=2, mg_low=Decimal(84), mg_high=Decimal(112))
    assert (found.refer, found.next) == (True, after(90))
    assert stands(treated, (0, 1), today=9).refer is False
    assert summed([]) == Sum(0, 0, Decimal(0), Decimal(0))


@generated(st.lists(st.none() | st.integers(0, 4), max_size=5), st.integers(0, 200))
def test_without_a_whole_answer_it_stays_due(answers, today) -> None:
    found = stands(given(0, 1), *[(n, yes) for n, yes in enumerate(answers)], today=today)
    if all(one is None for one in answers):
        assert found.why is Why.NEVER
        assert not found.refer


def test_every_part_that_builds_up_has_questions_and_a_referral_in_both_languages() -> None:
    domains = [one["domain"] for one in items().values()]
    for one in schedule():
        assert one.refer <= domains.count(one.domain)
        assert set(again(one.domain)["referral"]) == {"en", "zh-Hans"}
