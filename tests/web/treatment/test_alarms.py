"""Does an alarm come with the value that raises it, reach the next role by itself, and stay until somebody has seen it?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.cockpit import alarms as cockpit
from daybreak.web.people.roles import Role
from daybreak.web.presence import pins
from daybreak.web.refusals import Conflict, Forbidden
from daybreak.web.tasks.models import Call, Event, Level, Task
from daybreak.web.treatment import actions, alarms, queries
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.conftest import signed_in
from tests.web.limits import samples as limits
from tests.web.limits.samples import own
from tests.web.onsite.test_onsite import here, leaves
from tests.web.treatment.steps import MINUTE, does, dosed, stands

HIGH = "systolic.above"


def pressure(session, by, at, systolic, **other):
    return does(
        session, What.CHECK, by, at, row="pressure", value={"systolic": str(systolic), "diastolic": "80"}, **other
    )


def told(session, what):
    rows = SessionEvent.objects.filter(session=session, what=what).order_by("seq")
    return [json.loads(row.told) for row in rows]


def look(session, at):
    return alarms.look(queries.now(Session.objects.get(pk=session.pk)), at=at)


def sees(session, alarm, by, at, **other):
    return alarms.acknowledge(session, alarm, **{"did": "lies down", "by": by, "at": at, "key": ids.new()} | other)


def test_the_value_and_its_alarm_are_one_transaction(session, nurse, noon, monkeypatch) -> None:
    pressure(session, nurse, noon, 185)
    (raised,) = told(session, What.ALARM_RAISED)
    assert (raised["alarm"], raised["level"], raised["value"], raised["absolute"]) == (HIGH, "alarm", "185", "180")
    assert stands(session).alarms == {HIGH: "alarm"}
    line = Line.objects.get(action="treatment_alarm_raised")
    assert (line.via, line.who, line.subject) == ("clock", None, session.patient_id)
    count = SessionEvent.objects.count()
    monkeypatch.setattr(alarms, "untold", lambda found, events: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        pressure(session, nurse, noon, 200)
    assert SessionEvent.objects.count() == count, (
        "a value that nobody could judge is not written down as if it had been"
    )


def test_the_limits_that_the_site_had_signed_when_it_began_count(session, nurse, doctor, noon) -> None:
    before = limits.sign(
        session.site, doctor, session.protocol, own(session.protocol) | {f"{HIGH}.caution.is": "150"}, at=noon - MINUTE
    )
    pressure(session, nurse, noon, 151)
    assert [one["absolute"] for one in told(session, What.ALARM_RAISED)] == ["150"]
    later = own(session.protocol) | {f"{HIGH}.caution.is": "130"}
    assert limits.sign(session.site, doctor, session.protocol, later, at=noon + MINUTE).replaces == before
    sees(session, HIGH, nurse, noon + 2 * MINUTE)
    pressure(session, nurse, noon + 2 * MINUTE, 140)
    assert stands(session).alarms == {}


def test_nobody_acknowledges_it_and_the_next_role_is_called(session, nurse, doctor, noon) -> None:
    pressure(session, nurse, noon, 185)
    alarms.look_after(at=noon + MINUTE)
    assert told(session, What.ALARM_ESCALATED) == []
    for _ in range(2):
        alarms.look_after(at=noon + 2 * MINUTE)
    assert [one["role"] for one in told(session, What.ALARM_ESCALATED)] == ["prescriber"]
    task = Task.objects.get(what="treatment.task_alarm")
    assert (task.level, task.role, task.patient, task.where) == (
        Level.NOW,
        Role.PRESCRIBER,
        session.patient,
        f"/sessions/{session.pk}/",
    )
    assert Call.objects.filter(task=task).exists()
    alarms.look_after(at=noon + 4 * MINUTE)
    assert [one["role"] for one in told(session, What.ALARM_ESCALATED)] == ["prescriber", "everybody"]
    assert set(Task.objects.filter(what="treatment.task_alarm").values_list("role", flat=True)) == {
        "prescriber",
        "nurse",
    }
    alarms.look_after(at=noon + 60 * MINUTE)
    assert len(told(session, What.ALARM_ESCALATED)) == 2
    sees(session, HIGH, doctor, noon + 61 * MINUTE)
    assert Event.objects.filter(task__what="treatment.task_alarm", what="closed").count() == 2


def test_it_ends_when_it_was_seen_and_its_cause_is_gone(session, nurse, noon) -> None:
    pressure(session, nurse, noon, 185)
    pressure(session, nurse, noon + MINUTE, 120)
    assert stands(session).alarms == {HIGH: "alarm"}
    sees(session, HIGH, nurse, noon + MINUTE)
    assert stands(session).alarms == {}
    assert [one["alarm"] for one in told(session, What.ALARM_RESOLVED)] == [HIGH]


def test_one_that_was_seen_and_is_still_there_comes_back(session, nurse, noon) -> None:
    pressure(session, nurse, noon, 185)
    sees(session, HIGH, nurse, noon, did="", within=5)
    alarms.look_after(at=noon + 4 * MINUTE)
    assert len(told(session, What.ALARM_RAISED)) == 1
    alarms.look_after(at=noon + 5 * MINUTE)
    assert len(told(session, What.ALARM_RAISED)) == 2
    assert look(session, noon + 5 * MINUTE).alarms.alarms[HIGH].acknowledged is None


def test_who_may_acknowledge_what_and_how_often(session, nurse, desk, noon) -> None:
    pressure(session, nurse, noon, 185)
    with pytest.raises(Forbidden):
        sees(session, HIGH, desk, noon)
    with pytest.raises(Conflict, match="with what you do about it"):
        sees(session, HIGH, nurse, noon, did=" ")
    with pytest.raises(Conflict, match="This alarm is over"):
        sees(session, "spo2.below", nurse, noon)
    key = ids.new()
    row = sees(session, HIGH, nurse, noon, key=key)
    assert sees(session, HIGH, nurse, noon, key=key) == row
    with pytest.raises(Conflict, match="acknowledged this alarm already"):
        sees(session, HIGH, nurse, noon)


def test_the_clock_finds_the_check_that_nobody_did(session, nurse, noon) -> None:
    last = dosed(session, nurse, noon)
    first = last - 5 * MINUTE
    alarms.look_after(at=first + 45 * MINUTE)
    assert stands(session).alarms == {}
    alarms.look_after(at=first + 46 * MINUTE)
    assert stands(session).alarms == {"check.peak": "alarm"}
    for row, value in (("spo2", "98"), ("moaa-s", 5), ("dissociation", 0)):
        actions.report(
            session,
            What.CHECK,
            {"row": row, "value": value},
            happened=first + 41 * MINUTE,
            by=nurse,
            at=first + 47 * MINUTE,
            key=ids.new(),
        )
    pressure(session, nurse, first + 47 * MINUTE, 118)
    assert stands(session).alarms == {"check.peak": "alarm"}, "what sounded stays until somebody has seen it"
    sees(session, "check.peak", nurse, first + 48 * MINUTE)
    assert stands(session).alarms == {}
    found = look(session, first + 48 * MINUTE)
    assert found.until == first + timedelta(hours=2)


def test_one_session_that_cannot_be_looked_after_holds_back_no_other(session, nurse, noon, monkeypatch, caplog) -> None:
    pressure(session, nurse, noon, 185)
    monkeypatch.setattr(alarms, "look", lambda now, **_: 1 / 0)
    alarms.look_after(at=noon + 2 * MINUTE)
    assert f"session {session.pk} could not be looked after: ZeroDivisionError" in caplog.text


def test_a_session_that_is_over_is_left_alone(session, nurse, noon) -> None:
    dosed(session, nurse, noon)
    does(
        session, What.ENDED, nurse, noon + 10 * MINUTE, outcome="transferred", why="x", home="ride", suicide_asked="no"
    )
    alarms.look_after(at=noon + timedelta(hours=5))
    assert told(session, What.ALARM_RAISED) == []


def test_while_nobody_watched_or_the_clock_was_set_every_open_session_says_so(session, nurse, noon) -> None:
    alarms.unwatched(None, at=noon + timedelta(seconds=20))
    assert told(session, What.ALARM_RAISED) == []
    alarms.unwatched(noon - 90 * MINUTE, at=noon)
    (one,) = told(session, What.ALARM_RAISED)
    assert (one["alarm"], one["minutes"], one["back"]) == (alarms.JUMPED, 90, False)
    assert stands(session).alarms == {alarms.JUMPED: "alarm"}
    alarms.look_after(at=noon + 2 * MINUTE)
    assert [each["role"] for each in told(session, What.ALARM_ESCALATED)] == ["prescriber"]
    sees(session, alarms.JUMPED, nurse, noon + 3 * MINUTE)
    assert stands(session).alarms == {}
    alarms.unwatched(noon + 65 * MINUTE, at=noon + 5 * MINUTE)
    assert told(session, What.ALARM_RAISED)[-1]["back"] is True
    alarms.unwatched(None, at=noon + 6 * MINUTE)
    assert told(session, What.ALARM_RAISED)[-1]["minutes"] == 6


def test_one_that_cannot_be_told_of_the_clock_holds_back_no_other(session, monkeypatch, noon, caplog) -> None:
    monkeypatch.setattr(alarms, "_jumped", lambda *told, at: 1 / 0)
    alarms.unwatched(noon - 90 * MINUTE, at=noon)
    assert f"session {session.pk} could not be told of the clock: ZeroDivisionError" in caplog.text


def test_the_sound_is_off_by_name_and_not_for_what_comes_anew(session, nurse, desk, noon) -> None:
    def off(at, **other):
        return alarms.pause_sound(session, **{"by": nurse, "at": at, "key": ids.new(), **other})

    def quiet(at):
        return cockpit.quiet(queries.now(Session.objects.get(pk=session.pk)), at=at)

    pressure(session, nurse, noon, 170)
    with pytest.raises(Forbidden):
        off(noon, by=desk)
    key = ids.new()
    row = off(noon, key=key)
    assert off(noon, key=key) == row
    with pytest.raises(Conflict, match="paused already"):
        off(noon + MINUTE)
    now = quiet(noon + MINUTE)
    assert (now.who, now.seconds, now.left) == (nurse.display_name, 60, "1:00")
    assert stands(session).alarms == {HIGH: "caution"}, "what is open stays open"
    assert quiet(noon + 2 * MINUTE) is None
    assert quiet(noon - MINUTE) is None, "a clock that was set back switches it on"
    off(noon + 3 * MINUTE)
    pressure(session, nurse, noon + 4 * MINUTE, 190)
    assert quiet(noon + 4 * MINUTE) is None
    off(noon + 5 * MINUTE)
    does(session, What.EMERGENCY_OPENED, nurse, noon + 6 * MINUTE)
    assert quiet(noon + 6 * MINUTE) is None
    does(session, What.ENDED, nurse, noon + 7 * MINUTE, outcome="transferred")
    with pytest.raises(Conflict):
        off(noon + 8 * MINUTE)


def test_the_sound_is_switched_off_by_pin_and_every_board_says_for_how_long(session, nurse, doctor) -> None:
    at = datetime.now(UTC)
    pins.choose(nurse, pin="582914", again="582914", at=at)
    pressure(session, nurse, at, 190)
    client, page = signed_in(nurse), f"/sessions/{session.pk}/"
    sent = {"key": str(ids.new())}
    assert "data-quiet" not in client.get(f"{page}cockpit/", secure=True).content.decode()
    assert client.post(f"{page}sound/", sent | {"pin": "111999"}, secure=True).status_code == 422
    assert client.post(f"{page}sound/", sent | {"pin": "582914"}, secure=True).status_code == 302
    shown = client.get(f"{page}cockpit/", secure=True).content.decode()
    assert f"Sound off by {nurse.display_name}" in shown
    assert "data-quiet" in shown
    for address in ("/today/", f"{page}cockpit/"):
        assert "data-left" in signed_in(doctor).get(address, secure=True).content.decode(), address


@pytest.mark.parametrize("where", ["", "leave/"])
def test_whoever_acknowledges_reads_which_alarm_it_is(session, nurse, noon, where) -> None:
    pressure(session, nurse, noon, 185)
    page = signed_in(nurse).get(f"/sessions/{session.pk}/{where}", secure=True).content.decode()
    assert "systolic pressure too high: 185" in page


def test_the_timeline_of_the_page_names_the_alarm_and_what_was_done(session, nurse, noon) -> None:
    pressure(session, nurse, noon, 185)
    pressure(session, nurse, noon + MINUTE, 150)
    sees(session, HIGH, nurse, noon + 2 * MINUTE, within=5)
    page = signed_in(nurse).get(f"/sessions/{session.pk}/", secure=True).content.decode()
    assert HIGH not in stands(session).alarms
    for said in ("Alarm", "Alarm acknowledged", "Alarm over"):
        assert f"{said} · systolic pressure too high: 185" in page
    assert "too high: 185 · lies down · " in page
    client = signed_in(nurse)
    client.post("/language/", {"language": "zh-hans", "next": "/"}, secure=True)
    for of in ("", "leave/", "cockpit/"):
        assert client.get(f"/sessions/{session.pk}/{of}", secure=True).status_code == 200
    assert "收缩压" in client.get(f"/sessions/{session.pk}/", secure=True).content.decode()


def test_the_last_prescriber_who_leaves_alarms_in_every_open_session(
    session, site, nurse, doctor, person, noon
) -> None:
    second = person("mara", Role.PRESCRIBER)
    here(site, second, at=noon, until=noon + 60 * MINUTE)
    leaves(nurse, at=noon)
    leaves(doctor, at=noon)
    assert stands(session).alarms == {}, "another one is there"
    here(site, doctor, at=noon, until=noon + 60 * MINUTE)
    leaves(doctor, at=noon)
    leaves(second, at=noon)
    assert stands(session).alarms == {alarms.UNCOVERED: "alarm"}
    page = signed_in(doctor).get(f"/sessions/{session.pk}/cockpit/", secure=True).content.decode()
    assert "no other one is on site" in page
    sees(session, alarms.UNCOVERED, nurse, noon + MINUTE, did="the third one comes")
    assert stands(session).alarms == {}


def test_a_prescriber_whose_time_is_over_covers_nobody(session, site, doctor, person, noon) -> None:
    here(site, person("mara", Role.PRESCRIBER), at=noon, until=noon + MINUTE)
    leaves(doctor, at=noon + 2 * MINUTE)
    assert stands(session).alarms == {alarms.UNCOVERED: "alarm"}


def test_a_time_that_runs_out_is_as_if_the_prescriber_had_left(session, site, nurse, doctor, noon) -> None:
    here(site, doctor, at=noon, until=noon + 5 * MINUTE)
    alarms.look_after(at=noon + 4 * MINUTE)
    assert stands(session).alarms == {}
    for minutes in (5, 6):
        alarms.look_after(at=noon + minutes * MINUTE)
        assert stands(session).alarms == {alarms.UNCOVERED: "alarm"}
    assert len(told(session, What.ALARM_RAISED)) == 1, "told once"
    sees(session, alarms.UNCOVERED, nurse, noon + 6 * MINUTE, did="she stays")
    alarms.look_after(at=noon + 7 * MINUTE)
    assert stands(session).alarms == {}
    here(site, doctor, at=noon + 8 * MINUTE, until=noon + 10 * MINUTE)
    alarms.look_after(at=noon + 10 * MINUTE)
    assert len(told(session, What.ALARM_RAISED)) == 2, "and once more when it runs out again"


def test_where_another_prescriber_is_here_no_time_runs_out(session, site, doctor, person, noon) -> None:
    here(site, doctor, at=noon, until=noon + 5 * MINUTE)
    here(site, person("mara", Role.PRESCRIBER), at=noon, until=noon + 60 * MINUTE)
    alarms.look_after(at=noon + 6 * MINUTE)
    assert stands(session).alarms == {}
