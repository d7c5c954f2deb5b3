"""Does a tablet that was handed over for one form show that form alone, keep whose hands it was in, and go back?"""

from __future__ import annotations

import html
import re
import time

import pytest

from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.forms import actions, queries
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Answer, Ending, Mode, Sitting
from daybreak.web.patients.models import PATIENT, Entry
from daybreak.web.people import actions as people
from daybreak.web.people import grants, sessions
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from daybreak.web.presence import pins
from daybreak.web.presence.models import Handover
from daybreak.web.tasks.models import Kind, Task
from daybreak.web.words import word
from tests.web.conftest import NOW, signed_in
from tests.web.forms.filling import PHQ, asked, values
from tests.web.patients.samples import registered

PIN = "582914"


@pytest.fixture
def desk(person):
    fay = person("fay", Role.FRONT_DESK)
    pins.choose(fay, pin=PIN, again=PIN, at=NOW)
    return fay


@pytest.fixture
def patient(site, desk):
    return registered(site, desk)


def handed(patient, by, sitting=None, **other):
    """A browser in the patient's hands."""
    sitting = sitting or asked(patient, by, mode=Mode.TABLET, **other)
    client = signed_in(by)
    where = f"/patients/{patient.id}/forms/{sitting.id}/"
    answer = client.post(where, {"do": "tablet", "key": str(ids.new())}, secure=True)
    assert (answer.url, answer["Clear-Site-Data"]) == ("/tablet/form/", '"cache"')
    return client, sitting


def say(client, n, value):
    found = re.search(r'name="question" value="([^"]*)"', page(client, f"/tablet/form/{n}/"))
    told = {"value": value, "question": found[1] if found else ""}
    return client.post(f"/tablet/form/{n}/", told, secure=True)


def page(client, address):
    return html.unescape(client.get(address, secure=True).content.decode())


def test_the_desk_hands_it_over_the_patient_answers_and_staff_take_it_back(patient, desk) -> None:
    client = signed_in(desk)
    told = {"form": PHQ, "mode": "tablet", "language": "en", "key": str(ids.new())}
    where = client.post(f"/patients/{patient.id}/forms/", told, secure=True).url
    assert word("tablet.back_by_pin", "en") in page(client, where)
    client, sitting = handed(patient, desk, Sitting.objects.get())
    assert client.get("/tablet/form/", secure=True).url == "/tablet/form/1/"
    assert "Little interest" in page(client, "/tablet/form/1/")
    assert "Keller" not in page(client, "/tablet/form/1/")
    for n in range(1, 9):
        assert say(client, n, "1").url == f"/tablet/form/{n + 1}/"
    assert say(client, 9, "0").url == "/tablet/form/done/"
    assert word("tablet.done", "en") in page(client, "/tablet/form/done/")
    assert values(patient)["phq-9"] == 8
    assert {(row.origin, row.by) for row in Entry.objects.all()} == {(PATIENT, None)}
    assert set(Answer.objects.values_list("by", flat=True)) == {None}
    assert set(Line.objects.filter(action__in=("form_answered", "form_finished")).values_list("via", "who")) == {
        ("tablet", None)
    }
    assert client.post("/tablet/back/", {"pin": "000111"}, secure=True).status_code == 422
    assert client.post("/tablet/back/", {"pin": PIN}, secure=True).url == where
    shown = page(client, where)
    assert f"handed over on a tablet by {desk.display_name}" in shown
    assert client.get("/tablet/form/", secure=True).status_code == 404
    assert Ending.objects.get(sitting=sitting).by is None


@pytest.mark.parametrize("value", ["2", NOT_SAID])
def test_the_card_is_shown_at_once_and_somebody_is_called(patient, desk, value) -> None:
    client, _ = handed(patient, desk)
    assert say(client, 9, value).url == "/tablet/form/help/"
    shown = page(client, "/tablet/form/help/")
    assert "tel:" in shown
    assert word("forms.tell_staff", "en") in shown
    assert Task.objects.get().kind == Kind.SUICIDE


