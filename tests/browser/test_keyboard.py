"""Can somebody who has no mouse do their work, and a patient answer a form? Only Tab, Enter, Space, arrows and letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from daybreak.knowledge.protocols import protocol
from daybreak.web import ids
from daybreak.web.forms import actions as forms
from daybreak.web.forms import queries, sending
from daybreak.web.forms.models import Mode
from daybreak.web.links.tokens import token
from daybreak.web.patients.models import Entry
from daybreak.web.people.roles import Role
from daybreak.web.protocols import actions as protocols
from daybreak.web.words import LANGUAGES
from tests.browser.clinic import PASSWORD, Clinic, Member
from tests.browser.test_journey import US
from tests.web.patients.samples import registered

FAR = 400  # more stops than any page has


@pytest.fixture(scope="module")
def doctor(clinic: Clinic) -> Member:
    found, now = clinic.member("ines", Role.PRESCRIBER), datetime.now(UTC)
    digest = protocol(US, as_of=now.date()).digest
    protocols.adopt(id=US, digest=digest, site=clinic.sites[0], by=found.person, at=now, key=ids.new())
    return found


def to(page: Page, place: Locator) -> Locator:
    """Tab until it has the focus, which must be seen; a control that Tab never reaches is not there for these people."""
    expect(place).to_have_count(1)
    for _ in range(FAR):
        if place.evaluate("it => it === document.activeElement"):
            assert place.evaluate("it => getComputedStyle(it).outlineStyle !== 'none' || it.matches('[type=radio]')")
            return place
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {place}")


def fill(page: Page, place: Locator, text: str) -> None:
    to(page, place)
    page.keyboard.type(text)


def press(page: Page, place: Locator, key: str = "Enter") -> None:
    """On a link or a button, which leads to another page."""
    to(page, place)
    with page.expect_navigation():
        page.keyboard.press(key)


def test_from_signing_in_to_the_page_that_is_signed(
    clinic: Clinic, doctor: Member, opened: Callable[..., Page]
) -> None:
    patient = registered(clinic.sites[0], doctor.person, number="K1", family_name="Okafor")
    page = opened()
    page.goto("/login/")
    main = page.locator("main")
    fill(page, main.locator("[name=login]"), doctor.login)
    fill(page, main.locator("[name=password]"), PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    fill(page, main.locator("[name=code]"), doctor.code())
    with page.expect_navigation():
        page.keyboard.press("Enter")

    press(page, page.locator("header a[href='/patients/']"))
    fill(page, main.locator("[name=name]"), "Okafor")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, main.locator(f"a[href='/patients/{patient.id}/']").first)
    press(page, main.locator(f"a[href='/patients/{patient.id}/screening/']").first)
    ask = main.locator("form.ask:has([name=about][value=pressure])").first
    fill(page, ask.locator("[name=systolic]"), "124")
    fill(page, ask.locator("[name=diastolic]"), "78")
    press(page, ask.locator("button"), "Space")
    assert Entry.objects.filter(patient=patient).count() == 2  # both parts of the pressure

    press(page, main.locator("a[href*='/screening/sign/']"))
    expect(main.locator("[name=protocol]")).to_have_value(US)
    to(page, main.locator("[name=outcome][value=not_yet]"))
    page.keyboard.press("Space")
    expect(main.locator("[name=outcome][value=not_yet]")).to_be_checked()
    fill(page, main.locator("[name=condition]"), "history is taken first")
    expect(main.locator("[name=condition]")).to_have_value("history is taken first")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_patient_answers_a_form(clinic: Clinic, doctor: Member, opened: Callable[..., Page], language: str) -> None:
    now = datetime.now(UTC)
    patient = registered(clinic.sites[0], doctor.person, number=f"K {language}")
    told = {"mode": Mode.LINK, "language": language, "by": doctor.person, "at": now, "key": ids.new()}
    sitting = forms.ask(patient, "assessment:phq-9", **told)
    link = sending.link(sitting, by=doctor.person, at=now, key=ids.new())
    page = opened(language=language)
    page.goto(f"/l/{token(link)}/")
    press(page, page.locator("main form button"))
    for n in range(1, 10):
        page.wait_for_url(re.compile(f"/form/{n}/$"))
        press(page, page.locator(f"button[name=value][value='{0 if n == 9 else 1}']"), "Space" if n % 2 else "Enter")
    page.wait_for_url(re.compile("/form/done/$"))
    assert queries.answers(sitting) == {str(n): "1" for n in range(1, 9)} | {"9": "0"}
