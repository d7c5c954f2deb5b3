"""Do the tiles of what a device measures come to the boards of its session, as they stand on the page, and to nobody else?"""

from __future__ import annotations

import json

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.web import ids, instant
from daybreak.web.bedside import actions
from daybreak.web.bedside.models import Device
from daybreak.web.cockpit import measured
from daybreak.web.cockpit.measured import Measured
from daybreak.web.switches.models import Function
from tests.web.bedside.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched
from tests.web.bedside.monitor import SECOND, Monitor
from tests.web.conftest import signed_in
from tests.web.switches.samples import switch
from tests.web.treatment.steps import does

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]


@pytest.fixture
def bound(session, nurse, doctor, monkeypatch):
    """A monitor that belongs to the session, and has sent one message."""
    switch(session.site, Function.VALUES, doctor)
    monitor = Monitor(instant.now() - 8 * SECOND)
    monitor.sends()
    actions.bind(session, Device.objects.get(), by=nurse, at=monitor.at, key=ids.new())
    monkeypatch.setattr(measured, "ASKS_EVERY", 0.0)
    return monitor


def sent(found: bytes) -> dict[str, str]:
    name, data = found.decode().strip().split("\n")
    assert name == "event: measured"
    return json.loads(data.removeprefix("data: "))


def test_what_came_is_sent_once_in_the_language_of_the_board_and_as_the_page_shows_it(bound, session, nurse) -> None:
    looks, wants = Measured(), [(session.pk, "en"), (session.pk, "zh-Hans"), (ids.new(), "en")]
    assert looks.look(wants, {}) == {}
    bound.sends(spo2=88)
    found = looks.look(wants, {})
    assert set(found) == {(session.pk, "en"), (session.pk, "zh-Hans")}
    assert looks.look(wants, {}) == {}
    tiles = sent(found[session.pk, "en"])
    assert set(tiles) == {"spo2"}
    assert "88" in tiles["spo2"]
    assert "is-alarm" in tiles["spo2"]
    assert "实时" in sent(found[session.pk, "zh-Hans"])["spo2"]
    page = signed_in(nurse).get(f"/sessions/{session.id}/cockpit/", secure=True).text
    assert tiles["spo2"].partition('<span class="vital-age">')[0] in page


def test_what_happens_in_the_session_is_known_to_its_tiles(bound, session, nurse) -> None:
    looks, wants = Measured(), [(session.pk, "en")]
    looks.look(wants, {session.pk: 1})
    does(session, What.CHECK, nurse, bound.at, row="spo2", value="98")
    bound.sends(spo2=96)
    assert "by hand 98" in sent(looks.look(wants, {session.pk: 2})[session.pk, "en"])["spo2"]


def test_nothing_is_sent_where_it_is_switched_off_or_nobody_looks_or_the_device_is_gone(
    bound, session, nurse, doctor
) -> None:
    looks, wants = Measured(), [(session.pk, "en")]
    looks.look(wants, {})
    assert looks.look([], {}) == {}
    looks.look(wants, {})
    switch(session.site, Function.VALUES, doctor, on=False)
    bound.sends(spo2=88)
    assert looks.look(wants, {}) == {}
    switch(session.site, Function.VALUES, doctor)
    looks.look(wants, {})
    bound.came(b"MSH|nothing")
    assert looks.look(wants, {}) == {}
    bound.sends()
    assert looks.look(wants, {}) != {}
    actions.unbind(session.bindings.get(), by=nurse, at=bound.at)
    bound.sends()
    assert looks.look(wants, {}) == {}


def test_a_board_that_asks_again_misses_nothing_of_what_came_meanwhile(bound, session, monkeypatch) -> None:
    looks, wants = Measured(), [(session.pk, "en")]
    looks.look(wants, {})
    monkeypatch.setattr(measured, "_begun", None)  # what was read once is not read again
    assert looks.look([], {}) == {}
    bound.sends(spo2=88)
    assert looks.look([], {}) == {}
    again = looks.look(wants, {}, [session.pk])
    assert "88" in sent(again[session.pk, "en"])["spo2"]
    assert looks.look(wants, {}) == {}


def test_a_device_that_no_board_asks_for_is_followed_for_a_while_and_then_no_more(bound, session, monkeypatch) -> None:
    looks, wants = Measured(), [(session.pk, "en")]
    looks.look(wants, {})
    monkeypatch.setattr(measured, "KEEPS", -1.0)
    looks.look([], {})
    assert (looks.shown, looks.last) == ({}, None)