def test_no_other_page_is_open_and_the_way_back_is_this_form(patient, desk) -> None:
    client, sitting = handed(patient, desk)
    for address in ("/", "/tablet/", "/tablet/entries/", "/tablet/consent/", f"/patients/{patient.id}/", "/form/1/"):
        answer = client.get(address, secure=True)
        assert answer.status_code == 403, address
        assert 'href="/tablet/form/"' in answer.content.decode()
    assert client.post(f"/patients/{patient.id}/forms/{sitting.id}/", secure=True).status_code == 403


def test_what_was_said_before_is_not_shown_to_whoever_holds_it_next(patient, desk) -> None:
    client, sitting = handed(patient, desk)
    say(client, 1, "3")
    assert 'aria-pressed="true"' in page(client, "/tablet/form/1/")
    client.post("/tablet/back/", {"pin": PIN}, secure=True)
    later, _ = handed(patient, desk, sitting)
    assert later.get("/tablet/form/", secure=True).url == "/tablet/form/2/"
    assert 'aria-pressed="true"' not in page(later, "/tablet/form/1/")


def test_it_speaks_the_patients_language_and_then_the_staffs_again(patient, desk) -> None:
    client, _ = handed(patient, desk, language="zh-Hans")
    assert "做事时提不起劲" in page(client, "/tablet/form/1/")
    assert word("forms.kept_here", "zh-Hans") in page(client, "/tablet/form/1/")
    client.post("/tablet/back/", {"pin": PIN}, secure=True)
    assert word("forms.title", "en") in page(client, f"/patients/{patient.id}/forms/")


def test_a_double_click_hands_over_once(patient, desk) -> None:
    sitting = asked(patient, desk, mode=Mode.TABLET)
    told = {"do": "tablet", "key": str(ids.new())}
    for _ in range(2):
        answer = signed_in(desk).post(f"/patients/{patient.id}/forms/{sitting.id}/", told, secure=True)
        assert answer.url == "/tablet/form/"
    assert Handover.objects.count() == 1


def test_what_is_over_or_goes_by_another_door_is_not_handed_over(patient, desk) -> None:
    by_link, over = asked(patient, desk), asked(patient, desk, mode=Mode.TABLET)
    client, _ = handed(patient, desk, over)
    for n in range(1, 10):
        actions.answer(over, str(n), "0", by=None, at=NOW)
    assert say(client, 1, "3").url == "/tablet/form/done/"
    assert queries.answers(over)["1"] == "0"
    for sitting in (by_link, over):
        where = f"/patients/{patient.id}/forms/{sitting.id}/"
        signed_in(desk).post(where, {"do": "tablet", "key": str(ids.new())}, secure=True)
    assert Handover.objects.count() == 1


def test_nobody_elsewhere_hands_it_over_and_it_ends_with_the_rights_of_who_did(patient, desk, person) -> None:
    client, sitting = handed(patient, desk)
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    hana = signed_in(person("hana", Role.FRONT_DESK, at_site=harbour))
    where = f"/patients/{patient.id}/forms/{sitting.id}/"
    assert hana.post(where, {"do": "tablet", "key": str(ids.new())}, secure=True).status_code == 404
    grants.disable(Person.objects.get(pk=desk.pk), by=None, at=NOW)
    assert say(client, 1, "3").status_code == 403
    assert not Answer.objects.exists()


@pytest.mark.parametrize("value", ["2", NOT_SAID])
def test_an_answer_about_suicide_given_after_a_long_thought_is_kept_and_calls_somebody(patient, desk, value) -> None:
    client, sitting = handed(patient, desk)
    session = client.session
    session["seen"] = time.time() - sessions.IDLE - 60
    session.save()
    told = {"value": value, "question": "9"}
    answer = client.post("/tablet/form/9/", told, secure=True)
    shown = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert word("tablet.rests_kept", "en") in shown
    assert "tel:" in shown
    assert Answer.objects.get(sitting=sitting).value == value
    assert Task.objects.get().kind == Kind.SUICIDE
    for address in ("/tablet/form/9/", "/tablet/form/help/"):
        assert client.get(address, secure=True).status_code == 403, "shown no more"
    nonsense = client.post("/tablet/form/9/", {**told, "value": "77"}, secure=True)
    assert word("tablet.rests_unkept", "en") in html.unescape(nonsense.content.decode())
    assert client.get("/crisis/", secure=True).status_code == 200
