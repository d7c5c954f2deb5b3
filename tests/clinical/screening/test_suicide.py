"""Has suicide risk been asked about lately, and does anything call for an assessment first?"""

from __future__ import annotations

from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE, Reason
from daybreak.clinical.screening.criteria import FactAnswer
from daybreak.clinical.screening.measures import URGENT, suicidal_now, suicide_risk
from tests.clinical.screening.build import condition, days_ago, missing, observation, refs, view

KINDS = {"item": "phq-9.item-9", "risk": "c-ssrs-screen.risk"}
OTHERS = {"others": ("madrs.item-10", "c-ssrs-screen.q4"), "mild": ("c-ssrs-screen.q1",), "clear": ("no",)}
ASSESS, SCREEN = "ask.suicide-assessment", "ask.suicide-screen"


def day(ago: Any) -> Any:
    return days_ago(ago) if isinstance(ago, int) else ago


def screen(value: Any, ago: Any = 1) -> Any:
    return observation("c-ssrs-screen.risk", value, day(ago))


def item(value: Any, ago: Any = 1) -> Any:
    return observation("phq-9.item-9", value, day(ago))


def thoughts(ago: Any = 1, **fields: Any) -> Any:
    return condition("suicidality", onset=day(ago), text="Suicidal ideation", **fields)


def asked(*records: Any, valid_days: int = 14) -> FactAnswer:
    rule: dict[str, Any] = KINDS | OTHERS | {"assessment": "suicide_assessment", "item_from": 3}
    return suicide_risk(view(*records), valid_days=valid_days, **rule)


def assessed(ago: Any = 1, value: Any = "done") -> Any:
    return observation("suicide_assessment", value, day(ago))


def other(kind: str, value: Any, ago: Any = 1) -> Any:
    return observation(kind, value, day(ago))


MADRS, PLAN, WISH = "madrs.item-10", "c-ssrs-screen.q4", "c-ssrs-screen.q1"


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ([screen("none", 3), other(MADRS, 6, 0)], "suicide.item-positive"),
        ([item(0, 3), other(PLAN, "yes", 0)], "suicide.item-positive"),
        ([other(MADRS, 1)], "suicide.item-positive"),
        ([screen("none"), other(MADRS, UNREADABLE)], "suicide.against-screener"),
        ([screen("low", 3), other(MADRS, UNREADABLE, UNREADABLE)], "suicide.item-positive"),
        ([screen("low"), other(MADRS, 2)], "suicide.against-screener"),
        ([screen("low"), other(PLAN, "yes")], "suicide.against-screener"),
        ([screen("none"), other(WISH, "yes")], "suicide.against-screener"),
        ([screen("low"), other(WISH, "yes")], "suicide.asked"),
        ([screen("low", 3), other(WISH, "yes", 1)], "suicide.item-positive"),
        ([screen("none", 1), other(MADRS, 6, 3), other(PLAN, "yes", 3)], "suicide.asked"),
        ([screen("none"), other(MADRS, 0), other(PLAN, "no"), other(WISH, "no")], "suicide.asked"),
        ([screen("none", 3), other(MADRS, 6, 1), assessed(1)], "suicide.assessed"),
        ([screen("none", 3), other(MADRS, 6, 1), assessed(2)], "suicide.item-positive"),
        ([screen("none", 3), other(MADRS, 6, UNREADABLE), assessed(0)], "suicide.item-positive"),
    ],
)
def test_every_answer_about_suicide_counts(records: list[Any], reason: str) -> None:
    answer = asked(*records)
    assert answer.reason.id == reason
    assert answer.value is (True if reason in ("suicide.asked", "suicide.assessed") else None)
    said = [r.ref for r in records if r.kind in (MADRS, PLAN, WISH)]
    assert reason != "suicide.item-positive" or set(said) <= {e.resource for e in answer.evidence}


