"""Is every message stored before it is acknowledged, judged where it belongs, and does an alarm come of every true crossing?"""

from __future__ import annotations

import json
import random

import pytest
from django.db import DatabaseError, transaction

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.bedside import actions, silence
from daybreak.web.bedside.models import Device, Message, Minute, Odd, Said
from daybreak.web.bedside.store import Store
from daybreak.web.cockpit import alarms as cockpit_alarms
from daybreak.web.treatment import alarms, queries
from daybreak.web.treatment.models import SessionEvent
from tests.web.bedside.monitor import NAME, SECOND, Monitor, message, raised
from tests.web.treatment.steps import MINUTE, does

LOW = "spo2.below"


def sees(session, alarm, by, at):
    return alarms.acknowledge(session, alarm, did="looked", by=by, at=at, key=ids.new())


def test_what_is_acknowledged_is_there_byte_for_byte_and_once(monitor, session) -> None:
    sent = monitor.says({"spo2": 96})
    assert [monitor.came(sent), monitor.came(sent), monitor.came(sent)] == ["AA"] * 3
    row = Message.objects.get(control="2")
    assert bytes(row.content) == sent
    assert (row.device.name, row.sender, row.created, row.odd) == (NAME, "Monitor", monitor.at, "")
    assert (row.monitor, row.cuff) == (True, False)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Message.objects.update(odd="unreadable")
    assert Line.objects.filter(action="device_came", via="bedside").count() == 1


def test_the_same_id_with_other_bytes_is_stored_used_and_marked(monitor, bound, session) -> None:
    monitor.n = 0
    assert monitor.sends(3) == ["AA"] * 3
    rows = Message.objects.filter(control="1").order_by("created")
    assert [one.odd for one in rows] == ["", Odd.SAME_ID]
    monitor.n = 0
    monitor.store = Store()
    assert monitor.sends(2) == ["AA"] * 2
    assert Message.objects.filter(control="1", odd=Odd.SAME_ID).count() == 2, "and by a process that begins anew"
    monitor.n = 500
    for _ in range(12):
        monitor.came(monitor.says({"spo2": 88}, control="x"))
    assert raised(session) == ["device.same_id caution", f"{LOW} alarm"], "said once in a while, and once"


@pytest.mark.parametrize(
    ("sent", "odd", "code"),
    [
        (b"", Odd.UNREADABLE, "AE"),
        (b"nothing", Odd.UNREADABLE, "AE"),
        (b"MSH|^~\\&|A||||||ADT^A01|1|P|2.6\r", Odd.OTHER_KIND, "AR"),
        (b"MSH|^~\\&|||||||ORU^R01|1|P|2.6\r", Odd.UNREADABLE, "AE"),
        (b"MSH|^~\\&|A\x00||||||ORU^R01|1|P|2.6\r", Odd.UNREADABLE, "AE"),
        (message({"spo2": 97}, name="n" * 251), Odd.UNREADABLE, "AE"),
    ],
)
def test_what_nobody_can_read_is_in_quarantine_and_is_answered(monitor, sent, odd, code) -> None:
    assert [monitor.came(sent), monitor.came(sent)] == [code, code]
    row = Message.objects.get(odd=odd)
    assert (bytes(row.content), row.device) == (sent, None)


def test_a_true_crossing_alarms_once_it_has_lasted_and_resolves_when_seen_to(monitor, bound, session, nurse) -> None:
    monitor.sends(20)
    monitor.sends(10, spo2=88)
    assert raised(session) == []
    monitor.sends(2, spo2=88)
    assert raised(session) == [f"{LOW} alarm"]
    monitor.sends(12, spo2=97)
    alarms.look_after(at=monitor.at)
    assert not SessionEvent.objects.filter(what=What.ALARM_RESOLVED).exists()
    sees(session, LOW, nurse, monitor.at)
    alarms.look_after(at=monitor.at + SECOND)
    assert SessionEvent.objects.filter(what=What.ALARM_RESOLVED).count() == 1
    assert [json.loads(one.sources) for one in Said.objects.order_by("n")] == [["monitor 150456"], []]


