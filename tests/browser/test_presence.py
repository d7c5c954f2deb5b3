"""Does the page itself notice that nobody is there, and does nothing that was typed get lost?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from daybreak.web import ids
from daybreak.web.people import sessions
from daybreak.web.people.roles import Role
from daybreak.web.presence import pins
from daybreak.web.presence.models import Handover, Session
from tests.web.patients.samples import registered

PIN = "582914"
AWAY = (sessions.IDLE + 30) * 1000


@pytest.fixture(scope="module")
def lee(clinic):
    member = clinic.member("lee", Role.NURSE)
    pins.choose(member.person, pin=PIN, again=PIN, at=datetime.now(UTC))
    return member


@pytest.fixture
def patient(clinic, lee):
    return registered(clinic.sites[0], lee.person, number=str(ids.new()))


def aged(person, seconds: int) -> None:
    """Nobody was there for so long, as the clinic sees it."""
    for row in Session.objects.filter(person=person):
        data = row.get_decoded()
        data["seen"] -= seconds
        row.session_data = Session.get_session_store_class()().encode(data)
        row.save(update_fields=["session_data"])


def test_the_page_is_covered_and_what_was_typed_is_still_there(lee, patient, opened) -> None:
    page = opened(lee)
    page.clock.install()
    page.goto(f"/patients/{patient.id}/add/condition/")
    page.locator("[name=onset]").fill("2019")
    page.clock.fast_forward(AWAY)
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    expect(page.get_by_text("Keller")).to_have_count(1)
    expect(page.get_by_text("Keller")).to_be_hidden()
    page.get_by_label("PIN or password").fill("000111")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("That is not it")).to_be_visible()
    page.get_by_label("PIN or password").fill(PIN)
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator("[name=onset]")).to_be_visible()
    expect(page.locator("[name=onset]")).to_have_value("2019")
    page.reload()
    expect(page.get_by_text("Keller")).to_be_visible()


def test_who_types_is_there(lee, patient, opened) -> None:
    page = opened(lee)
    page.clock.install()
    page.goto(f"/patients/{patient.id}/add/condition/")
    for minute in range(4):
        page.locator("[name=onset]").fill(str(minute))
        with page.expect_response("**/here/") as answer:
            page.clock.fast_forward(5 * 60 * 1000)
            page.locator("[name=onset]").fill(f"{minute} and more")
            page.clock.fast_forward(6000)
        assert answer.value.status == 204
    expect(page.get_by_role("heading", name="Locked")).to_be_hidden()


def test_a_locked_session_shows_nothing_by_going_back(lee, patient, opened) -> None:
    page = opened(lee)
    page.goto(f"/patients/{patient.id}/")
    page.get_by_role("button", name="Lock").click()
    page.wait_for_url("**/unlock/**")
    page.go_back()
    expect(page.get_by_text("Keller")).to_have_count(0)


def test_a_tablet_in_a_patients_hands(clinic, lee, patient, opened) -> None:
    page = opened(lee)
    page.goto(f"/patients/{patient.id}/")
    page.get_by_role("link", name="Hand the tablet over").click()
    page.get_by_role("button", name="Hand it over now").click()
    page.wait_for_url("**/tablet/")
    page.go_back()
    expect(page.get_by_text("This tablet was handed to a patient")).to_be_visible()
    clinic.stop()
    clinic.start()
    page.goto(f"/patients/{patient.id}/")
    expect(page.get_by_text("This tablet was handed to a patient")).to_be_visible()
    page.get_by_role("link", name="For staff").click()
    page.get_by_label("PIN or password").fill(PIN)
    page.get_by_role("button", name="Take the tablet back").click()
    page.wait_for_url(f"**/patients/{patient.id}/")
    assert Handover.objects.filter(patient=patient, end__isnull=False).count() == 1


def test_a_tablet_that_is_left_alone_shows_nothing(lee, patient, opened) -> None:
    page = opened(lee)
    page.clock.install()
    page.goto(f"/patients/{patient.id}/tablet/")
    page.get_by_role("button", name="Hand it over now").click()
    page.get_by_role("link", name="Who read my record").click()
    expect(page.get_by_text("handed a tablet to the patient")).to_be_visible()
    aged(lee.person, sessions.IDLE + 60)
    page.clock.fast_forward(AWAY)
    expect(page.get_by_text("Nobody has used this tablet for a while")).to_be_visible()
