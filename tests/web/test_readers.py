"""Does a patient learn who looked at their record, when and why, and does nobody else learn it from the link?"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.web import ids
from daybreak.web.audit import readers, trail
from daybreak.web.audit.models import Entry
from daybreak.web.links.models import Link, LinkEvent
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from tests.web.conftest import browser, signed_in
from tests.web.patients.samples import registered


@pytest.fixture
def doctor(person):
    return person("okafor", Role.PRESCRIBER)


@pytest.fixture
def desk(person):
    return person("desk", Role.FRONT_DESK)


@pytest.fixture
def patient(site, doctor):
    return registered(site, doctor)


def now() -> datetime:
    return datetime.now(UTC)


def text(page) -> str:
    return html.unescape(page.content.decode())


def sheet(someone, patient, **told) -> str:
    page = signed_in(someone).post(
        f"/patients/{patient.id}/readers/link/", {"key": str(ids.new()), **told}, secure=True
    )
    found = re.search(rf"{settings.PLACE.public_url}(/l/[^/]+/)", text(page))
    return found[1] if found else text(page)


def test_from_the_sheet_to_the_list(patient, doctor, desk) -> None:
    for _ in range(3):
        signed_in(doctor).get(f"/patients/{patient.id}/", secure=True)
    trail.happened("entry_added", who=doctor.id, at=now(), subject=patient.id)
    where = sheet(desk, patient)
    client = browser()
    assert client.post(where, secure=True).url == "/readers/"
    asked = client.get("/readers/", secure=True)
    assert "In which year were you born" in text(asked)
    assert "Okafor" not in text(asked)
    assert client.post("/readers/", {"year": "1971"}, secure=True).url == "/readers/"
    page = text(client.get("/readers/", secure=True))
    assert "Okafor" in page
    assert "looked at it · 3×" in page
    assert "wrote in it · 1×" in page
    assert "Prescriber at Main Street" in page
    for hidden in ("Keller", "Anna", "1971"):
        assert hidden not in page, "the list names nobody but those who read"
    line = Entry.objects.get(object_type="readers")
    assert (line.via, line.who, line.subject) == ("link", None, patient.id)
    client.cookies["__Host-language"] = "zh-hans"
    assert "谁看过您的病历" in text(client.get("/readers/", secure=True))


def test_the_days_and_hours_are_those_of_the_clinic(patient, doctor, desk, site) -> None:
    Site.objects.filter(pk=site.pk).update(zone="America/Los_Angeles")
    read = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
    trail.read("patient", who=doctor.id, at=read, subject=patient.id)
    client = browser()
    client.post(sheet(desk, patient), secure=True)
    client.post("/readers/", {"year": "1971"}, secure=True)
    for page in (
        text(client.get("/readers/", secure=True)),
        text(signed_in(doctor).get(f"/patients/{patient.id}/readers/", secure=True)),
    ):
        assert "2026-11-23 21:30" in page
        assert "Times are those of the clinic (America/Los_Angeles)." in page


def test_five_wrong_years_end_the_link(patient, desk) -> None:
    where = sheet(desk, patient)
    client = browser()
    client.post(where, secure=True)
    for year in ("1970", "", "71", "19711", "1972"):
        page = client.post("/readers/", {"year": year}, secure=True)
        assert page.status_code == 422
        assert "not the year" in text(page)
    assert client.post("/readers/", {"year": "1971"}, secure=True).status_code == 404
    assert browser().post(where, secure=True).status_code == 404
    assert LinkEvent.objects.filter(kind="revoked").count() == 1


def test_the_cookie_alone_shows_nothing(patient, desk, doctor, site) -> None:
    other = registered(site, doctor, number="49", birth="1990-01-01")
    client, theirs = browser(), browser()
    client.post(sheet(desk, patient), secure=True)
    client.post("/readers/", {"year": "1971"}, secure=True)
    theirs.post(sheet(desk, other), secure=True)
    theirs.cookies["__Secure-born"] = client.cookies["__Secure-born"].value
    assert "In which year were you born" in text(theirs.get("/readers/", secure=True))
    assert browser().get("/readers/", secure=True).status_code == 404


def test_the_same_form_gives_the_same_link(patient, desk) -> None:
    key = str(ids.new())
    assert sheet(desk, patient, key=key) == sheet(desk, patient, key=key)
    assert Link.objects.filter(purpose="readers").count() == 1


def test_without_a_birth_date_there_is_no_link(site, doctor, desk) -> None:
    alone = registered(site, doctor, number="50", birth="")
    assert "none is recorded" in sheet(desk, alone)


def test_the_prescriber_sees_it_on_the_record(patient, doctor, desk, person) -> None:
    where = f"/patients/{patient.id}/readers/"
    signed_in(desk).get(f"/patients/{patient.id}/", secure=True)
    page = text(signed_in(doctor).get(where, secure=True))
    assert "Desk" in page
    assert "Front desk at Main Street" in page
    for role in (Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR):
        assert signed_in(person(f"x-{role}", role)).get(where, secure=True).status_code == 403


def test_an_emergency_says_its_reason(patient, person, doctor) -> None:
    from daybreak.web.people import actions as people

    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=now())
    hana = signed_in(person("hana", Role.NURSE, at_site=harbour))
    told = {"key": str(ids.new()), "do": "open", "code": "danger", "reason": "x"}
    hana.post(f"/emergency/{patient.id}/", told, secure=True)
    hana.get(f"/patients/{patient.id}/", secure=True)
    found = readers.readers(patient.id, "en").rows
    assert "an emergency – Life or health is in danger now" in [one.why for one in found if one.name == "Hana"]


def test_a_long_list_is_paged_and_asks_as_often(patient, doctor, monkeypatch) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            readers.readers(patient.id, "en")
        return len(found)

    trail.read("patient", who=doctor.id, at=now(), subject=patient.id)
    few = asked()
    for _ in range(30):
        trail.read("patient", who=doctor.id, at=now(), subject=patient.id)
    assert asked() == few
    monkeypatch.setattr(readers, "LINES", 20)
    first = readers.readers(patient.id, "en")
    second = readers.readers(patient.id, "en", before=first.before)
    assert [page.rows[0].did for page in (first, second)] == [
        ["looked at it · 20×"],
        ["looked at it · 11×"],
    ]
    assert second.before is None
