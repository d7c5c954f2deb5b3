"""Does an alarm come with the value that raises it, reach the next role by itself, and stay until somebody has seen it?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden
from daybreak.web.tasks.models import Call, Event, Level, Task
from daybreak.web.treatment import actions, alarms, queries
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.limits import samples as limits
from tests.web.limits.samples import own
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
    monkeypatch.setattr(alarms, "look", lambda now, at: 1 / 0)
    alarms.look_after(at=noon + 2 * MINUTE)
    assert f"session {session.pk} could not be looked after: ZeroDivisionError" in caplog.text


def test_a_session_that_is_over_is_left_alone(session, nurse, noon) -> None:
    dosed(session, nurse, noon)
    does(
        session, What.ENDED, nurse, noon + 10 * MINUTE, outcome="transferred", why="x", home="ride", suicide_asked="no"
    )
    alarms.look_after(at=noon + timedelta(hours=5))
    assert told(session, What.ALARM_RAISED) == []
