"""Does a passkey work in a real browser, with a device that the browser pretends to have?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from daybreak.web.people import step_up
from daybreak.web.people.roles import Role
from daybreak.web.presence.models import Passkey, Session
from tests.browser.clinic import PASSWORD
from tests.browser.conftest import sign_in

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """The device beside the page; it may stop to recognise its owner."""

    def __init__(self, page: Page) -> None:
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        self.id = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def recognises(self, owner: bool) -> None:
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": owner})


@pytest.fixture
def registered(clinic, opened):
    """Lee's page after registering a key on it."""
    lee = clinic.member(f"lee{Passkey.objects.count()}", Role.PRESCRIBER)
    page = opened()
    device = Device(page)
    sign_in(page, lee)
    page.goto("/me/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What do you call it?").fill("My tablet")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/me/")
    expect(page.get_by_role("strong").filter(has_text="My tablet")).to_be_visible()
    return page, device, lee


def out(page: Page) -> None:
    page.locator("form[action='/logout/'] button").click()
    page.wait_for_url("**/login/")


def test_a_key_signs_in_alone(registered) -> None:
    page, _, _ = registered
    out(page)
    for _ in range(2):
        page.goto("/login/?next=/me/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url("**/me/")
        expect(page.locator("h1")).to_be_visible()
        out(page)


def test_a_device_that_does_not_know_its_owner_opens_nothing(registered) -> None:
    page, device, _ = registered
    out(page)
    device.recognises(False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The device did not answer")).to_be_visible()
    device.recognises(True)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def test_a_key_is_the_second_step(registered) -> None:
    page, _, lee = registered
    out(page)
    page.locator("[name=login]").fill(lee.login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def test_a_key_confirms_a_signature(registered) -> None:
    """The tests and the clinic share a database, not a process: the session is made old in the database."""
    page, _, lee = registered
    row = Session.objects.get(person=lee.person)
    data = row.get_decoded()
    data["began"] -= step_up.LASTS + 60
    row.session_data = Session.get_session_store_class()().encode(data)
    row.save(update_fields=["session_data"])
    page.goto("/me/passkeys/new/")
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_text("The passkey answered")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_label("What do you call it?")).to_be_visible()


def test_without_scripts_the_page_says_what_to_do(clinic, opened) -> None:
    page = opened(java_script_enabled=False)
    page.goto("/login/")
    expect(page.get_by_text("A passkey needs a browser that runs scripts")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
