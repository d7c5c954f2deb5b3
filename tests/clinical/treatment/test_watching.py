"""Is the same watched however often its events are read, and does nothing that sounded vanish?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daybreak.clinical.treatment.checks import DEVICE, Due
from daybreak.clinical.treatment.events import Event, What
from daybreak.clinical.treatment.limits import Level
from daybreak.clinical.treatment.watching import SOUND, Silent, Watched, silent, untold, watched
from tests.clinical.treatment.test_checks import NASAL
from tests.clinical.treatment.watching import MINUTE, NOW, PATIENT, WATCH

HIGH = "systolic.above"


class Room:
    """A session whose clock writes down what it finds, as the server does."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.at = NOW
        self.tell(What.ARRIVED)

    def look(self) -> Watched:
        about = {"patient": PATIENT, "watch": WATCH, "schedule": NASAL, "begun": NOW}
        return watched(self.events, **about, now=self.at)

    def write(self) -> list[str]:
        """What the clock writes down now."""
        found = untold(self.look(), self.events)
        for what, details in found:
            self._add(what, details)
        return [f"{what.removeprefix('alarm_')} {details['alarm']}" for what, details in found]

    def tell(
        self, what: What, after: timedelta = timedelta(0), /, *, age: timedelta = timedelta(0), **details: Any
    ) -> list[str]:
        self.at += after
        self._add(what, details, happened=self.at - age, late=bool(age))
        return self.write()

    def pressure(self, systolic: Any, after: timedelta = timedelta(0), **other: Any) -> list[str]:
        value = {"systolic": str(systolic), "diastolic": "80"}
        return self.tell(What.CHECK, after, row="pressure", value=value, **other)

    def dose(self, after: timedelta = timedelta(0)) -> list[str]:
        return self.tell(What.DOSE, after, drug="esketamine", route="nasal", n=1, mg_low="28", mg_high="28", full=True)

    def wait(self, minutes: float) -> list[str]:
        self.at += minutes * MINUTE
        return self.write()

    def _add(self, what: What, details: Any, *, happened: datetime | None = None, late: bool = False) -> None:
        seq = len(self.events) + 1
        self.events.append(
            Event(seq, what, details, happened=happened or self.at, received=self.at, late=late, by="lm")
        )


def test_before_the_dose_only_absolute_lines_count_and_after_it_the_own_value() -> None:
    room = Room()
    assert room.pressure(130) == []
    assert room.look().alarms.baseline == {}
    room.tell(What.CHECK, row="spo2", value="97")
    room.dose(MINUTE)
    assert room.look().alarms.baseline == {"systolic": Decimal(130), "spo2": Decimal(97)}
    assert room.pressure(156, MINUTE) == [f"raised {HIGH}"]
    line = room.look().alarms.alarms[HIGH].line
    assert (line.absolute, line.relative) == (160, 155)
    assert room.events[-1].told == {
        "alarm": HIGH,
        "level": "caution",
        "at": room.at.isoformat(),
        "since": room.at.isoformat(),
        "role": "nurse",
        "value": "156",
        "absolute": "160",
        "relative": "155",
    }


def test_a_value_from_long_before_is_nobodys_own_value() -> None:
    room = Room()
    room.pressure(130)
    room.dose(31 * MINUTE)
    assert room.look().alarms.baseline == {}


def test_what_was_told_is_not_told_again() -> None:
    room = Room()
    assert room.pressure(185) == [f"raised {HIGH}"]
    assert room.write() == []
    assert room.wait(2) == [f"escalated {HIGH}"]
    assert room.write() == []
    assert room.wait(0.01) == []
    assert room.wait(2) == [f"escalated {HIGH}"]
    assert room.tell(What.ALARM_ACKNOWLEDGED, alarm=HIGH, did="lies down") == []
    assert room.wait(10) == [f"raised {HIGH}"]
    assert room.write() == []
    room.tell(What.ALARM_ACKNOWLEDGED, alarm=HIGH, within="5")
    assert room.pressure(120, MINUTE) == [f"resolved {HIGH}"]
    assert room.look().alarms.alarms == {}
    assert room.wait(60) == []


def test_after_a_gap_everything_that_was_due_is_told() -> None:
    room = Room()
    room.pressure(185)
    room.at += timedelta(hours=1)
    assert room.pressure(180) == [f"escalated {HIGH}", f"escalated {HIGH}"]


