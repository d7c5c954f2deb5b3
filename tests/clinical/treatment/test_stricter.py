"""May a clinic ask for more and never for less, and is every number that it signed the one that counts?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.limits import beyond, line
from daybreak.clinical.treatment.stricter import crossed, laid_over, numbers, outside
from tests.clinical.treatment.test_checks import NASAL, VEIN
from tests.clinical.treatment.watching import WATCH

OWN = {one.name: one.own for one in numbers(WATCH, NASAL)}
HIGH = "systolic.above.alarm.is"


def test_the_protocols_own_numbers_change_nothing() -> None:
    assert outside(OWN, WATCH, NASAL) == ()
    assert crossed(OWN, WATCH) == ()
    assert laid_over(WATCH, NASAL, OWN) == (WATCH, NASAL)


def test_what_the_protocol_leaves_open_has_to_be_asked_for() -> None:
    named = replace(VEIN, from_last=None)
    asked = {one.name: one.own for one in numbers(WATCH, named) if one.own is not None}
    assert [one.name for one in outside(asked, WATCH, named)] == ["watch.from_last"]
    assert outside(asked | {"watch.from_last": Decimal(60)}, WATCH, named) == ()
    _, schedule = laid_over(WATCH, named, asked | {"watch.from_last": Decimal(60)})
    assert (schedule.from_first, schedule.from_last) == (None, timedelta(hours=1))


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        (HIGH, "180", True),
        (HIGH, "170", True),
        (HIGH, "181", False),
        (HIGH, "170.5", False),
        (HIGH, "39", False),
        (HIGH, "NaN", False),
        (HIGH, "Infinity", False),
        ("systolic.above.alarm.from", "41", False),
        ("systolic.above.alarm.from", "0", False),
        ("systolic.below.alarm.is", "89", False),
        ("systolic.below.alarm.is", "95", True),
        ("watch.from_first", "119", False),
        ("watch.from_first", "150", True),
        ("watch.from_last", "89", False),
        ("watch.from_last", "1441", False),
        ("check.falling", "16", False),
        ("check.falling", "10", True),
    ],
)
def test_more_may_be_asked_and_never_less(name: str, value: str, taken: bool) -> None:
    found = outside(OWN | {name: Decimal(value)}, WATCH, NASAL)
    assert [one.name for one in found] == ([] if taken else [name])


def test_a_caution_that_would_not_come_before_the_alarm_is_named() -> None:
    assert crossed(OWN | {HIGH: Decimal(160)}, WATCH) == ("systolic.above",)
    assert crossed(OWN | {"systolic.above.alarm.from": Decimal(25), HIGH: Decimal(150)}, WATCH) == ("systolic.above",)
    assert crossed(OWN | {"systolic.below.alarm.is": Decimal(100)}, WATCH) == ("systolic.below",)
    assert crossed({name: value for name, value in OWN.items() if name != HIGH}, WATCH) == ()


def test_what_was_signed_is_what_counts() -> None:
    watch, schedule = laid_over(
        WATCH, NASAL, OWN | {HIGH: Decimal(170), "watch.from_first": Decimal(150), "check.falling": Decimal(10)}
    )
    assert watch.signs["systolic"].limits[1].absolute == 170
    assert schedule.from_first == timedelta(minutes=150)
    assert [one.span for one in schedule.checks if one.id == "falling"] == [timedelta(minutes=10)]
    assert [one.span for one in schedule.checks if one.id == "peak"] == [timedelta(minutes=40)]


def test_a_limit_that_is_not_counted_from_the_own_value_has_one_number() -> None:
    spo2 = WATCH.signs["spo2"]
    plain = replace(spo2, limits=tuple(replace(one, from_baseline=None) for one in spo2.limits))
    only = replace(WATCH, signs={"spo2": plain})
    found = [one.name for one in numbers(only, replace(NASAL, checks=()))]
    assert found == ["spo2.below.caution.is", "spo2.below.alarm.is", "watch.from_first", "watch.from_last"]
    assert laid_over(only, NASAL, {name: OWN[name] for name in found})[0] == only


@given(st.data(), st.integers(40, 300), st.none() | st.integers(40, 300))
def test_whatever_is_signed_alarms_wherever_the_protocol_does(data: st.DataObject, value: int, own: int | None) -> None:
    asked = {
        one.name: Decimal(data.draw(st.integers(int(one.least), int(one.most)), label=one.name))
        for one in numbers(WATCH, NASAL)
        if one.name.startswith("systolic")
    }
    told = OWN | asked
    assert outside(told, WATCH, NASAL) == ()
    signed, _ = laid_over(WATCH, NASAL, told)
    baseline = None if own is None else Decimal(own)
    for before, after in zip(WATCH.signs["systolic"].limits, signed.signs["systolic"].limits, strict=True):
        assert not beyond(before, Decimal(value), baseline) or beyond(after, Decimal(value), baseline), line(
            after, baseline
        )