def test_an_alarm_that_was_seen_to_and_is_still_there_comes_back(monitor, bound, session, nurse) -> None:
    monitor.sends(12, spo2=88)
    sees(session, LOW, nurse, monitor.at)
    alarms.look_after(at=monitor.at + 9 * MINUTE)
    assert raised(session) == [f"{LOW} alarm"]
    alarms.look_after(at=monitor.at + 10 * MINUTE)
    assert raised(session) == [f"{LOW} alarm"] * 2


def test_what_a_device_says_counts_from_the_own_value_that_a_hand_wrote_down(monitor, bound, session, nurse) -> None:
    does(session, What.CHECK, nurse, monitor.at, row="heart_rate", value="60")
    monitor.sends(12, pulse=118)
    assert raised(session) == []
    SessionEvent.objects.create(
        id=ids.new(),
        organisation_id=session.organisation_id,
        created=monitor.at,
        session=session,
        seq=SessionEvent.objects.filter(session=session).count() + 1,
        what=What.DOSE,
        told=json.dumps({"n": 1, "of": 1, "drug": "esketamine", "mg_low": "56", "mg_high": "56"}),
        happened=monitor.at,
        noted=monitor.at,
        received=monitor.at,
        key=ids.new(),
    )
    monitor.sends(12, pulse=118)
    assert raised(session) == ["heart_rate.above caution"]


@pytest.mark.parametrize(
    ("values", "units", "alarm"),
    [
        ({"spo2": "NaN"}, {}, "spo2.not_a_number alarm"),
        ({"spo2": "---"}, {}, "spo2.not_a_number alarm"),
        ({"spo2": ""}, {}, "spo2.not_a_number alarm"),
        ({"spo2": ">99"}, {}, "spo2.not_a_number alarm"),
        ({"spo2": 97}, {"spo2": ""}, "spo2.unit_unknown alarm"),
        ({"systolic": 16}, {"systolic": "mm[Hg]"}, "systolic.implausible alarm"),
        ({"systolic": 25}, {"systolic": "kPa^kPa^UCUM"}, "systolic.above alarm"),
        ({"systolic": 120}, {"systolic": "kPa^kPa^UCUM"}, "systolic.implausible alarm"),
        ({"spo2": 970}, {}, "spo2.implausible alarm"),
    ],
)
def test_what_is_no_measurement_is_an_alarm_at_once(monitor, bound, session, values, units, alarm) -> None:
    assert monitor.came(monitor.says(values, units=units)) == "AA"
    assert raised(session) == [alarm]


def test_a_value_that_stands_still_is_an_alarm(monitor, bound, session) -> None:
    monitor.at += 20 * MINUTE
    for _ in range(62):
        monitor.at += 9 * SECOND
        monitor.sends(pulse=64, spo2=96 + monitor.n % 2)
    assert raised(session) == ["heart_rate.frozen alarm"]


@pytest.mark.parametrize("wrong", [-24 * MINUTE, 24 * MINUTE, 300 * 24 * 60 * MINUTE])
def test_the_clock_of_the_device_decides_nothing(monitor, bound, session, wrong) -> None:
    monitor.at, monitor.store, monitor.wrong = monitor.at + 30 * MINUTE, Store(), wrong
    monitor.sends(90)
    monitor.sends(12, spo2=88)
    assert raised(session)[-1] == f"{LOW} alarm"


@pytest.mark.parametrize("jump", [-60 * MINUTE, 60 * MINUTE, -30 * MINUTE])
def test_a_clock_that_is_set_for_summer_or_winter_hides_nothing(monitor, bound, session, jump) -> None:
    monitor.sends(20)
    monitor.wrong = jump
    monitor.sends(12, spo2=88)
    assert raised(session) == [f"{LOW} alarm"]


def test_what_waited_under_way_is_old_and_ends_nothing(monitor, bound, session, nurse) -> None:
    monitor.sends(70)
    calm = [monitor.says({"spo2": 97}) for _ in range(30)]
    monitor.sends(12, spo2=88)
    sees(session, LOW, nurse, monitor.at)
    for one in calm:
        monitor.came(one)
    alarms.look_after(at=monitor.at)
    assert not SessionEvent.objects.filter(what=What.ALARM_RESOLVED).exists()