def test_a_check_that_nobody_did_is_an_alarm_until_it_is_done_and_seen() -> None:
    room = Room()
    room.pressure(130)
    room.dose()
    assert room.wait(45) == []
    assert room.wait(1) == ["raised check.peak"]
    assert room.wait(2) == ["escalated check.peak"]
    room.tell(What.CHECK, row="spo2", value="97")
    assert room.pressure(130) == []
    assert "check.peak" in room.look().alarms.alarms
    assert room.tell(What.ALARM_ACKNOWLEDGED, alarm="check.peak", did="measured") == ["resolved check.peak"]
    assert room.wait(5) == []
    item = next(one for one in room.look().items if one.id == "peak")
    assert (item.state, item.missed) == (Due.DONE, True)
    assert room.look().until == NOW + 120 * MINUTE


def test_a_late_entry_answers_the_check_and_takes_no_alarm_away() -> None:
    room = Room()
    room.pressure(130)
    room.dose()
    room.wait(46)
    room.tell(What.CHECK, age=5 * MINUTE, row="spo2", value="97")
    room.pressure(130, age=5 * MINUTE)
    item = next(one for one in room.look().items if one.id == "peak")
    assert (item.state, item.missed) == (Due.DONE, False)
    assert room.look().alarms.alarms["check.peak"].present == frozenset()


def test_the_sound_is_paused_by_name() -> None:
    room = Room()
    room.pressure(185)
    room.tell(What.ALARM_ACKNOWLEDGED, alarm=SOUND)
    assert (room.look().alarms.silent_by, room.look().alarms.silent_until) == ("lm", NOW + 2 * MINUTE)


def test_what_cannot_be_acknowledged_changes_nothing() -> None:
    room = Room()
    room.pressure(185)
    room.tell(What.ALARM_ACKNOWLEDGED, alarm="spo2.below", did="x")
    assert set(room.look().alarms.alarms) == {HIGH}


def test_the_patient_calls() -> None:
    room = Room()
    assert room.tell(What.CALLED, what="breathe") == ["raised patient.breathe"]
    assert room.tell(What.CALLED) == ["raised patient.call"]


def test_a_correction_takes_no_alarm_away_and_is_the_newest_value() -> None:
    room = Room()
    room.pressure(185)
    right = {"row": "pressure", "value": {"systolic": "135", "diastolic": "80"}}
    assert room.tell(What.CORRECTED, MINUTE, seq=2, told=right) == []
    assert room.look().alarms.alarms[HIGH].present == frozenset()
    assert room.tell(What.ALARM_ACKNOWLEDGED, alarm=HIGH, did="mistyped") == [f"resolved {HIGH}"]
    assert room.tell(What.CORRECTED, seq=1, told={}) == []
    assert room.tell(What.CORRECTED, seq=99, told={}) == []


def test_a_corrected_own_value_moves_the_line_and_keeps_what_sounded() -> None:
    room = Room()
    room.pressure(120)
    room.dose()
    room.pressure(150, MINUTE)
    right = {"row": "pressure", "value": {"systolic": "140", "diastolic": "80"}}
    room.tell(What.CORRECTED, MINUTE, seq=2, told=right)
    assert room.look().alarms.baseline["systolic"] == 140
    assert room.look().alarms.alarms[HIGH].level is Level.CAUTION


def back(room: Room, seq: int, **more: Any) -> list[str]:
    told = {**room.events[seq - 1].told, "taken_back": True}
    return room.tell(What.CORRECTED, MINUTE, seq=seq, told=told, **more)


def test_a_calm_value_that_is_taken_back_brings_the_one_before_it_back() -> None:
    room = Room()
    room.pressure(185)
    room.tell(What.ALARM_ACKNOWLEDGED, alarm=HIGH, did="looked")
    assert room.pressure(130, MINUTE) == [f"resolved {HIGH}"]
    assert back(room, len(room.events) - 1) == [f"raised {HIGH}"]


def test_without_a_value_before_it_nothing_is_known_and_no_alarm_ends() -> None:
    room = Room()
    room.pressure(185)
    assert back(room, 2) == []
    assert not room.look().alarms.latest
    assert room.look().alarms.alarms[HIGH].present == {"hand"}
    room.tell(What.CHECK, source="fast", row="pressure", value={"systolic": "130", "diastolic": "80"})
    assert room.look().alarms.alarms[HIGH].level is Level.ALARM
    room.pressure(130, MINUTE)
    assert not room.look().alarms.alarms[HIGH].present


def test_a_value_that_was_earlier_than_was_thought_is_no_longer_the_newest() -> None:
    room = Room()
    room.pressure(185, 10 * MINUTE)
    room.tell(What.ALARM_ACKNOWLEDGED, alarm=HIGH, did="looked")
    room.pressure(130, MINUTE)
    seq = len(room.events) - 1
    told = {"told": room.events[seq - 1].told, "happened": NOW.isoformat()}
    assert room.tell(What.CORRECTED, MINUTE, seq=seq, **told) == [f"raised {HIGH}"]


