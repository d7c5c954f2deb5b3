"""Do the monitors of the demo's rooms send what its story tells, and does the sensor that slips off alarm and come back?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.vitals import Condition
from daybreak.demo import devices, rooms, signs
from daybreak.exchange.hl7 import read
from daybreak.exchange.hl7.measured import measured
from daybreak.knowledge.watch import watch
from daybreak.web.bedside import evidence, silence, values
from daybreak.web.bedside.frames import Frame
from daybreak.web.bedside.models import Binding
from daybreak.web.bedside.store import Came, Store
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment import alarms, queries
from tests.web.conftest import NOW
from tests.web.demo.test_rooms import MINUTE, made, session

__all__ = ["made"]
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("monitor", devices.MONITORS, ids=lambda one: one.patient)
def test_each_make_is_read_as_what_the_story_says(monitor) -> None:
    for second in (1, min(signs.cuff(monitor.patient)), signs.over(monitor.patient) - 1):
        told = signs.at(monitor.patient, second)
        assert told is not None
        (report,) = read(monitor.message(told, NOW + second * SECOND))
        assert (report.device, report.sent) == (monitor.name, NOW + second * SECOND)
        found = {one.sign: int(one.value) for one in measured(report) if one.value}
        pressure = dict(zip(("systolic", "diastolic"), told.pressure, strict=True)) if told.pressure else {}
        assert found == {"spo2": told.spo2, "heart_rate": told.pulse, "breaths": told.breaths, **pressure}
    assert signs.at(monitor.patient, signs.over(monitor.patient)) is None


def test_what_is_written_down_is_what_the_cuff_had_measured_and_no_pause_is_too_long_for_it() -> None:
    told = signs.at(rooms.RISES, 2 * 60 - signs.BEFORE)
    assert told is not None
    assert told.pressure == (184, 112)
    lost = {one: feed.lost for one, sign in watch().signs.items() if (feed := sign.feeds.get("cuff"))}
    for number in signs.ROOMS:
        moments = sorted(signs.cuff(number))
        assert max(b - a for a, b in zip(moments, [*moments[1:], signs.over(number)], strict=True)) * SECOND < min(
            lost.values()
        )
        for second in range(0, signs.over(number), 600):
            assert len({signs.at(number, second + n).pulse for n in range(9)}) > 1, (
                "what never changes is no measurement"
            )


def test_the_rooms_are_watched_by_their_monitors_and_the_sensor_that_slips_off_alarms_and_comes_back(made) -> None:
    assert set(Function) == switches.on(session(rooms.LATE).site_id), "the demo's people switched everything on"
    store, nurses, at = Store(), devices.Nurses(), NOW
    seen: dict[int, set[str]] = {}
    for minute in range(1, 19):
        for n, monitor in enumerate(devices.KINDS):
            sent = monitor.messages(opened=NOW, after=at, until=at + MINUTE)
            store._looked = None
            for k, one in enumerate(sent, 1):
                store.take([Came(Frame(one), n, at + k * SECOND)])
        at += MINUTE
        rooms.play(opened=NOW, after=at - MINUTE, until=at, live=True)
        nurses.connect(at=at)
        silence.look(at=at)
        alarms.look_after(at=at)
        seen[minute] = set(queries.now(session(rooms.LATE)).state.alarms)
    assert Binding.objects.count() == 4
    assert not nurses.waiting
    rose = [one for one in queries.now(session(rooms.RISES)).events if one.what == What.ALARM_RAISED]
    assert rose[0].happened < NOW + 2 * MINUTE, "before the nurse had written it down"
    slipped = {minute for minute, found in seen.items() if any("spo2" in one for one in found)}
    assert min(slipped) == 13
    assert max(slipped) <= 18
    assert not any("spo2" in one for one in seen[18])
    row = Binding.objects.get(session=session(rooms.LATE))
    assert values.of_session(row.pk, watch(), at=at)["spo2"].condition is Condition.OK
    left = session(rooms.LEAVES)
    both = Binding.objects.filter(session=left)
    assert [one.end.by for one in both] == [one.by for one in both], "the nurse took both off before they left"
    told = [(one.kind, one.what) for one in evidence.of(left.pk)]
    assert told.count(("pump", "alarm")) == 2, "its line was blocked, and then no more"
    assert ("pump", "event") in told
    stood = {one.told["alarm"] for one in queries.now(left).events if one.what == What.ALARM_RAISED}
    assert stood == {"own.pump.FLUID_LINE_OCCL", "device.pump_stands"}
    (given,) = queries.now(left).state.exposures
    assert (given.mg_low, given.mg_high) == (Decimal("27.1"), Decimal("27.1"))