def test_in_any_order_a_crossing_alarms(monitor, bound, session) -> None:
    chance = random.Random(7)
    waiting: list[bytes] = []
    for n in range(60):
        waiting.append(monitor.says({"spo2": 97 if n < 20 else 88}))
        if len(waiting) > 3:
            monitor.came(waiting.pop(chance.randrange(len(waiting))))
    assert raised(session) == [f"{LOW} alarm"]


def test_one_message_in_a_hundred_that_is_lost_and_one_in_ten_that_comes_twice_hide_nothing(
    monitor, bound, session
) -> None:
    chance = random.Random(11)
    for n in range(60):
        sent = monitor.says({"spo2": 97 if n < 20 else 88})
        for _ in range(0 if chance.random() < 0.01 else 2 if chance.random() < 0.1 else 1):
            assert monitor.came(sent) == "AA"
    assert raised(session) == [f"{LOW} alarm"]


def test_what_a_line_kept_back_for_minutes_is_not_live_and_ends_no_alarm(monitor, bound, session) -> None:
    monitor.sends(70)
    kept = [monitor.says({"spo2": 95 + n % 4}) for n in range(300)]
    for sent in kept[:120]:
        monitor.at += SECOND / 10
        monitor.came(sent)
    assert raised(session) == ["spo2.lost alarm"]
    assert Said.objects.order_by("n").last().sources != "[]"


def test_a_sender_that_falls_silent_is_an_alarm_of_the_clock_and_one_that_is_back_ends_it(
    monitor, bound, session, nurse
) -> None:
    monitor.sends(30)
    silence.look(at=monitor.at + 20 * SECOND)
    assert raised(session) == []
    silence.look(at=monitor.at + 21 * SECOND)
    silence.look(at=monitor.at + 40 * SECOND)
    assert raised(session) == ["device.lost alarm"]
    monitor.at += 50 * SECOND
    monitor.sends(2)
    silence.look(at=monitor.at)
    sees(session, "device.lost", nurse, monitor.at)
    alarms.look_after(at=monitor.at + SECOND)
    assert SessionEvent.objects.filter(what=What.ALARM_RESOLVED).count() == 1


def test_a_cuff_may_wait_longer_than_a_monitor_and_what_never_sent_may_not(monitor, session, nurse, noon) -> None:
    cuff = Monitor(noon, name="cuff", connection=2)
    cuff.came(cuff.says({"systolic": 120, "diastolic": 80}, patients=()))
    row = actions.bind(session, Device.objects.get(name="cuff"), by=nurse, at=cuff.at, key=ids.new())
    silence.look(at=cuff.at + 20 * SECOND)
    assert raised(session) == []
    cuff.at = row.created + 5 * SECOND
    cuff.came(cuff.says({"systolic": 121, "diastolic": 80}, patients=()))
    silence.look(at=cuff.at + 19 * MINUTE)
    assert raised(session) == []
    silence.look(at=cuff.at + 21 * MINUTE)
    assert raised(session) == ["device.lost alarm"]


def test_one_value_that_stops_while_others_come_is_lost(monitor, bound, session) -> None:
    monitor.sends(5, pulse=64)
    monitor.sends(25)
    assert raised(session) == ["heart_rate.stale caution", "heart_rate.lost alarm"]


def test_a_cuff_value_that_is_sent_again_and_again_is_as_old_as_its_measurement(monitor, bound, session) -> None:
    taken = monitor.at
    for n in range(9, 20 * 60, 9):
        monitor.at = taken + n * SECOND
        monitor.came(monitor.says({"spo2": 96 + n % 2, "systolic": 120, "diastolic": 80}, taken=taken))
    assert raised(session)[-2:] == ["diastolic.stale caution", "systolic.stale caution"]
    for n in range(20 * 60, 20 * 60 + 20, 9):
        monitor.at = taken + n * SECOND
        monitor.came(monitor.says({"systolic": 120, "diastolic": 80}, taken=taken))
    assert raised(session)[-2:] == ["diastolic.lost alarm", "systolic.lost alarm"]


