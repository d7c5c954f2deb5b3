"""Is an answer about suicide seen to later only when everything that has to be known for it is known?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.followup.urgency import (
    BLANK,
    EVERY_DAY,
    FOLLOWED,
    LEFT_OPEN,
    NO_PLAN,
    NOT_HERE,
    NOTHING_BEFORE,
    NOW,
    TODAY,
    UNCHANGED,
    UNREADABLE,
    UNSIGNED,
    WAITS,
    WORSE,
    Rule,
    Said,
    urgency,
)

ON = date(2026, 11, 24)
ASKED = ("intent", "plan", "act", "worse")
RULE = Rule("phq-9.item-9", Decimal(3), 28, 90, ASKED, "no")
NO = dict.fromkeys(ASKED, "no")
CALM = Said("phq-9.item-9", Decimal(1), ON, ((ON - timedelta(days=7), Decimal(1)),), ON - timedelta(days=30), NO, True)


def days(n: int) -> date:
    return ON - timedelta(days=n)


@pytest.mark.parametrize(
    ("change", "level", "why"),
    [
        ({}, TODAY, UNCHANGED),
        ({"item": "madrs.item-10"}, NOW, NOT_HERE),
        ({"value": None}, TODAY, BLANK),
        ({"value": None, "followed": {"plan": "yes"}}, NOW, FOLLOWED),
        ({"value": Decimal("NaN")}, NOW, UNREADABLE),
        ({"value": Decimal(3), "before": ((days(1), Decimal(3)),)}, NOW, EVERY_DAY),
        ({"value": Decimal(2)}, NOW, WORSE),
        ({"before": ()}, NOW, NOTHING_BEFORE),
        ({"before": ((days(0), Decimal(2)),)}, NOW, NOTHING_BEFORE),
        ({"before": ((days(28), Decimal(1)),)}, TODAY, UNCHANGED),
        ({"before": ((days(29), Decimal(1)),)}, NOW, NOTHING_BEFORE),
        ({"before": ((days(3), None), (days(4), Decimal("NaN")))}, NOW, NOTHING_BEFORE),
        ({"before": ((days(3), Decimal(0)), (days(9), Decimal(1)))}, TODAY, UNCHANGED),
        ({"plan_on": None}, NOW, NO_PLAN),
        ({"plan_on": days(90)}, TODAY, UNCHANGED),
        ({"plan_on": days(91)}, NOW, NO_PLAN),
        ({"plan_on": days(-1)}, NOW, NO_PLAN),
        ({"followed": {}}, NOW, LEFT_OPEN),
        ({"followed": {}, "over": False}, WAITS, UNCHANGED),
        ({"followed": {**NO, "act": "yes"}, "over": False}, NOW, FOLLOWED),
        ({"followed": {"intent": None}, "over": False}, NOW, FOLLOWED),
        ({"followed": {"intent": "no", "plan": "no"}}, NOW, LEFT_OPEN),
    ],
)
def test_it_is_today_only_unchanged_with_a_current_plan_and_four_times_no(change, level, why) -> None:
    found = urgency(replace(CALM, **change), RULE)
    assert (found.level, found.why) == (level, why)


def test_until_somebody_signs_everything_is_now() -> None:
    assert urgency(CALM, None).level == NOW
    assert urgency(CALM, None).why == UNSIGNED


LATER = {NOW: 0, WAITS: 1, TODAY: 2}
VALUES = st.none() | st.sampled_from([Decimal(n) for n in range(4)])
SAID = st.builds(
    Said,
    item=st.sampled_from(["phq-9.item-9", "madrs.item-10"]),
    value=VALUES,
    on=st.just(ON),
    before=st.lists(st.tuples(st.integers(0, 40).map(days), VALUES), max_size=4).map(tuple),
    plan_on=st.none() | st.integers(-5, 120).map(days),
    followed=st.dictionaries(st.sampled_from(ASKED), st.sampled_from(["yes", "no", None])),
    over=st.booleans(),
)


@given(SAID, st.data())
def test_what_becomes_unknown_never_makes_it_later(said, data) -> None:
    """An earlier answer, the plan, what followed: each made unreadable or taken away. A blank item has a rule of its own."""
    n = data.draw(st.integers(0, max(0, len(said.before) - 1)))
    day = said.before[n][0] if said.before else ON
    one = data.draw(st.sampled_from(ASKED))
    fewer = {
        "earlier answer": replace(said, before=(*said.before[:n], (day, None), *said.before[n + 1 :])),
        "all earlier answers": replace(said, before=()),
        "plan": replace(said, plan_on=None),
        "what followed": replace(said, followed={**said.followed, one: None}),
        "the rule": said,
    }
    for name, less in fewer.items():
        rule = None if name == "the rule" else RULE
        assert LATER[urgency(less, rule).level] <= LATER[urgency(said, RULE).level], name
    if (
        said.value is not None and said.followed.get(one) == "no"
    ):  # an answer that is taken away is waited for, and then is now
        open_again = replace(said, followed={k: v for k, v in said.followed.items() if k != one}, over=True)
        assert LATER[urgency(open_again, RULE).level] <= LATER[urgency(said, RULE).level]
