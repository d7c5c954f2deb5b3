"""Is what a device sends by itself judged as it comes, and told as often as it is news?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.clinical.treatment import live
from daybreak.clinical.treatment.alarms import Acknowledge, Says, begin
from daybreak.clinical.treatment.events import Event, What
from daybreak.clinical.treatment.lag import Lag, Rule, age, begun, waited
from daybreak.clinical.treatment.limits import Level
from daybreak.clinical.treatment.watching import Said, untold, watched
from daybreak.knowledge.watch import schedule
from tests.clinical.treatment.watching import MINUTE, NOW, PATIENT, SECOND, WATCH, Run, reading

LASTS = 10 * SECOND
RULE = Rule(within=MINUTE, steps=(60 * MINUTE, 30 * MINUTE), off=30 * SECOND)
LOW = Says("spo2.below", Level.CAUTION, frozenset({"monitor 1"}))
OVER = Says("spo2.below", Level.CAUTION, frozenset(), frozenset({"monitor 1"}))


class Monitor:
    """A monitor that sends a value every second."""

    def __init__(self) -> None:
        self.now, self.at, self.n = live.Now(begin(PATIENT, at=NOW)), NOW, 0

    def sends(self, value: object, *, seconds: int = 1, source: str = "monitor 1", **other: object) -> list[str]:
        """What was told meanwhile: the alarm, how loud, and `over`."""
        found = []
        for _ in range(seconds):
            self.at += SECOND
            self.n += 1
            readings = [reading(value, sign="spo2", source=source, sequence=self.n, received=self.at, **other)]
            self.now = live.judged(self.now, readings, WATCH, self.at)
            self.now, told = live.news(self.now, lasts=LASTS, at=self.at)
            found += [f"{one.alarm} {one.level.name if one.sources else 'over'}" for one in told]
        return found


def test_a_crossing_is_told_once_it_has_lasted_and_that_it_is_over_once_that_has() -> None:
    run = Monitor()
    assert run.sends(97, seconds=30) == []
    assert run.sends(94, seconds=10) == []
    assert run.sends(94, seconds=60) == ["spo2.below CAUTION"]
    assert run.sends(97, seconds=10) == []
    assert run.sends(97, seconds=1) == ["spo2.below over"]
    assert run.sends(97, seconds=60) == []


def test_louder_is_news_and_what_comes_and_goes_is_not() -> None:
    run = Monitor()
    assert run.sends(94, seconds=11) == ["spo2.below CAUTION"]
    assert run.sends(90, seconds=11) == ["spo2.below ALARM"]
    assert run.now.told["spo2.below"].level is Level.ALARM
    assert run.sends("---") == ["spo2.not_a_number ALARM"]
    for _ in range(20):
        assert [run.sends(93, seconds=2), run.sends("---")] == [[], []]


def test_another_metric_that_says_so_is_news() -> None:
    run = Monitor()
    assert run.sends(90, seconds=11) == ["spo2.below ALARM"]
    assert run.sends(90, seconds=9, source="monitor 2") == []
    assert run.sends(90, seconds=2, source="monitor 2")[0] == "spo2.below ALARM"
    assert run.now.told["spo2.below"].sources == {"monitor 1", "monitor 2"}


def test_a_value_that_stands_still_or_is_of_somebody_else_is_told() -> None:
    run = Monitor()
    assert run.sends(97, seconds=601) == ["spo2.frozen ALARM"]
    assert run.sends(96, seconds=11) == ["spo2.frozen over"]
    assert run.sends(96, patient="q") == ["spo2.wrong_patient ALARM"]
    assert run.sends(96, unit="kPa") == ["spo2.unit_unknown ALARM"]


def test_what_a_device_says_is_an_alarm_as_any_other() -> None:
    run = Run()
    assert run.tell(OVER) == []
    assert run.tell(LOW) == ["raised spo2.below", "sounded"]
    assert run.tell(LOW) == []
    assert run.tell(Says("spo2.below", Level.ALARM, frozenset({"monitor 1"}))) == ["raised spo2.below", "sounded"]
    assert run.tell(Acknowledge("spo2.below", "lm", did="oxygen")) == ["acknowledged spo2.below"]
    assert run.tell(after=10 * MINUTE) == ["raised spo2.below", "sounded"]
    run.tell(Acknowledge("spo2.below", "lm", did="oxygen"))
    assert run.tell(OVER, after=SECOND) == ["resolved spo2.below"]


def test_a_hand_that_measures_something_else_does_not_end_what_a_device_says() -> None:
    run = Run()
    run.tell(LOW)
    run.tell(Acknowledge("spo2.below", "lm", did="oxygen"))
    assert run.value(98, sign="spo2") == []
    assert run.state.alarms["spo2.below"].present == {"monitor 1"}


def test_in_a_session_it_stands_between_the_events_and_is_told_once() -> None:
    common = {
        "patient": PATIENT,
        "watch": WATCH,
        "schedule": schedule("esketamine-nasal-us"),
        "begun": NOW,
        "now": NOW + 2 * MINUTE,
    }
    events = [
        Event(1, What.ARRIVED, happened=NOW),
        Event(2, What.ALARM_ACKNOWLEDGED, {"alarm": "spo2.below", "did": "oxygen"}, happened=NOW + MINUTE, by="lm"),
    ]
    said = [Said(1, NOW + SECOND, LOW), Said(2, NOW + MINUTE + SECOND, OVER)]
    found = watched(events, said=said, **common)  # type: ignore[arg-type]
    told = untold(found, events)
    assert [(what, one["alarm"], one["level"]) for what, one in told] == [
        (What.ALARM_RAISED, "spo2.below", "caution"),
        (What.ALARM_RESOLVED, "spo2.below", "caution"),
    ]
    assert told[0][1]["at"] == (NOW + SECOND).isoformat()
    again = [*events[:1], Event(2, told[0][0], told[0][1], happened=NOW + SECOND)]
    assert untold(watched(again, said=said[:1], **common), again) == []  # type: ignore[arg-type]


def test_how_long_a_message_waited_is_known_beside_the_others_whatever_the_clock_of_the_device() -> None:
    for wrong in (-24 * MINUTE, 0 * MINUTE, 24 * MINUTE):
        lag, found = Lag(), []
        for n, late in enumerate([0, 1, 0, 120, 119, 0]):
            sent = NOW + n * SECOND - late * SECOND + wrong
            lag, one = waited(lag, sent=sent, received=NOW + n * SECOND, rule=RULE)
            found.append(one // SECOND)
        assert found == [0, 1, 0, 120, 119, 0]


def test_after_a_silence_what_waited_meanwhile_is_old() -> None:
    lag, _ = waited(Lag(), sent=NOW, received=NOW, rule=RULE)
    lag, one = waited(lag, sent=NOW + SECOND, received=NOW + 10 * MINUTE, rule=RULE)
    assert one == 10 * MINUTE - SECOND
    _, one = waited(lag, sent=NOW + 10 * MINUTE, received=NOW + 10 * MINUTE, rule=RULE)
    assert one == 0 * SECOND


@pytest.mark.parametrize(("stood", "a_second"), [(40, 20), (90, 20), (300, 20), (300, 2)])
def test_everything_that_a_line_kept_back_is_old_until_it_is_caught_up_with(stood, a_second) -> None:
    lag = Lag()
    for n in range(90):
        lag, one = waited(lag, sent=NOW + n * SECOND, received=NOW + n * SECOND, rule=RULE)
        assert one == 0 * SECOND
    back, n, sent = NOW + (90 + stood) * SECOND, 0, NOW + 90 * SECOND
    while sent < back + n * SECOND / a_second:
        received = back + n * SECOND / a_second
        lag, one = waited(lag, sent=sent, received=received, rule=RULE)
        assert one == received - sent
        n, sent = n + 1, sent + SECOND


def test_whoever_looks_in_the_middle_knows_by_those_before_what_had_waited() -> None:
    lag = begun([3 * SECOND, 2 * SECOND], at=NOW)
    _, one = waited(lag, sent=NOW - MINUTE, received=NOW, rule=RULE)
    assert one == MINUTE - 2 * SECOND
    assert begun([], at=NOW) == Lag()


def test_a_clock_that_is_set_is_no_delay_and_any_other_is_one_for_a_while() -> None:
    lag, _ = waited(Lag(), sent=NOW, received=NOW, rule=RULE)
    lag, one = waited(lag, sent=NOW - 60 * MINUTE, received=NOW + SECOND, rule=RULE)
    assert one == 0 * SECOND
    for n in range(90):
        at = NOW + n * SECOND
        lag, one = waited(lag, sent=at - 66 * MINUTE, received=at + 2 * SECOND, rule=RULE)
        assert (one > SECOND) is (n < 62)


def test_without_a_time_of_the_device_a_value_is_new_and_else_as_old_as_the_device_says() -> None:
    assert waited(Lag(), sent=None, received=NOW, rule=RULE) == (Lag(), 0 * SECOND)
    assert age(SECOND, sent=NOW, taken=NOW - MINUTE) == MINUTE + SECOND
    assert age(SECOND, sent=NOW, taken=NOW + MINUTE) == SECOND
    assert age(SECOND, sent=None, taken=NOW) == SECOND
    assert age(SECOND, sent=NOW, taken=None) == timedelta(seconds=1)
