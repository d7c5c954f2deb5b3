"""Does an alarm stay until somebody has seen to it, and does nothing late, unreadable or absent end one?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.alarms import (
    EVERYBODY,
    Acknowledge,
    Called,
    NotTaken,
    Overdue,
    Pause,
    What,
    begin,
    step,
    with_baseline,
)
from daybreak.clinical.treatment.limits import Level
from daybreak.clinical.treatment.vitals import Condition
from tests.clinical.treatment.test_vitals import IMPOSSIBLE, NASTY
from tests.clinical.treatment.watching import MINUTE, NOW, PATIENT, SECOND, WATCH, Run, reading

HIGH = "systolic.above"
FAST = {"source": "fast", "sign": "spo2"}
SLOW = {"source": "monitor", "sign": "spo2"}


def test_a_value_within_its_limits_says_nothing() -> None:
    assert Run(baseline={"systolic": 120}).value(130) == []


def test_beyond_the_nearer_line_it_is_raised_with_both_lines() -> None:
    run = Run(baseline={"systolic": 120})
    assert run.value(146) == [f"raised {HIGH}", "sounded"]
    alarm = run.state.alarms[HIGH]
    assert (alarm.level, alarm.value, alarm.present) == (Level.CAUTION, Decimal(146), {"hand"})
    assert (alarm.line.absolute, alarm.line.relative, alarm.line.nearer) == (160, 145, 145)
    assert run.changes[0].role == "nurse"


def test_without_an_own_value_the_absolute_line_counts() -> None:
    run = Run()
    assert run.value(160) == []
    assert run.value(161) == [f"raised {HIGH}", "sounded"]
    assert run.state.alarms[HIGH].line.relative is None
    later = with_baseline(run.state, {"systolic": Decimal(120)})
    after, _ = step(later, reading(166, sequence=9), WATCH, NOW)
    assert after.alarms[HIGH].level is Level.ALARM


def test_louder_is_a_new_alarm_and_quieter_is_not() -> None:
    run = Run()
    run.value(165)
    assert run.value(185) == [f"raised {HIGH}", "sounded"]
    assert run.state.alarms[HIGH].level is Level.ALARM
    assert run.value(165) == []
    assert run.state.alarms[HIGH].level is Level.ALARM


def test_an_alarm_outlives_its_cause_until_somebody_has_seen_it() -> None:
    run = Run()
    run.value(185)
    assert run.value(120, after=SECOND) == []
    assert run.state.alarms[HIGH].present == frozenset()
    assert run.tell(Acknowledge(HIGH, "lm", did="lies down")) == [f"acknowledged {HIGH}", f"resolved {HIGH}"]
    assert run.state.alarms == {}
    assert run.value(185) == [f"raised {HIGH}", "sounded"]


def test_it_ends_only_well_inside_the_line() -> None:
    run = Run()
    run.value(185)
    run.tell(Acknowledge(HIGH, "lm", did="lies down"))
    assert run.value(176) == []  # inside the line by less than `back`
    assert run.state.alarms[HIGH].level is Level.ALARM
    assert run.value(175) == [f"eased {HIGH}"]
    assert run.value(156) == []
    assert run.state.alarms[HIGH].level is Level.CAUTION
    assert run.value(155) == [f"resolved {HIGH}"]


def test_one_that_eased_and_rises_again_is_raised_again() -> None:
    run = Run()
    run.value(185)
    run.tell(Acknowledge(HIGH, "lm", did="lies down"))
    run.value(170)
    assert run.value(165) == []
    assert run.value(185) == [f"raised {HIGH}", "sounded"]
    assert run.state.alarms[HIGH].acknowledged is None


def test_an_alarm_that_was_seen_to_is_quiet_and_comes_back() -> None:
    run = Run()
    run.value(185)
    run.tell(Acknowledge(HIGH, "lm", within=5 * MINUTE))
    assert run.value(190, after=4 * MINUTE) == []
    assert run.tell(after=MINUTE) == [f"raised {HIGH}", "sounded"]
    assert run.state.alarms[HIGH].acknowledged is None


@pytest.mark.parametrize(
    ("within", "again"), [(None, 10 * MINUTE), (timedelta(hours=5), 10 * MINUTE), (-MINUTE, timedelta(0))]
)
def test_nobody_puts_an_alarm_off_for_longer_than_the_most(within: timedelta | None, again: timedelta) -> None:
    state, _ = step(begin(PATIENT, at=NOW), reading(185), WATCH, NOW)
    state, changes = step(state, Acknowledge(HIGH, "lm", did="x", within=within), WATCH, NOW)
    assert changes[0].alarm.acknowledged.again == NOW + again


@pytest.mark.parametrize(
    ("acknowledge", "reason"),
    [
        (Acknowledge(HIGH, "lm"), "alarm.nothing_done"),
        (Acknowledge(HIGH, "lm", did=" \n"), "alarm.nothing_done"),
        (Acknowledge("spo2.below", "lm", did="x"), "alarm.over"),
    ],
)
def test_an_acknowledgement_says_what_is_done_about_what_is_there(acknowledge: Acknowledge, reason: str) -> None:
    run = Run()
    run.value(185)
    with pytest.raises(NotTaken) as refused:
        run.tell(acknowledge)
    assert refused.value.reason.id == reason
    assert run.state.alarms[HIGH].acknowledged is None


def test_the_second_of_two_who_acknowledge_is_told() -> None:
    run = Run()
    run.value(185)
    run.tell(Acknowledge(HIGH, "lm", did="x"))
    with pytest.raises(NotTaken) as refused:
        run.tell(Acknowledge(HIGH, "ab", did="y"))
    assert refused.value.reason.id == "alarm.acknowledged_already"
    assert run.state.alarms[HIGH].acknowledged.by == "lm"


def test_what_nobody_sees_sounds_again_and_reaches_the_next_role() -> None:
    run = Run()
    run.value(185)
    assert run.tell(after=59 * SECOND) == []
    assert run.tell(after=SECOND) == ["sounded"]
    assert run.tell(after=MINUTE) == [f"escalated {HIGH}", "sounded"]
    assert run.changes[-2].role == "prescriber"
    assert run.tell(after=2 * MINUTE) == [f"escalated {HIGH}", "sounded"]
    assert run.changes[-2].role == EVERYBODY
    assert run.tell(after=2 * MINUTE) == ["sounded"]
    run.tell(Acknowledge(HIGH, "lm", did="x"))
    assert run.tell(after=9 * MINUTE) == []


def test_after_a_gap_every_role_that_should_have_been_called_is_called() -> None:
    run = Run()
    run.value(185)
    assert run.tell(after=timedelta(hours=1)) == [f"escalated {HIGH}", f"escalated {HIGH}", "sounded"]
    assert [one.role for one in run.changes[-3:-1]] == ["prescriber", EVERYBODY]


def test_several_alarms_are_one_signal_at_the_pace_of_the_loudest() -> None:
    run = Run()
    assert run.value(165)[-1] == "sounded"
    assert run.tell(after=MINUTE) == []
    assert run.value(85, sign="spo2", after=SECOND) == ["raised spo2.below", "sounded"]
    assert run.tell(after=MINUTE) == ["sounded"]


def test_a_pause_is_named_ends_by_itself_and_is_no_longer_than_the_most() -> None:
    run = Run()
    run.value(185)
    assert run.tell(Pause("lm", timedelta(hours=1))) == ["paused"]
    assert (run.state.silent_by, run.state.silent_until) == ("lm", NOW + 2 * MINUTE)
    with pytest.raises(NotTaken) as refused:
        run.tell(Pause("ab", MINUTE))
    assert refused.value.reason.id == "alarm.paused_already"
    assert run.tell(after=119 * SECOND) == []
    assert run.tell(after=SECOND) == [f"escalated {HIGH}", "sound_on", "sounded"]
    assert (run.state.silent_by, run.state.silent_until) == ("", None)
    assert run.tell(Pause("ab", -MINUTE)) == ["paused", "sound_on", "sounded"]


def test_a_new_alarm_is_not_hidden_behind_a_pause_and_a_new_caution_is_heard_after_it() -> None:
    run = Run()
    run.value(185)
    run.tell(Pause("lm", MINUTE))
    assert run.value(94, sign="spo2") == ["raised spo2.below"]
    assert run.value(85, sign="spo2") == ["sound_on", "raised spo2.below", "sounded"]
    quiet = Run()
    quiet.tell(Pause("lm", MINUTE))
    assert quiet.value(94, sign="spo2") == ["raised spo2.below"]
    assert quiet.tell(after=MINUTE) == ["sound_on", "sounded"]


def test_a_monitor_has_to_say_it_for_as_long_as_its_delay() -> None:
    run = Run()
    assert run.value(94, **SLOW) == []
    assert run.value(94, after=9 * SECOND, **SLOW) == []
    assert run.value(96, after=SECOND, **SLOW) == []
    assert run.value(94, after=SECOND, **SLOW) == []
    assert run.tell(after=10 * SECOND) == ["raised spo2.below", "sounded"]


def test_a_value_that_cannot_be_used_does_not_end_the_wait() -> None:
    run = Run()
    run.value(94, **SLOW)
    assert run.value("---", after=10 * SECOND, **SLOW) == ["raised spo2.not_a_number", "sounded"]
    assert run.value(94, after=SECOND, **SLOW) == ["raised spo2.below", "sounded"]


@pytest.mark.parametrize("value", NASTY, ids=repr)
def test_what_is_no_number_is_an_alarm_and_ends_none(value: Any) -> None:
    run = Run()
    run.value(185)
    assert run.value(value) == ["raised systolic.not_a_number", "sounded"]
    assert run.state.alarms[HIGH].present == {"hand"}
    run.tell(Acknowledge("systolic.not_a_number", "lm", did="measured again"))
    assert run.value(value, after=SECOND) == []
    assert run.value(120, after=SECOND) == ["resolved systolic.not_a_number"]


@pytest.mark.parametrize("value", IMPOSSIBLE, ids=repr)
def test_what_cannot_be_is_an_alarm(value: Any) -> None:
    said = Run().value(value)
    assert said[0] in ("raised systolic.implausible", "raised systolic.not_a_number")


def test_another_unit_and_another_patient_are_alarms() -> None:
    assert Run().value(16, unit="kPa") == ["raised systolic.unit_unknown", "sounded"]
    assert Run().value(120, patient="q") == ["raised systolic.wrong_patient", "sounded"]


def test_a_source_that_falls_silent_is_an_alarm_and_ends_none() -> None:
    run = Run()
    run.value(94, **FAST)
    assert run.tell(after=11 * SECOND) == ["raised spo2.stale", "sounded"]
    assert run.tell(after=10 * SECOND) == ["raised spo2.lost", "sounded"]
    assert run.state.alarms["spo2.below"].present == {"fast"}
    assert run.state.alarms["spo2.stale"].present == frozenset()
    run.value(97, **FAST)
    assert {one.present for one in run.state.alarms.values()} == {frozenset()}
    for id in list(run.state.alarms):
        run.tell(Acknowledge(id, "lm", did="x"))
    assert run.state.alarms == {}


def test_what_a_hand_wrote_grows_old_without_an_alarm_of_its_own() -> None:
    run = Run()
    run.value(120)
    assert run.tell(after=timedelta(hours=2)) == []


def test_a_value_that_stands_still_is_an_alarm() -> None:
    run = Run()
    said: list[str] = []
    for n in range(601):
        said += run.value(97, after=SECOND if n else timedelta(0), **FAST)
    assert said == ["raised spo2.frozen", "sounded"]


def test_two_sources_end_an_alarm_only_together() -> None:
    run = Run()
    run.value(90, sign="spo2")
    assert run.value(90, **FAST) == []
    run.tell(Acknowledge("spo2.below", "lm", did="oxygen"))
    assert run.value(97, **FAST) == []
    assert run.state.alarms["spo2.below"].present == {"hand"}
    assert run.value(97, sign="spo2") == ["resolved spo2.below"]


def test_two_metrics_of_one_monitor_age_apart_and_neither_hides_the_other() -> None:
    run = Run()
    ecg, pulse = {"sign": "spo2", "source": "monitor 1"}, {"sign": "spo2", "source": "monitor 2"}
    for n in range(12):
        run.value(88, **ecg, after=SECOND)
        assert run.value(98, **pulse) == []
        assert ("spo2.below" in run.state.alarms) is (n >= 10)
    assert run.state.alarms["spo2.below"].present == {"monitor 1"}
    run.value(98, **pulse, after=15 * SECOND)
    assert "raised spo2.lost" in run.value(98, **pulse, after=6 * SECOND)
    assert run.state.alarms["spo2.lost"].present == {"monitor 1"}


def test_the_same_once_more_changes_nothing() -> None:
    run = Run()
    run.value(185, sequence=4)
    before = run.state
    assert run.value(185, sequence=4) == []
    assert run.state == before


def test_late_values_end_nothing_and_raise_what_was_not_known() -> None:
    run = Run()
    run.value(185, sequence=5, after=MINUTE)
    assert run.value(120, sequence=4) == []
    assert run.value(120, sequence=6, age=2 * MINUTE) == []  # came after, and was taken before
    assert run.state.alarms[HIGH].present == {"hand"}
    assert run.value(95, sequence=3) == ["raised systolic.below", "sounded"]
    assert run.state.alarms["systolic.below"].present == frozenset()
    assert run.value(95, sequence=2) == []


def test_what_was_raised_late_is_over_when_the_newest_value_is_fine() -> None:
    run = Run()
    run.value(120, sequence=5)
    assert run.value(185, sequence=4) == [f"raised {HIGH}", "sounded"]
    assert run.state.alarms[HIGH].present == frozenset()
    assert run.tell(Acknowledge(HIGH, "lm", did="x"))[-1] == f"resolved {HIGH}"
    assert run.value(185, sequence=3) == []
    assert run.value("---", sequence=2) == ["raised systolic.not_a_number", "sounded"]
    assert run.tell(Acknowledge("systolic.not_a_number", "lm", did="x"))[-1] == "resolved systolic.not_a_number"
    assert run.value("---", sequence=1) == []


def test_a_late_value_from_after_the_last_alarm_is_raised_once_that_is_over() -> None:
    run = Run()
    run.value(185)
    run.value(120, after=MINUTE)
    run.tell(Acknowledge(HIGH, "lm", did="x"))
    run.value(120, after=9 * MINUTE)
    assert run.value(185, age=10 * MINUTE) == []  # of the time of the alarm that somebody saw
    assert run.value(185, age=5 * MINUTE) == [f"raised {HIGH}", "sounded"]


def test_a_late_value_after_one_that_nobody_can_read_is_not_over() -> None:
    run = Run()
    run.value("---", sequence=5)
    assert run.value(185, sequence=4) == [f"raised {HIGH}", "sounded"]
    assert run.state.alarms[HIGH].present == {"hand"}


def test_a_late_value_of_a_source_that_has_to_last_raises_nothing() -> None:
    run = Run()
    run.value(97, sequence=5, **SLOW)
    assert run.value(90, sequence=4, **SLOW) == []


def test_a_late_louder_value_keeps_who_else_says_so() -> None:
    run = Run()
    run.value(94, **FAST)
    run.value(97, sign="spo2", sequence=9)
    assert run.value(90, sign="spo2", sequence=8) == ["raised spo2.below", "sounded"]
    assert run.state.alarms["spo2.below"].present == {"fast"}


def test_overdue_checks_are_alarms_until_they_are_done_and_seen() -> None:
    run = Run()
    assert run.tell(Overdue(frozenset({"peak"}))) == ["raised check.peak", "sounded"]
    assert run.tell(Overdue(frozenset({"peak"})), after=SECOND) == []
    assert run.tell(Overdue(frozenset()), after=SECOND) == []  # done late: that takes no alarm away
    assert "check.peak" in run.state.alarms
    assert run.tell(Acknowledge("check.peak", "lm", did="measured"))[-1] == "resolved check.peak"


def test_an_overdue_check_that_was_seen_and_not_done_comes_back() -> None:
    run = Run()
    run.value(185)
    run.tell(Overdue(frozenset({"peak"})))
    run.tell(Acknowledge("check.peak", "lm", within=MINUTE))
    assert run.tell(Overdue(frozenset({"peak"})), after=MINUTE) == ["raised check.peak", "sounded"]


def test_a_patient_who_calls_again_is_heard_and_waits_no_longer_for_it() -> None:
    run = Run()
    assert run.tell(Called("call")) == ["raised patient.call", "sounded"]
    assert run.tell(Called("call"), after=MINUTE) == ["sounded"]
    assert run.tell(Called("call"), after=MINUTE) == ["escalated patient.call", "sounded"]
    assert run.tell(Acknowledge("patient.call", "lm", did="is there")) == [
        "acknowledged patient.call",
        "resolved patient.call",
    ]
    assert run.tell(Called("call")) == ["raised patient.call", "sounded"]
    run.state = replace(
        run.state, alarms={"patient.call": replace(run.state.alarms["patient.call"], present=frozenset({"x"}))}
    )
    run.tell(Acknowledge("patient.call", "lm", did="is there"))
    assert run.tell(Called("call")) == ["raised patient.call", "sounded"]


def test_a_clock_that_is_set_back_moves_nothing_back() -> None:
    run = Run()
    run.value(185)
    run.tell(after=3 * MINUTE)
    run.at -= timedelta(hours=1)
    assert run.tell() == []
    assert run.state.now == NOW + 3 * MINUTE
    assert run.value(120) == []
    assert run.state.alarms[HIGH].present == frozenset()  # it came last, and is the newest


def test_six_messages_in_every_order_raise_the_same_alarms() -> None:
    sent = [reading(v, sequence=n) for n, v in enumerate((120, 165, 185, 170, "---", 120))]
    found = set()
    for order in permutations(sent):
        run = Run()
        raised: dict[str, Level] = {}
        for one in order:
            run.tell(one, after=SECOND)
        for change in run.changes:
            if change.what is What.RAISED:
                raised[change.alarm.id] = max(change.alarm.level, raised.get(change.alarm.id, change.alarm.level))
        still = {id: (alarm.level, alarm.present) for id, alarm in run.state.alarms.items()}
        found.add((frozenset(raised.items()), frozenset(still.items())))
    assert found == {
        (
            frozenset({(HIGH, Level.ALARM), ("systolic.not_a_number", Level.ALARM)}),
            frozenset(
                {(HIGH, (Level.ALARM, frozenset())), ("systolic.not_a_number", (Level.ALARM, frozenset()))},
            ),
        )
    }


VALUES = st.sampled_from([80, 95, 120, 150, 165, 172, 185, 200, "---", None, "NaN", 500])
EVENTS = st.one_of(
    st.tuples(st.just("value"), VALUES, st.integers(0, 9), st.sampled_from(["hand", "fast"])),
    st.tuples(st.just("ack"), st.integers(0, 3), st.integers(0, 20), st.just("")),
    st.tuples(st.just("pause"), st.integers(0, 300), st.just(0), st.just("")),
    st.tuples(st.just("time"), st.integers(0, 300), st.just(0), st.just("")),
    st.tuples(st.just("overdue"), st.booleans(), st.just(0), st.just("")),
)


@given(st.lists(EVENTS, max_size=30))
def test_the_laws_of_every_alarm(told: list[Any]) -> None:
    """No alarm goes without a name; none is put off too long; what is beyond is raised; silence has an end; time runs forward."""
    run = Run(baseline={"systolic": 120})
    for kind, one, two, source in told:
        before, earlier = run.state, set(run.state.alarms)
        try:
            if kind == "value":
                run.sequence += 1
                run.tell(reading(one, sequence=run.sequence - two, source=source), after=SECOND)
            elif kind == "ack" and earlier:
                id = sorted(earlier)[one % len(earlier)]
                run.tell(Acknowledge(id, "lm", did="x", within=two * MINUTE))
            elif kind == "pause":
                run.tell(Pause("lm", one * SECOND))
            elif kind == "overdue":
                run.tell(Overdue(frozenset({"peak"} if one else ())))
            else:
                run.tell(after=one * SECOND)
        except NotTaken:
            assert run.state is before
            continue
        now = run.state
        for id in earlier - set(now.alarms):  # gone: somebody had acknowledged it
            assert any(c.what is What.ACKNOWLEDGED and c.alarm.id == id for c in run.changes)
        for id, alarm in now.alarms.items():
            assert alarm.acknowledged is None or now.now < alarm.acknowledged.again <= now.now + WATCH.recheck_most
            assert now.loudest[id][0] >= alarm.level
        assert now.silent_until is None or now.now < now.silent_until <= now.now + WATCH.pause_most
        for (sign, source_), latest in now.latest.items():
            if latest.value is not None and latest.value > 160:
                assert source_ in now.alarms[f"{sign}.above"].present
            if latest.condition is not Condition.OK and source_ == "hand":
                assert source_ in now.alarms[f"{sign}.{latest.condition}"].present
        heard = [c for c in run.changes if c.what is What.SOUNDED]
        quiet = all(a.acknowledged for a in now.alarms.values())
        assert quiet or now.silent_until is not None or now.now - heard[-1].at < timedelta(minutes=5)


def test_a_value_that_says_it_is_of_a_time_to_come_is_of_now() -> None:
    run = Run()
    run.value(120, age=-timedelta(hours=1))
    assert run.value(185, after=SECOND) == [f"raised {HIGH}", "sounded"]
    fast = Run()
    fast.value(97, age=-timedelta(hours=1), **FAST)
    assert fast.tell(after=21 * SECOND) == ["raised spo2.lost", "sounded"]


def test_while_a_clock_is_behind_an_alarm_sounds_and_escalates_all_the_same() -> None:
    run = Run()
    run.value(185)
    run.at -= timedelta(hours=1)
    assert run.tell() == []
    assert run.tell(after=MINUTE) == ["sounded"]
    assert run.tell(after=MINUTE) == [f"escalated {HIGH}", "sounded"]


def test_between_two_pauses_it_is_heard() -> None:
    run = Run()
    run.value(185)
    run.tell(Pause("lm", 2 * MINUTE))
    assert run.tell(Pause("lm", 2 * MINUTE), after=2 * MINUTE)[:3] == ["sound_on", "sounded", "paused"]


def test_a_patient_who_calls_again_is_heard_through_a_pause() -> None:
    run = Run()
    run.tell(Called("call"))
    run.tell(Pause("lm", 2 * MINUTE))
    assert run.tell(Called("call"), after=SECOND) == ["sound_on", "sounded"]


def test_one_source_does_not_ease_what_another_still_says() -> None:
    run = Run()
    run.value(90, **FAST)
    run.value(90, sign="spo2")
    run.tell(Acknowledge("spo2.below", "lm", did="oxygen"))
    assert run.value(94, sign="spo2") == []
    assert run.state.alarms["spo2.below"].level is Level.ALARM
    run.value("---", **FAST)
    assert run.value(94, sign="spo2") == []
    assert run.state.alarms["spo2.below"].level is Level.ALARM
    assert run.value(94, **FAST) == ["eased spo2.below"]
