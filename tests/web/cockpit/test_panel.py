"""Can a patient call from their own panel, and do nothing else there?"""

from __future__ import annotations

import time

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.people import sessions as browsers
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import calls
from daybreak.web.treatment.models import SessionEvent
from tests.web.conftest import signed_in
from tests.web.treatment.steps import MINUTE, does, dosed, stands


@pytest.fixture
def dosing(session, nurse, noon):
    dosed(session, nurse, noon)
    return session


@pytest.fixture
def panel(dosing, nurse):
    """A tablet that is in the patient's hands."""
    client = signed_in(nurse)
    answer = client.post(f"/sessions/{dosing.id}/hand/", {"key": str(ids.new())}, secure=True)
    assert answer.url == "/tablet/session/"
    return client


def tapped(client, what):
    return client.post("/tablet/session/", {"key": str(ids.new()), "what": what}, secure=True)


def test_a_tap_is_an_event_of_the_patient_and_an_alarm_until_somebody_has_seen_it(panel, dosing) -> None:
    assert tapped(panel, "call").url == "/tablet/session/?did=call"
    row = SessionEvent.objects.get(session=dosing, what="called")
    assert (row.by_id, '"what": "call"' in row.told) == (None, True)
    assert "patient.call" in stands(dosing).alarms
    said = panel.get("/tablet/session/?did=call", secure=True).content.decode()
    assert "Written down at" in said
    assert "Please come" in said


def test_breathing_shows_how_and_is_told_too(panel, dosing) -> None:
    tapped(panel, "breathe")
    assert 'class="breath"' in panel.get("/tablet/session/?did=breathe", secure=True).content.decode()
    assert "patient.breathe" in stands(dosing).alarms


def test_it_shows_nothing_of_the_record_and_leads_nowhere(panel, dosing) -> None:
    said = panel.get("/tablet/session/", secure=True).content.decode()
    for hidden in ("Keller", "120/80", "esketamine", "veil"):
        assert hidden not in said
    for address in ("/tablet/", "/today/", f"/sessions/{dosing.id}/cockpit/", f"/patients/{dosing.patient_id}/"):
        assert panel.get(address, secure=True).status_code == 403


def test_it_stays_on_though_nobody_touches_it(dosing, nurse, panel) -> None:
    store = panel.session
    store["seen"] = time.time() - browsers.IDLE - 600
    store.save()
    assert panel.get("/tablet/session/", secure=True).status_code == 200
    assert tapped(panel, "loud").status_code == 302


def test_what_cannot_be_tapped_is_refused_and_after_the_end_nothing_can(panel, dosing, nurse, noon) -> None:
    assert tapped(panel, "sing").status_code == 422
    does(dosing, What.ENDED, nurse, noon + 60 * MINUTE, outcome="against_advice", why="wanted to go")
    assert tapped(panel, "call").status_code == 409
    assert "This session is over" in panel.get("/tablet/session/", secure=True).content.decode()


def test_the_same_tap_twice_is_one(dosing, noon) -> None:
    key = ids.new()
    told = {"at": noon + MINUTE, "key": key, "via": "tablet"}
    assert calls.call(dosing, "call", **told) == calls.call(dosing, "call", **told)
    with pytest.raises(Conflict):
        calls.call(dosing, "loud", **told)
    with pytest.raises(Refused):
        calls.call(dosing, "sing", at=noon + MINUTE, key=ids.new(), via="tablet")