def test_bytes_that_nobody_can_read_alarm_in_the_session_of_their_sender_once(monitor, bound, session) -> None:
    monitor.sends()
    assert [monitor.came(b"MSH|nothing"), monitor.came(b"junk", odd=Odd.UNFINISHED)] == ["AE", "AE"]
    assert raised(session) == ["device.unreadable alarm"]
    assert Monitor(monitor.at, store=monitor.store, connection=9).came(b"other") == "AE"
    assert raised(session) == ["device.unreadable alarm"]


def test_a_message_that_cannot_be_judged_is_stored_and_is_an_alarm(monitor, bound, session, monkeypatch) -> None:
    monitor.sends()
    monkeypatch.setattr("daybreak.web.bedside.judging.measured", lambda report: 1 / 0)
    assert monitor.sends() == ["AA"]
    assert raised(session) == ["device.unreadable alarm"]


def test_what_is_not_on_disk_is_not_acknowledged_and_an_alarm_does_not_wait_for_it(
    monitor, bound, session, monkeypatch, caplog
) -> None:
    monitor.sends(11, spo2=88)
    count = Message.objects.count()

    def full(*_: object, **__: object) -> None:
        raise DatabaseError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("daybreak.web.bedside.store.insert", full)
        assert monitor.sends(2, spo2=88) == ["AE", "AE"]
    assert Message.objects.count() == count
    assert raised(session) == [f"{LOW} alarm", "device.unstored alarm"]
    assert "DatabaseError" in caplog.text
    assert monitor.sends(2, spo2=88) == ["AA", "AA"]
    assert raised(session) == [f"{LOW} alarm", "device.unstored alarm"]


def test_that_nothing_could_be_stored_is_an_alarm_as_soon_as_it_can_be_written(
    monitor, bound, session, monkeypatch, caplog
) -> None:
    def shut(*_: object, **__: object) -> None:
        raise DatabaseError("database is locked")

    monitor.sends()
    with monkeypatch.context() as broken:
        broken.setattr("daybreak.web.bedside.store.known", shut)
        assert monitor.sends() == ["AE"]
    with monkeypatch.context() as broken:
        broken.setattr("daybreak.web.bedside.store.insert", shut)
        broken.setattr(actions, "tell", shut)
        assert monitor.sends() == ["AE"]
    assert raised(session) == []
    assert monitor.sends() == ["AA"]
    assert raised(session) == ["device.unstored alarm"]
    (tile,) = cockpit_alarms.told(queries.now(session), at=monitor.at, language="en")
    assert "could not be stored" in tile.said


def test_an_alarm_that_could_not_be_written_is_written_with_the_next_message(
    monitor, bound, session, monkeypatch, caplog
) -> None:
    monitor.sends(9, spo2=88)
    with monkeypatch.context() as broken:
        broken.setattr(actions, "tell", lambda *_, **__: 1 / 0)
        assert monitor.sends(2, spo2=88) == ["AA", "AA"]
    assert raised(session) == []
    assert "ZeroDivisionError" in caplog.text
    monitor.sends(spo2=88)
    assert raised(session) == [f"{LOW} alarm"]


def test_after_a_start_the_last_minutes_are_judged_again(monitor, bound, session) -> None:
    monitor.sends(8, spo2=88)
    monitor.store = Store()
    monitor.sends(4, spo2=88)
    assert raised(session) == [f"{LOW} alarm"]
    monitor.store = Store()
    monitor.sends(4, spo2=88)
    assert raised(session) == [f"{LOW} alarm"]
    assert Said.objects.count() == 1


def test_the_minutes_of_a_device_are_kept_with_median_least_and_most(monitor, bound) -> None:
    monitor.at = monitor.at.replace(second=0) + MINUTE
    for value in (97, 97, 60, 98, 97, "---"):
        monitor.at += 7 * SECOND
        monitor.sends(spo2=value)
    monitor.at += MINUTE
    monitor.sends()
    row = Minute.objects.get()
    assert (row.binding, row.sign, row.source) == (bound, "spo2", "monitor 150456")
    assert (row.median, row.least, row.most, row.values) == ("97", "60", "98", 5)
    assert row.minute.second == 0