@pytest.mark.parametrize(
    ("records", "reason", "ask"),
    [
        ([], "suicide.not-asked", SCREEN),
        ([screen("low")], "suicide.asked", None),
        ([screen("none")], "suicide.asked", None),
        ([item(0)], "suicide.asked", None),
        ([screen("moderate")], "suicide.urgent", ASSESS),
        ([screen("high", 400)], "suicide.urgent", ASSESS),
        ([screen("high", UNREADABLE), screen("low")], "suicide.urgent", ASSESS),
        ([screen("high", 5), screen("low", 1)], "suicide.asked", None),
        ([screen(UNREADABLE)], "suicide.unreadable", SCREEN),
        ([screen(None), item(0)], "suicide.unreadable", SCREEN),
        ([screen("odd"), screen("low")], "suicide.unreadable", SCREEN),
        ([item(1)], "suicide.item-positive", SCREEN),
        ([item(UNREADABLE)], "suicide.item-positive", SCREEN),
        ([item(1, UNREADABLE)], "suicide.item-positive", SCREEN),
        ([item(1, 2), screen("low", 3)], "suicide.item-positive", SCREEN),
        ([item(1, 2), screen("low", 2)], "suicide.asked", None),
        ([item(1, 3), screen("low", 2)], "suicide.asked", None),
        ([item(0, 2), screen("low", 3)], "suicide.asked", None),
        ([item(3, 2), screen("low", 2)], "suicide.contradiction", ASSESS),
        ([item(3, 2), screen("none", 2)], "suicide.contradiction", ASSESS),
        ([item(2, 2), screen("low", 2)], "suicide.asked", None),
        ([item(3, 3), screen("low", 2)], "suicide.asked", None),
        ([item(1, "2026-05-20"), screen("low", "2026-05")], "suicide.item-positive", SCREEN),
        ([thoughts(2), screen("low", 3)], "suicide.recorded", ASSESS),
        ([thoughts(2), screen("low", 2)], "suicide.asked", None),
        ([thoughts(3), screen("low", 2)], "suicide.asked", None),
        ([thoughts("2026-05"), screen("low", "2026-05-20")], "suicide.recorded", ASSESS),
        ([thoughts(UNREADABLE), screen("low", 2)], "suicide.recorded", ASSESS),
        ([thoughts(None), screen("low", 2)], "suicide.recorded", ASSESS),
        ([thoughts(3), thoughts(1), screen("low", 2)], "suicide.recorded", ASSESS),
        ([thoughts(3), item(0, 1)], "suicide.recorded", ASSESS),
        ([thoughts(1, clinical=None), screen("low", 2)], "suicide.recorded", ASSESS),
        ([thoughts(1, clinical=UNREADABLE), screen("low", 2)], "suicide.recorded", ASSESS),
        ([thoughts(1, verification=UNREADABLE), screen("low", 2)], "suicide.recorded", ASSESS),
        ([thoughts(1, concepts=UNREADABLE), screen("low", 2)], "suicide.recorded", ASSESS),
        ([thoughts(1, clinical="resolved"), screen("low", 2)], "suicide.asked", None),
        ([thoughts(1, verification="refuted"), screen("low", 2)], "suicide.asked", None),
    ],
)
def test_what_comes_first(records: list[Any], reason: str, ask: str | None) -> None:
    answer = asked(*records)
    assert answer.reason.id == reason
    assert answer.value is (True if reason == "suicide.asked" else None)
    assert missing(answer) == ([ask] if ask else [])
    assert answer.expired is None
    assert (reason in URGENT) is (ask == ASSESS or reason == "suicide.item-positive")
    if reason == "suicide.recorded":
        assert answer.reason.values["found"]
        assert {r.ref for r in records if r.ref.startswith("Condition")} <= set(refs(answer.evidence))


def test_the_day_that_is_named() -> None:
    assert asked(screen("low", 3), item(0, 2)).reason.values == {"on": "2026-06-13"}
    assert asked(screen("low", 2), item(0, 3)).reason.values == {"on": "2026-06-13"}
    assert asked(screen("high", 3), item(1, 2)).reason.values == {"on": "2026-06-12"}
    assert asked(screen(UNREADABLE, UNREADABLE), item(1, 2)).reason.values == {"on": "2026-06-13"}
    assert asked(item(1, UNREADABLE)).reason.values == {"on": ""}
    assert asked(thoughts(2), screen("low", 3)).reason.values == {"found": ("Suicidal ideation active",)}
    records = [screen("low", 3), item(0, 2)]
    assert refs(asked(*records).evidence) == [r.ref for r in records]


@pytest.mark.parametrize(
    ("record", "valid", "expired"),
    [
        (screen("low", 14), 14, None),
        (screen("low", 15), 14, Reason("suicide.expired", {"on": "2026-05-31", "days": 14})),
        (item(0, 15), 14, Reason("suicide.expired", {"on": "2026-05-31", "days": 14})),
        (screen("low", 0), 0, None),
        (screen("low", 1), 0, Reason("suicide.not-today", {"on": "2026-06-14", "days": 0})),
    ],
)
def test_an_answer_grows_old(record: Any, valid: int, expired: Reason | None) -> None:
    answer = asked(record, valid_days=valid)
    assert (answer.value, answer.expired) == (True, expired)


def test_an_undated_answer_beside_a_fresh_one_expires_it() -> None:
    assert asked(screen("low", 1), item(0, UNREADABLE)).expired is not None
    assert asked(screen("low", UNREADABLE), item(0, 1)).expired is not None
    only = asked(screen("low", UNREADABLE))
    assert (only.value, only.reason.id) == (None, "suicide.not-asked")