def test_a_delay_that_ran_for_a_value_that_never_was_is_over() -> None:
    room = Room()
    room.tell(What.CHECK, row="spo2", value="80", source="monitor")
    back(room, 2)
    assert not room.look().alarms.pending


@pytest.mark.parametrize("value", ["---", None, {}, "130", {"systolic": "NaN", "diastolic": None}])
def test_a_pressure_that_is_none_is_an_alarm_and_no_own_value(value: Any) -> None:
    room = Room()
    assert "raised systolic.not_a_number" in room.tell(What.CHECK, row="pressure", value=value)
    room.dose()
    assert room.look().alarms.baseline == {}


def test_another_unit_another_patient_and_rows_that_nobody_watches() -> None:
    room = Room()
    assert room.tell(What.CHECK, row="spo2", value="97", unit="kPa") == ["raised spo2.unit_unknown"]
    assert room.tell(What.CHECK, row="spo2", value="97", patient="q") == ["raised spo2.wrong_patient"]
    assert room.tell(What.CHECK, row="nausea", value="3") == []


def test_what_sounded_is_there_also_when_nothing_would_raise_it_now() -> None:
    room = Room()
    room.pressure(185)
    room.events[1] = Event(2, What.EVENT, {"text": "x"}, happened=NOW, received=NOW, by="lm")
    found = room.look().alarms.alarms[HIGH]
    assert (found.level, found.present, found.acknowledged) == (Level.ALARM, frozenset(), None)


def test_what_lasts_is_there_until_it_is_over_and_comes_back_when_it_was_only_seen() -> None:
    room = Room()
    assert room.tell(What.ALARM_RAISED, alarm="site.unheard", level="caution", at=NOW.isoformat(), lasts=True) == []
    assert room.tell(What.ALARM_ACKNOWLEDGED, alarm="site.unheard", within="5") == []
    assert room.wait(4) == []
    assert room.wait(1) == ["raised site.unheard"]
    assert room.wait(10) == ["escalated site.unheard"], "as loud as it was"
    assert room.tell(What.ALARM_RESOLVED, alarm="site.unheard", at=room.at.isoformat(), over=True) == []
    assert "site.unheard" not in room.look().alarms.alarms
    assert room.wait(30) == []


def test_of_two_values_in_one_instant_the_louder_one_is_told_too() -> None:
    room = Room()
    assert room.pressure(165) == [f"raised {HIGH}"]
    assert room.pressure(185) == [f"raised {HIGH}"]
    assert [one.told["level"] for one in room.events if one.what == What.ALARM_RAISED] == ["caution", "alarm"]
    assert room.pressure(170) == [], "a calmer one takes nothing away"


def test_a_session_that_is_over_grows_no_older() -> None:
    room = Room()
    room.pressure(130)
    room.dose()
    room.tell(What.ENDED, MINUTE, outcome="transferred")
    assert room.wait(600) == []
    assert room.look().items == ()


def test_a_sedative_begins_the_watch_anew() -> None:
    room = Room()
    room.pressure(130)
    room.dose()
    room.tell(What.RESCUE, 60 * MINUTE, drug="x", kind="sedative", mg="1", watch_again=True)
    assert room.look().until == NOW + 180 * MINUTE


STEPS = st.one_of(
    st.tuples(st.just("pressure"), st.sampled_from([95, 120, 150, 165, 185, 205])),
    st.tuples(st.just("late"), st.sampled_from([95, 150, 185, 205])),
    st.tuples(st.just("ack"), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.integers(0, 30)),
    st.tuples(st.just("dose"), st.just(0)),
    st.tuples(st.just("call"), st.just(0)),
    st.tuples(st.just("silence"), st.just(0)),
)


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=14))
def test_read_again_it_is_the_same_and_nothing_that_sounded_is_lost(steps: list[tuple[str, int]]) -> None:
    room = Room()
    room.pressure(125)
    for kind, n in steps:
        before = room.look().alarms
        open_ = sorted(before.alarms)
        if kind == "pressure":
            room.pressure(n, MINUTE)
        elif kind == "late":
            room.pressure(n, MINUTE, age=3 * MINUTE)
        elif kind == "ack" and open_:
            room.tell(What.ALARM_ACKNOWLEDGED, MINUTE, alarm=open_[n % len(open_)], did="x")
        elif kind == "wait":
            room.wait(n)
        elif kind == "dose":
            room.dose(MINUTE)
        elif kind == "call":
            room.tell(What.CALLED, MINUTE)
        elif kind == "silence":
            room.tell(What.ALARM_ACKNOWLEDGED, MINUTE, alarm=SOUND)
        assert room.write() == [], "told twice"
        after = room.look().alarms
        said = {one.told["alarm"] for one in room.events if one.what == What.ALARM_ACKNOWLEDGED}
        assert set(open_) - set(after.alarms) <= said
        resolved = [one.told["alarm"] for one in room.events if one.what == What.ALARM_RESOLVED]
        raised = [one.told["alarm"] for one in room.events if one.what == What.ALARM_RAISED]
        for id in set(raised):
            assert (id in after.alarms) == (_last(raised, resolved, id, room.events))


