"""Does the page on which one chooses who one is exist in a demo on this machine, and nowhere else?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.demo import mark, worth
from daybreak.web.demo.models import Mark
from daybreak.web.patients.models import Patient
from daybreak.web.people import grants
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from tests.web.conftest import NOW, signed_in


@pytest.fixture
def in_demo(settings: Any) -> None:
    settings.PLACE = replace(settings.PLACE, profile="demo")


@pytest.fixture
def marked(in_demo: None, site: Site) -> Site:
    mark.mark(site.organisation, at=NOW)
    return site


def here(peer: str = "127.0.0.1", host: str = "localhost", **headers: str) -> Client:
    """A browser on the machine of the demo, unless told otherwise."""
    return Client(headers={"host": host, **headers}, REMOTE_ADDR=peer)


def test_one_click_and_one_is_that_person(marked, person) -> None:
    lee = person("lee", Role.NURSE)
    client = here()
    page = client.get("/demo/", secure=True).content.decode()
    assert "Main Street" in page
    assert "Sign in as Lee, Nurse" in page
    assert client.post("/demo/", {"person": str(lee.id)}, secure=True).url == "/"
    page = client.get("/patients/", secure=True).content.decode()
    assert "Demo: made-up patients" in page
    assert ">Lee</a>" in page
    assert Entry.objects.filter(who=lee.id, action="signed_in_demo").count() == 1


def test_the_way_on_is_kept_and_leads_to_our_own_pages(marked, person) -> None:
    lee = person("lee", Role.NURSE)
    for onward, leads in (("/patients/new/", "/patients/new/"), ("https://evil.example/", "/")):
        assert here().post("/demo/", {"person": str(lee.id), "next": onward}, secure=True).url == leads
    assert (
        'href="/demo/?next=%2Fpatients%2Fnew%2F"'
        in here().get("/login/?next=/patients/new/", secure=True).content.decode()
    )


def test_the_first_page_says_what_is_worth_opening(marked) -> None:
    client = here()
    for language, said in (("en", "Who is here, late, or did not come"), ("zh-hans", "谁已到、迟到或没有来")):
        client.post("/language/", {"language": language, "next": "/demo/"}, secure=True)
        page = client.get("/demo/", secure=True).content.decode()
        assert said in page
        assert all(f"<code>{typed}</code>" in page for _, rows in worth.PATIENTS for typed, _, _ in rows)
        assert all(f'href="{address}"' in page for address, _, _ in worth.ROOMS)


@pytest.mark.parametrize(
    ("peer", "host", "headers"),
    [
        ("10.0.0.5", "localhost", {}),
        ("10.0.0.5", "localhost", {"x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1"}),
        ("10.0.0.5", "localhost", {"forwarded": "for=127.0.0.1;host=localhost", "x-forwarded-host": "localhost"}),
        ("", "localhost", {}),
        ("127.0.0.1", "clinic.example.org", {}),
        ("127.0.0.1", "clinic.example.org", {"x-forwarded-host": "localhost"}),
    ],
)
def test_from_elsewhere_there_is_no_such_page(marked, person, peer, host, headers) -> None:
    lee = person("lee", Role.NURSE)
    client = here(peer, host, **headers)
    assert client.get("/demo/", secure=True).status_code == 404
    assert client.post("/demo/", {"person": str(lee.id)}, secure=True).status_code == 404
    assert client.get("/patients/", secure=True).status_code == 302


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.8.9.10"])
def test_this_machine_has_several_addresses(marked, address) -> None:
    assert here(peer=address, host="127.0.0.1").get("/demo/", secure=True).status_code == 200


def test_without_the_mark_there_is_no_such_page(in_demo, site, person) -> None:
    lee = person("lee", Role.NURSE)
    assert here().get("/demo/", secure=True).status_code == 404
    assert here().post("/demo/", {"person": str(lee.id)}, secure=True).status_code == 404
    assert "made-up" not in here().get("/login/", secure=True).content.decode()


def test_a_clinic_has_no_such_page_whatever_its_database_says(marked, person, settings) -> None:
    lee = person("lee", Role.NURSE)
    settings.PLACE = replace(settings.PLACE, profile="clinic")
    assert here().get("/demo/", secure=True).status_code == 404
    assert here().post("/demo/", {"person": str(lee.id)}, secure=True).status_code == 404
    page = here().get("/login/", secure=True).content.decode()
    assert "made-up" not in page
    assert "/demo/" not in page


@pytest.mark.parametrize("typed", ["", "lee", "0193f000-0000-7000-8000-00000000dead", None])
def test_nobody_else_can_be_chosen(marked, person, invited, typed) -> None:
    """`None`: somebody who holds no role any more."""
    if typed is None:
        gone = person("gone", Role.NURSE)
        grants.disable(gone, by=None, at=NOW)
        typed = str(gone.id)
    assert here().post("/demo/", {"person": typed}, secure=True).status_code == 404


def test_only_a_new_demo_can_be_marked(site, settings) -> None:
    with pytest.raises(Refused, match="Only a new demo"):
        mark.mark(site.organisation, at=NOW)
    settings.PLACE = replace(settings.PLACE, profile="demo")
    Patient.objects.create(id=ids.new(), organisation=site.organisation, created=NOW)
    with pytest.raises(Refused, match="Only a new demo"):
        mark.mark(site.organisation, at=NOW)


def test_the_mark_stays(marked) -> None:
    for change in (Mark.objects.all().delete, lambda: Mark.objects.update(created=NOW)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert mark.marked()


def test_what_is_typed_once_more_is_shown_and_is_a_password(marked, person: Any) -> None:
    from django.contrib.auth.password_validation import validate_password

    validate_password(mark.password(), person("lee", Role.NURSE))
    assert mark.password() in here().get("/demo/", secure=True).content.decode()


def test_where_one_is_asked_once_more_the_page_says_what_to_type(marked, person) -> None:
    lee = person("lee", Role.NURSE)
    client = here()
    client.post("/demo/", {"person": str(lee.id)}, secure=True)
    client.post("/lock/", secure=True)
    assert mark.password() in client.get("/unlock/", secure=True).content.decode()
    assert client.post("/demo/", {"person": str(lee.id)}, secure=True).url == "/", "or one is chosen again"


@pytest.mark.parametrize(
    ("role", "first", "leads"),
    [
        (Role.PRESCRIBER, "/tasks/", ["/tasks/", "/patients/", "/clinic/protocols/"]),
        (Role.FRONT_DESK, "/tasks/", ["/tasks/", "/patients/", "/clinic/protocols/"]),
        (Role.ADMINISTRATOR, "/tasks/", ["/tasks/", "/clinic/people/", "/audit/", "/clinic/protocols/"]),
        (Role.RESEARCHER, "/clinic/protocols/", ["/clinic/protocols/"]),
    ],
)
def test_the_header_leads_to_what_one_may_open(person, role, first, leads) -> None:
    client: Client = signed_in(person("lee", role))
    assert client.get("/", secure=True).url == first
    page = client.get("/me/", secure=True).content.decode()
    header = page[page.index("<header") : page.index("</header>")]
    for address in ("/tasks/", "/patients/", "/clinic/people/", "/audit/", "/clinic/protocols/"):
        assert (f'href="{address}"' in header) is (address in leads)
    assert settings.PLACE.profile == "clinic"
