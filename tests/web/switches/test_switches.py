"""Is a live function off until somebody who answers for the site signs for it, and what holds while it is off?"""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, transaction

from daybreak.clinical.treatment.events import What
from daybreak.knowledge import functions
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.bedside import actions, silence, values
from daybreak.web.bedside.models import Device, Message, Minute, Said
from daybreak.web.cockpit import made
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.switches import queries
from daybreak.web.switches.models import Function, Switched
from daybreak.web.treatment import queries as treatment
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.bedside.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched
from tests.web.bedside.monitor import Monitor
from tests.web.conftest import signed_in
from tests.web.switches.samples import everything_on, switch
from tests.web.treatment.steps import MINUTE

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
PAGE = "/clinic/live/"


@pytest.fixture
def bound(session, nurse, noon):
    """A monitor that belongs to a session, where nothing is switched on."""
    monitor = Monitor(noon)
    monitor.sends()
    actions.bind(session, Device.objects.get(), by=nurse, at=monitor.at, key=ids.new())
    return monitor


def raised(session) -> list[str]:
    rows = SessionEvent.objects.filter(session=session, what=What.ALARM_RAISED).order_by("seq")
    return [json.loads(row.told)["alarm"] for row in rows]


def shown(session, at):
    return made.cockpit(treatment.now(Session.objects.get(pk=session.pk)), at=at, language="en", typed={})


def test_every_function_is_off_until_it_is_signed_for(site, person) -> None:
    doctor = person("okafor", Role.PRESCRIBER)
    assert queries.on(site.id) == frozenset()
    row = switch(site, Function.VALUES, doctor)
    assert queries.on(site.id) == {Function.VALUES}
    assert queries.sites_with(Function.VALUES) == {site.id}
    assert queries.sites_with(Function.ALARMS) == frozenset()
    assert "It does not replace the monitor’s own screen" in row.text
    switch(site, Function.VALUES, doctor, on=False)
    assert queries.on(site.id) == frozenset()
    assert [one.action for one in Entry.objects.filter(action__startswith="function_").order_by("at")] == [
        "function_switched_on",
        "function_switched_off",
    ]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Switched.objects.update(on=True)


def test_who_may_and_what_is_asked_for(site, person) -> None:
    doctor, key = person("okafor", Role.PRESCRIBER), ids.new()
    with pytest.raises(Forbidden):
        switch(site, Function.VALUES, person("lee", Role.NURSE))
    for reason in ("", "x" * 1001):
        with pytest.raises(Refused, match="Say why"):
            switch(site, Function.VALUES, doctor, reason=reason)
    with pytest.raises(Conflict, match="another way"):
        switch(site, Function.VALUES, doctor, digest="0" * 64)
    with pytest.raises(Conflict, match="another way"):
        switch(site, Function.VALUES, doctor, on=False)
    row = switch(site, Function.VALUES, doctor, key=key, seen=None)
    assert switch(site, Function.VALUES, doctor, key=key, seen=None) == row
    with pytest.raises(Conflict):
        switch(site, Function.VALUES, doctor, key=key, seen=None, reason="another")
    for seen in (None, row.id):
        with pytest.raises(Conflict, match="another way"):
            switch(site, Function.VALUES, doctor, seen=seen)


def test_another_text_asks_again_and_ends_nothing(site, person, monkeypatch) -> None:
    doctor = person("okafor", Role.PRESCRIBER)
    switch(site, Function.ALARMS, doctor)
    monkeypatch.setattr(functions, "digest", lambda id: "0" * 64)
    assert queries.on(site.id) == {Function.ALARMS}
    assert "Its text has changed" in signed_in(doctor).get(PAGE, secure=True).text
    assert switch(site, Function.ALARMS, doctor).digest == "0" * 64


def test_on_its_page_it_is_read_and_signed(site, person) -> None:
    client = signed_in(person("okafor", Role.PRESCRIBER))
    page = client.get(PAGE, secure=True).text
    assert "Nobody has signed for it." in page
    assert "No authority has cleared, approved or certified it" in page
    assert "Not for dosing." in page
    told = {"site": str(site.id), "function": "pumps", "digest": functions.digest("pumps"), "on": "yes"}
    sent = client.post(PAGE, told | {"reason": "", "key": str(ids.new())}, secure=True)
    assert (sent.status_code, Switched.objects.count()) == (422, 0)
    sent = client.post(PAGE, told | {"site": str(ids.new()), "reason": "x", "key": str(ids.new())}, secure=True)
    assert (sent.status_code, Switched.objects.count()) == (422, 0)
    for function, status in (("heart", 422), ("pumps", 302)):
        sent = client.post(PAGE, told | {"reason": "x", "function": function, "key": str(ids.new())}, secure=True)
        assert sent.status_code == status
    assert queries.on(site.id) == {Function.PUMPS}
    assert Entry.objects.filter(action="read", object_type="live_functions").count() == 4


def test_off_is_said_beside_the_patient_and_everything_that_came_is_kept(bound, session, doctor, nurse) -> None:
    assert bound.sends(90, spo2=80) == ["AA"] * 90
    silence.look(at=bound.at + 10 * MINUTE)
    page = shown(session, bound.at)
    assert (page.monitored, raised(session), Said.objects.count()) == (False, [], 0)
    assert {one.id: one.value for one in page.vitals}["spo2"] == "–"
    assert page.off == (
        "What the monitor sends is not shown here: the clinic has not switched it on.",
        "Nothing that the monitor sends alarms here: the clinic has not switched it on.",
    )
    assert values.of_sessions([session.pk], at=bound.at) == {}
    assert Message.objects.count() == 91
    assert Minute.objects.exists()
    chosen = signed_in(nurse).get(f"/sessions/{session.id}/monitor/", secure=True).text
    assert page.off[0] in chosen
    everything_on(session.site, doctor)
    page = shown(session, bound.at)
    assert (page.monitored, page.off, {one.id: one.value for one in page.vitals}["spo2"]) == (True, (), "80")


def test_once_it_is_on_what_is_so_alarms_and_once_it_is_off_it_is_over(bound, session, doctor) -> None:
    bound.sends(20, spo2=80)
    switch(session.site, Function.ALARMS, doctor)
    bound.sends(spo2=80)
    assert raised(session) == ["spo2.below"]
    switch(session.site, Function.ALARMS, doctor, on=False)
    assert bound.came(b"MSH|nothing") == "AE"
    bound.sends(5, spo2=70)
    silence.look(at=bound.at)
    silence.look(at=bound.at + MINUTE)
    assert [json.loads(one.sources) for one in Said.objects.order_by("n")] == [["monitor 150456"], []]
    bound.came(bound.says({"spo2": 97}, patients=("P2",)))
    assert raised(session) == ["spo2.below"], "the binding ended; nobody is alarmed"