def _last(raised: list[str], resolved: list[str], id: str, events: list[Event]) -> bool:
    """Was it raised after it was resolved for the last time?"""
    ends = [one.seq for one in events if one.what == What.ALARM_RESOLVED and one.told["alarm"] == id]
    begins = [one.seq for one in events if one.what == What.ALARM_RAISED and one.told["alarm"] == id]
    return not ends or begins[-1] > ends[-1]


def test_a_value_of_which_nobody_knows_when_it_was_ends_no_alarm_and_answers_no_check() -> None:
    room = Room()
    room.pressure(130)
    room.dose()
    room.pressure(190, 30 * MINUTE)
    room.wait(16)  # the check at 40 minutes is overdue
    for row, value in (("pressure", {"systolic": "120", "diastolic": "80"}), ("spo2", "97")):
        room.tell(What.CHECK, row=row, value=value)
        room.events = [
            replace(one, uncertain_s=86400, late=True) if one.what == What.CHECK and one.told["value"] == value else one
            for one in room.events
        ]
    assert room.look().alarms.alarms[HIGH].present == {"hand"}
    assert "check.peak" in room.look().alarms.alarms
    assert next(one for one in room.look().items if one.id == "peak").state is Due.OVERDUE


def device(room: Room, n: int, after: timedelta = timedelta(0)) -> list[str]:
    told = {"drug": "esketamine", "route": "nasal", "n": n, "of": 2, "mg_low": "28", "mg_high": "28"}
    return room.tell(What.DOSE, after, **told)


def test_a_second_device_that_was_planned_and_not_given_alarms_until_it_is() -> None:
    room = Room()
    device(room, 1)
    ahead = {one.id: one for one in room.look().items}[DEVICE]
    assert (ahead.state, ahead.at) == (Due.AHEAD, NOW + 5 * MINUTE)
    assert room.wait(6) == []
    assert room.wait(5) == ["raised check.device"]
    device(room, 2)
    assert DEVICE not in {one.id for one in room.look().items}
    assert room.tell(What.ALARM_ACKNOWLEDGED, alarm="check.device", did="given") == ["resolved check.device"]


@pytest.mark.parametrize("what", [What.PAUSED, What.STOPPED])
def test_a_dose_that_somebody_holds_up_is_not_overdue(what: What) -> None:
    room = Room()
    device(room, 1)
    room.tell(what, why="nausea")
    assert DEVICE not in {one.id for one in room.look().items}


def test_of_own_values_a_sure_one_goes_before_one_that_can_have_been_after_the_dose() -> None:
    def own(*, sure: bool) -> dict[str, Decimal]:
        room = Room()
        if sure:
            room.pressure(120)
        room.at += 10 * MINUTE
        told = {"row": "pressure", "value": {"systolic": "150", "diastolic": "80"}}
        seq, later = len(room.events) + 1, room.at + 5 * MINUTE
        unsure = Event(seq, What.CHECK, told, happened=room.at, received=later, uncertain_s=120, late=True, by="lm")
        room.events.append(unsure)
        room.dose(MINUTE)
        return dict(room.look().alarms.baseline)

    assert own(sure=True) == {"systolic": Decimal(120)}
    assert own(sure=False) == {"systolic": Decimal(150)}


def test_the_sound_is_off_until_something_new_is_heard_or_the_time_is_over() -> None:
    room = Room()
    assert silent(room.events, WATCH, room.at) is None

    def off() -> bool:
        return silent(room.events, WATCH, room.at) is not None

    room.tell(What.ALARM_ACKNOWLEDGED, alarm=SOUND)
    assert silent(room.events, WATCH, room.at) == Silent("lm", NOW + 2 * MINUTE)
    assert silent(room.events, WATCH, NOW - MINUTE) is None
    room.pressure(165, MINUTE)
    assert off(), "a caution waits for the end of it"
    room.pressure(185, MINUTE / 2)
    assert not off()
    for what in (What.CALLED, What.EMERGENCY_OPENED):
        room.tell(What.ALARM_ACKNOWLEDGED, 5 * MINUTE, alarm=SOUND)
        assert off()
        room.tell(what)
        assert not off()
    room.tell(What.ALARM_ACKNOWLEDGED, 5 * MINUTE, alarm=SOUND)
    room.at += 2 * MINUTE
    assert not off()
    assert room.look().alarms.silent_until is None
