"""Is what the file says of watching read as it stands, and does the schema refuse limits that would miss something?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from daybreak.clinical.treatment.limits import Level
from daybreak.knowledge import watch
from daybreak.knowledge.check import problems_of
from daybreak.knowledge.protocols import protocol_ids
from tests.knowledge.conftest import Edit

MINUTE = timedelta(minutes=1)


def test_two_hours_from_the_first_device_are_in_the_file_and_other_routes_have_none() -> None:
    for id in protocol_ids():
        told = watch.schedule(id)
        if id.startswith("esketamine"):
            assert told.from_first == 120 * MINUTE
            assert told.between_devices == 5 * MINUTE
            assert [one.span for one in told.checks if one.kind == "after_first"] == [40 * MINUTE]
        else:
            assert (told.from_first, told.from_last, told.between_devices) == (None, None, None)
        assert watch.measured_again(id) == 15 * MINUTE


def test_a_protocol_that_nobody_knows_is_no_schedule() -> None:
    with pytest.raises(LookupError):
        watch.schedule("ketamine-by-post")


def test_the_limits_of_a_sign() -> None:
    told = watch.watch()
    above = {one.level: one for one in told.signs["systolic"].of("above")}
    assert (above[Level.CAUTION].absolute, above[Level.ALARM].absolute) == (Decimal(160), Decimal(180))
    assert above[Level.ALARM].from_baseline == Decimal(40)
    assert told.paces[Level.ALARM].sound == MINUTE
    assert told.paces[Level.ALARM].escalate == told.pause_most == 2 * MINUTE
    assert told.signs["spo2"].feeds["monitor"].lost == timedelta(seconds=20)
    assert told.signs["spo2"].feeds["hand"].lost is None
    assert watch.silence() == (timedelta(seconds=5), timedelta(seconds=10))
    assert watch.audible_per_hour() == 14
    assert [one["id"] for one in watch.signs()] == list(told.signs)


def test_what_is_signed_is_another_thing_for_another_protocol() -> None:
    digests = {watch.digest(id) for id in protocol_ids()}
    assert len(digests) == len(protocol_ids())


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('level: caution, is: "160"', 'level: caution, is: "180"', "the caution above comes before the alarm"),
        ('is: "160", from_baseline: "25"', 'is: "160", from_baseline: "45"', "the caution above comes before the alarm"),
        ('is: "160", from_baseline: "25", ', 'is: "160", ', "counts from the own value at both levels or at none"),
        ('level: caution, is: "160"', 'level: alarm, is: "160"', "systolic: alarm above stands twice"),
        ('level: alarm, is: "180"', 'level: alarm, is: "400"', "the limit 400 is not among the values that are believed"),
        ('side: above, level: alarm, is: "180"', 'side: below, level: alarm, is: "80"', "alarm below stands twice"),
        ("lost: 1200", "lost: 960", "cuff: a value is stale before it is lost"),
        ("{id: hand, stale", "{id: hand, delay: 5, stale", "nobody writes a value down twice"),
        ("before: true, fresh: 30", "before: true", "before and fresh stand together"),
        ("after_first: 40, early: 5, late: 5", "after_first: 40, early: 5", "what is due at a minute has late"),
        ("after_first: 40, ", "after_first: 40, leaving: true, ", "a check has one of before, after_first"),
        ("every: 10, late: 5, rows: [pressure, spo2, moaa-s], while: dosing", "every: 10, late: 5, rows: [pressure]",
         "every and while stand together"),
        ("id: peak, ", "id: before, ", "esketamine-nasal-us: a check stands twice"),
        ("leaving: true, early: 15", "after_first: 9, late: 5, early: 15",
         "somebody looks before the dose and before leaving"),
        ("- {id: called, level", "- {id: overdue, level", "watch: the id 'overdue' stands 2 times"),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_the_schema_refuses(folder: Path, edit: Edit, old: str, new: str, problem: str) -> None:
    edit("watch.yaml", old, new)
    assert any(problem in one for one in problems_of(folder)), problems_of(folder)


def test_both_levels_are_needed(folder: Path, edit: Edit) -> None:
    text = (folder / "watch.yaml").read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if 'level: caution, is: "95"' in one)
    edit("watch.yaml", line + "\n", "")
    assert any("spo2: below needs a caution and an alarm" in one for one in problems_of(folder))
