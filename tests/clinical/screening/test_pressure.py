"""Is blood pressure controlled over weeks: a pattern of days, not one reading?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.screening.criteria import FactAnswer
from daybreak.clinical.screening.measures import blood_pressure_controlled
from tests.clinical.screening.build import condition, days_ago, missing, observation, refs, reviewed, view

LIMITS = {"systolic": Decimal(140), "diastolic": Decimal(90), "needed": 2}


def asked(*records: Any) -> FactAnswer:
    return blood_pressure_controlled(
        view(*records),
        systolic=Decimal(140),
        diastolic=Decimal(90),
        days_needed=2,
        days_looked_at=3,
        valid_days=90,
        domains=("conditions",),
        review_days=365,
    )


def reading(systolic: Any, diastolic: Any, ago: Any) -> tuple[Any, Any]:
    day = days_ago(ago) if isinstance(ago, int) else ago
    return observation("systolic", systolic, day), observation("diastolic", diastolic, day)


HYPERTENSIVE = condition("hypertension")


@pytest.mark.parametrize(
    ("readings", "value", "reason", "days"),
    [
        ([(140, 90, 1), (120, 80, 9)], True, "controlled", 2),
        ([(140, 90, 90), (120, 80, 89)], True, "controlled", 2),
        ([(140, 90, 91), (120, 80, 89)], None, "too-few", 1),
        ([(120, 80, 1), (120, 80, 1)], None, "too-few", 1),
        ([(120, 80, 1), (120, 80, 2), (120, 80, 3), (120, 80, 4)], True, "controlled", 3),
        ([(141, 80, 1), (120, 80, 9)], None, "mixed", 1),
        ([(120, 91, 1), (120, 80, 9)], None, "mixed", 1),
        ([(141, 80, 1), (120, 91, 9)], False, "uncontrolled", 2),
        ([(141, 80, 400), (120, 91, 401)], False, "uncontrolled", 2),
        ([(160, 95, 1), (160, 95, 2), (160, 95, 3), (160, 95, 4)], False, "uncontrolled", 3),
        ([(160, 95, 9), (160, 95, 8), (120, 80, 3), (120, 80, 2), (120, 80, 1)], True, "controlled", 3),
        ([(160, 95, 9), (160, 95, 8), (120, 80, 2), (120, 80, 1)], None, "mixed", 1),
        ([], None, "too-few", 0),
        ([(120, 80, UNREADABLE), (120, 80, 1), (120, 80, 2)], None, "too-few", 2),
        ([(160, 99, UNREADABLE), (141, 80, 1), (141, 80, 2)], False, "uncontrolled", 2),
        ([(UNREADABLE, 80, 1), (120, 80, 2), (120, 80, 3)], None, "too-few", 3),
        ([(UNREADABLE, 91, 1), (120, 80, 2), (120, 80, 3)], None, "mixed", 1),
    ],
)
def test_the_latest_days_make_the_pattern(
    readings: list[tuple[Any, Any, Any]], value: bool | None, reason: str, days: int
) -> None:
    records = [o for r in readings for o in reading(*r)]
    answer = asked(HYPERTENSIVE, *records, *reviewed())
    assert (answer.value, answer.reason.id) == (value, f"pressure.{reason}")
    assert answer.reason.values == {**LIMITS, "days": days}
    assert missing(answer) == (["ask.pressure"] if value is None else [])
    if value is None:
        assert answer.missing[0].values == {"needed": 2}


def test_a_partial_date_is_no_day() -> None:
    answer = asked(*reading(120, 80, 1), *reading(120, 80, 2), observation("systolic", 120, "2026-06"))
    assert answer.value is None


def test_half_a_reading_is_none() -> None:
    halves = (observation("systolic", 120, days_ago(1)), observation("systolic", 120, days_ago(2)))
    assert asked(*halves).value is None
    assert asked(*reading(120, 80, 1), *reading(120, 80, 2), halves[0]).value is True
    assert asked(*reading(120, 80, 3), *reading(120, 80, 2), halves[0]).value is None
    high = (observation("diastolic", 91, days_ago(1)), observation("diastolic", 91, days_ago(2)))
    assert asked(*high).value is False


def test_the_evidence_is_the_days_looked_at() -> None:
    old, *days = (reading(120, 80, ago) for ago in (20, 3, 2, 1))
    undated = observation("systolic", 120, UNREADABLE)
    answer = asked(*old, *(o for day in days for o in day), undated)
    assert set(refs(answer.evidence)) == {o.ref for day in days for o in day} | {undated.ref}
    assert len(answer.evidence) == 7


def test_fewer_days_are_enough_without_hypertension_in_a_reviewed_history() -> None:
    one = reading(120, 80, 1)
    answer = asked(*one, *reviewed())
    assert (answer.value, answer.reason.id) == (True, "pressure.no-hypertension")
    assert answer.reason.values == LIMITS
    assert refs(answer.evidence) == [o.ref for o in one] + ["List/conditions"]
    assert asked(*one).value is None
    assert asked(*reviewed()).value is None
    assert asked(*one, HYPERTENSIVE, *reviewed()).value is None
    assert asked(*reading(141, 80, 1), *reviewed()).value is None
    assert asked(*reading(120, 80, 91), *reviewed()).value is None
    assert asked(*one, *reading(120, 80, UNREADABLE), *reviewed()).value is None
    assert asked(*one, *reviewed(day=days_ago(365).earliest)).value is True
    assert asked(*one, *reviewed(day=days_ago(366).earliest)).value is None
