"""Is a reading believed only when it is this patient's, a number, in the right unit, possible and fresh?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.limits import Level, beyond, inside, line
from daybreak.clinical.treatment.vitals import Condition, baseline, condition, follow, newer, number, read, shown
from tests.clinical.treatment.watching import MINUTE, MONITOR, NOW, PATIENT, SECOND, WATCH, limit, reading

SIGN = WATCH.signs["systolic"]
# What devices and people send where a number should be.
NASTY: tuple[Any, ...] = (
    *(
        None,
        "",
        " ",
        "---",
        "--",
        ">99",
        "<30",
        "~120",
        "?",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "1e2",
        "0x78",
        "1_2_0",
        "120 mmHg",
    ),
    *(
        "120/80",
        "12O",
        "120,5",
        "1.2.3",
        ".5",
        "120.",
        "+",
        "１２０",
        "١٢٠",
        "½",
        "120\x00",
        "1 20",
        "null",
        "undefined",
    ),
    *(
        float("nan"),
        float("inf"),
        float("-inf"),
        True,
        False,
        [],
        {},
        (120,),
        b"120",
        Decimal("NaN"),
        Decimal("Infinity"),
    ),
)
IMPOSSIBLE = ("0", "-1", "39", "301", "99999999999999999999999", 1e22, "-120")


@pytest.mark.parametrize("value", NASTY, ids=repr)
def test_what_is_no_number_is_none(value: Any) -> None:
    assert number(value) is None
    assert read(reading(value), SIGN, patient=PATIENT) == (None, Condition.NOT_A_NUMBER)


@pytest.mark.parametrize("value", IMPOSSIBLE, ids=repr)
def test_what_cannot_be_is_not_believed(value: Any) -> None:
    found, why = read(reading(value), SIGN, patient=PATIENT)
    assert found is None
    assert why in (Condition.IMPLAUSIBLE, Condition.NOT_A_NUMBER)


@given(st.text("0123456789.-+eE<>/ _,~?xXO%°½²１٣NaN\u200b\u00a0", max_size=8) | st.text(max_size=8))
def test_whatever_text_comes_it_is_a_number_of_plain_digits_or_none(text: str) -> None:
    found = number(text)
    assert found is None or (found.is_finite() and text.strip().lstrip("+-").replace(".", "", 1).isascii())


@pytest.mark.parametrize(
    ("value", "found"), [("120", 120), (" 120 ", 120), (120, 120), ("+120.5", "120.5"), (97.5, "97.5")]
)
def test_a_number_is_read_as_it_stands(value: Any, found: Any) -> None:
    assert read(reading(value), SIGN, patient=PATIENT) == (Decimal(found), Condition.OK)


@pytest.mark.parametrize("unit", [None, "", "kPa", "kpa", "MMHG", "%", "mm", "cm[H2O]"])
def test_another_unit_is_never_converted(unit: str | None) -> None:
    assert read(reading("120", unit=unit), SIGN, patient=PATIENT) == (None, Condition.UNIT_UNKNOWN)


@pytest.mark.parametrize("patient", [None, "", "q", "P", "p "])
def test_the_value_of_somebody_else_is_nobodys(patient: str | None) -> None:
    assert read(reading("120", patient=patient), SIGN, patient=PATIENT) == (None, Condition.WRONG_PATIENT)


def latest(value: str | None, *, at: timedelta = timedelta(0), sequence: int = 1, before: Any = None, why=Condition.OK):
    found = Decimal(value) if value else None
    return follow(
        reading(value, sign="spo2", source="monitor", sequence=sequence),
        before,
        value=found,
        condition=why,
        taken=NOW + at,
    )


@pytest.mark.parametrize(
    ("age", "found"),
    [(0, "ok"), (10, "ok"), (11, "stale"), (20, "stale"), (21, "lost"), (86400, "lost")],
)
def test_a_value_grows_old(age: int, found: str) -> None:
    assert condition(latest("97"), MONITOR, NOW + age * SECOND) == found


def test_what_cannot_be_used_stays_so_until_it_is_lost() -> None:
    broken = latest(None, why=Condition.NOT_A_NUMBER)
    assert condition(broken, MONITOR, NOW + 15 * SECOND) == Condition.NOT_A_NUMBER
    assert condition(broken, MONITOR, NOW + 25 * SECOND) == Condition.LOST


def test_a_value_that_does_not_move_is_frozen() -> None:
    one = latest("97")
    for n in range(1, 601):
        one = latest("97", at=n * SECOND, sequence=n + 1, before=one)
        assert condition(one, MONITOR, one.taken) == (Condition.FROZEN if n == 600 else Condition.OK)
    moved = latest("98", at=601 * SECOND, sequence=602, before=one)
    assert condition(moved, MONITOR, moved.taken) == Condition.OK


def test_two_values_that_cannot_be_used_are_not_the_same_value() -> None:
    one = latest(None, why=Condition.NOT_A_NUMBER)
    two = latest(None, at=SECOND, sequence=2, before=one, why=Condition.NOT_A_NUMBER)
    assert two.same_since == NOW + SECOND


def test_newer_is_what_came_after_and_was_taken_no_sooner() -> None:
    one = latest("97", sequence=5)
    assert newer(reading("1", sequence=1), None, taken=NOW)
    assert newer(reading("1", sequence=6), one, taken=NOW)
    assert not newer(reading("1", sequence=5), one, taken=NOW + SECOND)
    assert not newer(reading("1", sequence=6), one, taken=NOW - SECOND)


def test_shown_is_the_newest_that_can_be_used() -> None:
    sign = WATCH.signs["spo2"]
    hand = follow(reading("96", sign="spo2"), None, value=Decimal(96), condition=Condition.OK, taken=NOW)
    device = latest("90", at=15 * SECOND)
    found = shown(sign, [hand, device], NOW + 20 * SECOND)
    assert (found.latest, found.condition, found.age) == (device, Condition.OK, 5 * SECOND)
    found = shown(sign, [hand, device], NOW + 40 * SECOND)
    assert (found.latest, found.condition, found.age) == (hand, Condition.OK, 40 * SECOND)
    found = shown(sign, [hand, device], NOW + 60 * MINUTE)
    assert (found.latest, found.condition) == (device, Condition.LOST)
    assert shown(sign, [], NOW) is None


def test_the_own_value_is_the_last_before_the_first_dose_and_fresh() -> None:
    first = NOW + 30 * MINUTE
    told = [(NOW, Decimal(120)), (NOW + 20 * MINUTE, Decimal(130)), (NOW + 31 * MINUTE, Decimal(180))]
    assert baseline(told, first=first, fresh=30 * MINUTE) == Decimal(130)
    assert baseline(told[:1], first=first, fresh=30 * MINUTE) == Decimal(120)
    assert baseline(told[:1], first=first, fresh=29 * MINUTE) is None
    assert baseline([], first=first, fresh=30 * MINUTE) is None


@pytest.mark.parametrize(
    ("side", "absolute", "away", "own", "lines"),
    [
        ("above", 160, 25, None, (160, None, 160)),
        ("above", 160, None, 120, (160, None, 160)),
        ("above", 160, 25, 120, (160, 145, 145)),
        ("above", 160, 25, 150, (160, 175, 160)),
        ("below", 90, 25, 120, (90, 95, 95)),
        ("below", 90, 25, 100, (90, 75, 90)),
    ],
)
def test_the_nearer_line_decides_and_both_are_told(side, absolute, away, own, lines) -> None:
    one = limit(side, Level.ALARM, absolute, away)
    found = line(one, None if own is None else Decimal(own))
    assert (found.absolute, found.relative, found.nearer) == lines


def test_a_limit_is_passed_beyond_its_line_and_over_well_inside_it() -> None:
    above, below = limit("above", Level.ALARM, 180), limit("below", Level.ALARM, 90)
    assert [beyond(above, Decimal(n), None) for n in (180, 181)] == [False, True]
    assert [inside(above, Decimal(n), None) for n in (175, 176)] == [True, False]
    assert [beyond(below, Decimal(n), None) for n in (90, 89)] == [False, True]
    assert [inside(below, Decimal(n), None) for n in (95, 94)] == [True, False]