def now(*records: Any) -> FactAnswer:
    return suicidal_now(view(*records), valid_days=14, **KINDS)


@pytest.mark.parametrize(
    "records",
    [
        [thoughts(3)],
        [screen("moderate", 14)],
        [screen("high")],
        [thoughts(3), screen("low")],
        [screen("high"), screen("moderate")],
    ],
)
def test_acute_thoughts_are_recorded(records: list[Any]) -> None:
    answer = now(*records)
    assert (answer.value, answer.reason.id) == (True, "suicidal.recorded")
    assert {r.ref for r in records} == set(refs(answer.evidence))
    assert len(answer.reason.values["found"]) == sum(getattr(r, "value", "") != "low" for r in records)
    assert answer.missing == ()


@pytest.mark.parametrize(
    "records",
    [
        [],
        [screen("high", 15)],
        [screen("low")],
        [screen("high", 5), screen("low", 1)],
        [screen("high", 5), screen("low", UNREADABLE)],
        [screen("high"), screen("low")],
        [screen("high", UNREADABLE)],
        [screen(UNREADABLE)],
        [item(3)],
        [thoughts(3, clinical="resolved")],
        [thoughts(3, clinical=None)],
        [thoughts(3, clinical=UNREADABLE)],
        [thoughts(UNREADABLE)],
        [thoughts(3, abatement=UNREADABLE)],
        [thoughts(3, verification="provisional")],
        [thoughts(3, verification=UNREADABLE)],
        [thoughts(3, concepts=UNREADABLE)],
        [thoughts(3, concepts=frozenset(), possible=frozenset({"suicidality"}))],
    ],
)
def test_nothing_on_record_is_never_their_absence(records: list[Any]) -> None:
    answer = now(*records)
    assert (answer.value, answer.reason.id, missing(answer)) == (None, "suicidal.not-recorded", [SCREEN])
    seen = {r.ref for r in records if not r.ref.startswith("Condition")}
    assert set(refs(answer.evidence)) <= seen


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ([screen("high", 3), assessed(3)], "suicide.assessed"),
        ([screen("high", 3), assessed(4)], "suicide.urgent"),
        ([screen("high", 3), assessed(2), assessed(9)], "suicide.assessed"),
        ([screen("high", 3), assessed(2, UNREADABLE)], "suicide.urgent"),
        ([screen("high", 3), assessed(UNREADABLE)], "suicide.urgent"),
        ([screen("high", "2026-06"), assessed(2)], "suicide.urgent"),
        ([screen("high", UNREADABLE), assessed(2)], "suicide.urgent"),
        ([screen("high", 3), item(1, UNREADABLE), assessed(2)], "suicide.urgent"),
        ([item(1, 3), assessed(3)], "suicide.assessed"),
        ([item(1, 3), assessed(4)], "suicide.item-positive"),
        ([item(3, 2), screen("low", 2), assessed(1)], "suicide.assessed"),
        ([thoughts(5), assessed(4)], "suicide.assessed"),
        ([thoughts(5), assessed(6)], "suicide.recorded"),
        ([thoughts(UNREADABLE, recorded=days_ago(9)), assessed(1)], "suicide.recorded"),
        ([thoughts(None), assessed(1)], "suicide.recorded"),
        ([thoughts(None), screen("low", 9), assessed(1)], "suicide.recorded"),
        ([thoughts(None, recorded=days_ago(5)), assessed(4)], "suicide.assessed"),
        ([thoughts(None, recorded=days_ago(5)), assessed(6)], "suicide.recorded"),
        ([screen(UNREADABLE, 3), assessed(1)], "suicide.unreadable"),
        ([assessed(1)], "suicide.not-asked"),
    ],
)
def test_an_assessment_after_the_answers_is_what_the_decision_waits_for(records: list[Any], reason: str) -> None:
    answer = asked(*records)
    assert answer.reason.id == reason
    assert answer.value is (True if reason == "suicide.assessed" else None)
    if reason == "suicide.assessed":
        days = sorted(str(r.when) for r in records if getattr(r, "kind", "") == "suicide_assessment")
        assert answer.reason.values == {"on": days[-1]}
        assert answer.missing == ()
        assert {r.ref for r in records} >= set(refs(answer.evidence)) > set()


def test_an_assessment_grows_old() -> None:
    assert asked(screen("high", 20), assessed(15)).expired == Reason(
        "suicide.expired", {"on": "2026-05-31", "days": 14}
    )
    assert asked(screen("high", 20), assessed(14)).expired is None
