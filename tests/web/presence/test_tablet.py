"""Does a tablet in a patient's hands show what is theirs, and nothing else, until staff take it back?"""

from __future__ import annotations

import time

import pytest

from daybreak.clinical.records import Condition
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.patients import records
from daybreak.web.patients.models import Registration
from daybreak.web.people import grants, sessions
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from daybreak.web.presence import pins
from daybreak.web.presence.models import Handover, HandoverEnd
from daybreak.web.requests import actions as requests
from daybreak.web.requests.models import CORRECTION, RECORDS, REFUSED, TABLET, Request
from tests.web import who_may
from tests.web.conftest import NOW, browser, signed_in
from tests.web.patients.samples import registered
from tests.web.presence.test_unlock import PIN, lee  # noqa: F401
from tests.web.requests.test_own import form
from tests.web.test_access import path, routes


@pytest.fixture
def anna(site, lee):  # noqa: F811
    patient = registered(site, lee)
    records.entry(Condition("Condition/x", "asthma"), id=ids.new(), patient=patient, by=lee, at=NOW).save(
        force_insert=True
    )
    return patient


@pytest.fixture
def tablet(anna, lee):  # noqa: F811
    """Handed over, just now."""
    client = signed_in(lee)
    assert "Keller" in client.get(f"/patients/{anna.id}/tablet/", secure=True).content.decode()
    handed = client.post(f"/patients/{anna.id}/tablet/", {"key": str(ids.new())}, secure=True)
    assert (handed.url, handed["Clear-Site-Data"]) == ("/tablet/", '"cache"')
    return client


def take_back(client, typed=PIN):
    return client.post("/tablet/back/", {"pin": typed}, secure=True)


def test_the_patient_sees_their_own_entries_and_who_read_them(tablet) -> None:
    assert "Anna Keller" in tablet.get("/tablet/", secure=True).content.decode()
    assert "asthma" in tablet.get("/tablet/entries/", secure=True).content.decode().lower()
    Site.objects.update(zone="Asia/Shanghai")
    readers = tablet.get("/tablet/readers/", secure=True).content.decode()
    assert "Times are those of the clinic (Asia/Shanghai)." in readers
    assert " CST</time>" in readers
    assert " UTC</time>" not in readers
    assert "Lee handed a tablet to the patient (you)" in readers
    assert "on a tablet in the patient’s hands" in readers
    assert Entry.objects.filter(via="tablet", action="read").count() == 3


def test_the_patient_asks_for_a_copy_and_a_correction_as_by_the_link(tablet, anna, site, lee, person) -> None:  # noqa: F811
    new = {"organisation_id": site.organisation_id, "created": NOW}
    there = Site.objects.create(id=ids.new(), name="Harbour", **new)
    Registration.objects.create(id=ids.new(), patient=anna, site=there, number="7", by=lee, **new)
    page = tablet.get("/tablet/ask/", secure=True).content.decode()
    assert "Harbour" not in page, "whoever handed the tablet over has no business there"
    assert "988" in page
    sent = form(page, CORRECTION, text="My dose is wrong", site=str(there.id))
    for _ in range(2):
        assert tablet.post("/tablet/ask/", sent, secure=True).url == "/tablet/ask/?asked=1"
    assert tablet.post("/tablet/ask/", form(page, RECORDS, text="all of it"), secure=True).status_code == 302
    again = {**form(page, RECORDS, text="more"), "key": str(ids.new())}
    assert tablet.post("/tablet/ask/", again, secure=True).status_code == 422
    assert {(row.kind, row.door, row.by, row.site_id) for row in Request.objects.all()} == {
        (kind, TABLET, None, site.id) for kind in (RECORDS, CORRECTION)
    }
    assert Entry.objects.filter(action="request_received", via="tablet", who=None).count() == 2
    ines = person("ines", Role.PRESCRIBER)
    row = Request.objects.get(kind=CORRECTION)
    requests.answer(row, what=REFUSED, text="The label says so", by=ines, at=NOW, key=ids.new())
    page = tablet.get("/tablet/ask/", secure=True).content.decode()
    assert "Somebody answers by" in page
    assert "A prescriber can show you" in page
    for words in ("The label says so", "My dose is wrong"):
        assert words not in page, "a nurse reads it neither by handing the tablet to herself"
    own = signed_in(ines)
    assert "on a tablet in the patient’s hands" in own.get(f"/requests/{row.id}/", secure=True).content.decode()
    own.post(f"/patients/{anna.id}/tablet/", {"key": str(ids.new())}, secure=True)
    assert "The label says so" in own.get("/tablet/ask/", secure=True).content.decode()


def test_nobody_reads_what_bears_a_label_by_handing_the_tablet_to_themselves(anna, tablet, person) -> None:
    ines = person("ines", Role.PRESCRIBER)
    told = {"patient": anna, "by": ines, "at": NOW, "id": ids.new()}
    row = records.entry(Condition("Condition/y", "alcohol dependence"), **told)
    row.sensitivity = "substance_use"
    row.save(force_insert=True)
    page = tablet.get("/tablet/entries/", secure=True).content.decode()
    assert "alcohol" not in page
    assert "A prescriber can show you the rest" in page
    own = signed_in(ines)
    own.post(f"/patients/{anna.id}/tablet/", {"key": str(ids.new())}, secure=True)
    page = own.get("/tablet/entries/", secure=True).content.decode()
    assert "alcohol" in page
    assert "the rest" not in page


