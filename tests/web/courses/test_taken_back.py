"""Can a no-show or a cancellation that was a mistake be taken back, and what becomes of the call, the chair and the plan?"""

from __future__ import annotations

import html
from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.courses import chairs, plans
from daybreak.web.courses.models import Chair, What, Why
from daybreak.web.courses.state import standing
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import state as tasks
from daybreak.web.tasks.models import Task
from daybreak.web.words import word
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import begun, booked, happens, missing
from tests.web.patients.samples import registered
from tests.web.screening.samples import SOON

ROW = "entered in the wrong row"


def test_the_call_is_not_needed_and_says_why_and_a_second_no_show_calls_anew(patient, desk, chair) -> None:
    booking = booked(patient, chair, desk)
    key = ids.new()
    happens(booking, What.NO_SHOW, desk, why=Why.NOT_SAID)
    with pytest.raises(Refused, match="Say in words"):
        happens(booking, What.BACK, desk, text=" ")
    seen = standing(booking).next
    for _ in range(2):
        happens(booking, What.BACK, desk, text=ROW, key=key, seen=seen)
    with pytest.raises(Conflict, match="Somebody else"):
        happens(booking, What.BACK, desk, text=ROW, seen=seen)
    assert (standing(booking).last, standing(booking).free) == (What.BOOKED, False)
    first = Task.objects.get(source=f"no-show {booking.id}")
    closed = tasks.state(first).closed
    assert (closed.result, closed.text, closed.by) == ("not_needed", ROW, desk)
    happens(booking, What.NO_SHOW, desk, why=Why.NOT_SAID)
    (second,) = Task.objects.filter(source__startswith=f"no-show {booking.id} ")
    assert tasks.state(second).open
    happens(booking, What.BACK, desk, text=ROW)
    happens(booking, What.ARRIVED, desk)
    assert not tasks.state(second).open


def test_the_chair_that_somebody_else_has_by_then_leaves_it_tentative_until_it_is_free(
    site, patient, doctor, desk, chair
) -> None:
    booking = booked(patient, chair, desk)
    assert "chair" not in missing(booking)
    happens(booking, What.BY_CLINIC, desk, why=Why.CLINIC, at=SOON)
    other = booked(registered(site, doctor, number="B2", family_name="Other"), chair, desk)
    happens(booking, What.BACK, desk, text=ROW, at=SOON + timedelta(minutes=1))
    assert "chair" in missing(booking)
    assert "chair" not in missing(other)
    task = Task.objects.get(source__startswith=f"booking {booking.id} chair ")
    assert task.role == Role.FRONT_DESK
    page = html.unescape(
        signed_in(desk).get(f"/patients/{patient.id}/bookings/{booking.id}/", secure=True).content.decode()
    )
    assert word("courses.gate_chair", "en") in page
    happens(other, What.BY_PATIENT, desk, why=Why.ILL, at=SOON + timedelta(minutes=2))
    assert "chair" not in missing(booking)
    happens(other, What.BACK, desk, text=ROW, at=SOON + timedelta(minutes=3))
    assert ("chair" in missing(booking), "chair" in missing(other)) == (False, True), "who had it back first has it"


def test_a_chair_that_is_gone_by_then_leaves_it_tentative(patient, desk, chair, person) -> None:
    booking = booked(patient, chair, desk)
    happens(booking, What.BY_CLINIC, desk, why=Why.CLINIC, at=SOON)
    chairs.close(chair, by=person("ida", Role.ADMINISTRATOR), at=SOON)
    happens(booking, What.BACK, desk, text=ROW, at=SOON)
    assert "chair" in missing(booking)


def test_what_it_was_for_or_the_patients_time_may_be_gone_by_then(
    patient, doctor, desk, chair, decided, person
) -> None:
    course = begun(patient, doctor)
    booking = booked(patient, chair, desk, step=1)
    happens(booking, What.BY_PATIENT, desk, why=Why.ILL, at=SOON)
    with pytest.raises(Forbidden):
        happens(booking, What.BACK, person("phil", Role.PHARMACIST), text=ROW, at=SOON)
    again = booked(patient, chair, desk, step=1, starts=NOW + timedelta(days=7))
    with pytest.raises(Conflict, match="Visit 1 of the plan"):
        happens(booking, What.BACK, desk, text=ROW, at=SOON)
    happens(again, What.BY_CLINIC, desk, why=Why.CLINIC, at=SOON)
    second = Chair.objects.create(
        id=ids.new(), organisation_id=chair.organisation_id, created=NOW, room=chair.room, name="2", by=desk
    )
    talk = booked(patient, second, desk, visit="talk")
    with pytest.raises(Conflict, match="another visit at that time"):
        happens(booking, What.BACK, desk, text=ROW, at=SOON)
    happens(talk, What.BY_CLINIC, desk, why=Why.CLINIC, at=SOON)
    plans.end(course, "completed", text="", by=doctor, at=SOON, key=ids.new())
    with pytest.raises(Refused, match="over already"):
        happens(booking, What.BACK, desk, text=ROW, at=SOON)
    standings.say(patient, "died", since=None, note="", seen=0, by=doctor, at=SOON, key=ids.new())
    with pytest.raises(Refused, match="has stopped"):
        happens(talk, What.BACK, desk, text=ROW, at=SOON)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_asks_for_the_reason_and_shows_who_took_it_back(patient, desk, chair, language) -> None:
    booking = booked(patient, chair, desk)
    happens(booking, What.BY_PATIENT, desk, why=Why.ILL, at=SOON)
    client, where = signed_in(desk), f"/patients/{patient.id}/bookings/{booking.id}/"

    def page() -> str:
        return html.unescape(client.get(where, secure=True, headers={"accept-language": language}).content.decode())

    assert word("courses.back_explained", language) in page()
    assert 'name="why"' not in page()
    told = {"do": "taken_back", "seen": "3", "text": "<b>wrong</b> row", "key": str(ids.new())}
    assert client.post(where, told | {"text": ""}, secure=True).status_code == 422
    assert client.post(where, told | {"key": str(ids.new())}, secure=True).status_code == 302
    shown = client.get(where, secure=True, headers={"accept-language": language}).content.decode()
    assert "&lt;b&gt;wrong&lt;/b&gt; row" in shown
    assert word("courses.what_taken_back", language) in shown
    assert client.post(where, told | {"key": str(ids.new())}, secure=True).status_code == 409