def test_every_other_address_is_shut(tablet) -> None:
    """Also those that are for everybody: a patient does not sign in, use links or choose who they are."""
    other = who_may.HANDED_CONSENT | who_may.HANDED_FORM | who_may.HANDED_PAYMENT | who_may.HANDED_SESSION
    for route, view in routes().items():
        answer = tablet.get(path(route), secure=True)
        if view.access.tablet:
            assert answer.status_code == (403 if route in other else 200), route
        elif view.access.even_handed:
            assert answer.status_code in (200, 405), route
        else:
            assert answer.status_code == 403, route
            assert "handed to a patient" in answer.content.decode(), route
            assert tablet.post(path(route), secure=True).status_code == 403, route
    assert "/logout/" not in tablet.get("/tablet/", secure=True).content.decode()


def test_anywhere_else_there_is_no_such_page(anna, lee) -> None:  # noqa: F811
    for client in (browser(), signed_in(lee)):
        for page in map(path, who_may.TABLET):
            assert client.get(page, secure=True).status_code == 404
        assert client.get("/tablet/back/", secure=True).url == "/"


def test_staff_take_it_back_and_are_where_they_were(tablet, anna) -> None:
    assert take_back(tablet, "000111").status_code == 422
    back = take_back(tablet)
    assert (back.url, back["Clear-Site-Data"]) == (f"/patients/{anna.id}/", '"cache"')
    assert tablet.get(back.url, secure=True).status_code == 200
    assert tablet.get("/tablet/", secure=True).status_code == 404
    assert HandoverEnd.objects.count() == 1
    assert Entry.objects.filter(action="tablet_taken_back", subject=anna.id).count() == 1


def test_guessing_opens_nothing_and_ends_nothing(tablet, lee) -> None:  # noqa: F811
    for _ in range(pins.TRIES):
        assert take_back(tablet, "000111").status_code == 422
    asked = tablet.get("/tablet/back/", secure=True).content.decode()
    assert 'name="end"' in asked
    assert take_back(tablet).status_code == 429
    assert tablet.get("/tablet/", secure=True).status_code == 200
    assert signed_in(lee).get("/me/", secure=True).status_code == 200, "elsewhere nothing is locked"


def test_nobody_elses_pin_takes_it_back(tablet, person) -> None:
    eve = person("eve", Role.NURSE)
    pins.choose(eve, pin="739164", again="739164", at=NOW)
    assert take_back(tablet, "739164").status_code == 422


def test_left_alone_it_shows_nothing(tablet) -> None:
    session = tablet.session
    session["seen"] = time.time() - sessions.IDLE - 60
    session.save()
    for page in ("/tablet/", "/tablet/entries/", "/me/"):
        assert tablet.get(page, secure=True).status_code == 403
    assert tablet.get("/tablet/", secure=True).status_code == 403, "looking at it does not wake it"
    assert take_back(tablet).status_code == 302


def test_it_ends_with_the_rights_of_whoever_handed_it_over(tablet, lee) -> None:  # noqa: F811
    grants.disable(Person.objects.get(pk=lee.pk), by=None, at=NOW)
    assert tablet.get("/tablet/entries/", secure=True).status_code == 403


def test_the_same_form_hands_over_once(anna, lee) -> None:  # noqa: F811
    key = {"key": str(ids.new())}
    for _ in range(2):
        assert signed_in(lee).post(f"/patients/{anna.id}/tablet/", key, secure=True).url == "/tablet/"
    assert Handover.objects.count() == 1
    client = signed_in(lee)
    client.post(f"/patients/{anna.id}/tablet/", key, secure=True)
    take_back(client)
    late = client.post(f"/patients/{anna.id}/tablet/", key, secure=True)
    assert (late.status_code, "taken back" in late.content.decode()) == (422, True)


def test_only_who_may_read_the_record_hands_it_over(anna, person) -> None:
    for role in (Role.FRONT_DESK, Role.ADMINISTRATOR, Role.PHARMACIST):
        client = signed_in(person(role.value, role))
        assert client.post(f"/patients/{anna.id}/tablet/", {"key": str(ids.new())}, secure=True).status_code == 403


def test_no_browser_fills_in_the_password_while_the_patient_holds_it(tablet) -> None:
    page = tablet.get("/tablet/back/", secure=True).content.decode()
    field = page[page.index('id="pin"') :].partition(">")[0]
    assert 'autocomplete="off"' in field
    assert "current-password" not in page


def test_after_three_wrong_tries_staff_end_the_session_and_nobody_can_before(tablet) -> None:
    assert tablet.post("/tablet/back/", {"end": "yes"}, secure=True).status_code == 422
    for _ in range(pins.TRIES):
        take_back(tablet, "000111")
    ended = tablet.post("/tablet/back/", {"end": "yes"}, secure=True)
    assert (ended.url, ended["Clear-Site-Data"]) == ("/login/", '"cache"')
    assert HandoverEnd.objects.count() == 1
    assert tablet.get("/me/", secure=True).status_code == 302
