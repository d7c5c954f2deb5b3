"""On a phone, from home: how many taps are a PHQ-9, is it read aloud, does it survive a lost connection and a closed tab?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from daybreak.web import ids
from daybreak.web.forms import actions
from daybreak.web.forms.models import Answer, Ending, Mode, Sitting
from daybreak.web.links.tokens import token
from daybreak.web.patients.models import Patient
from daybreak.web.people.roles import Role
from daybreak.web.tasks.models import Kind, Task
from daybreak.web.words import word
from tests.browser.clinic import Clinic, Member
from tests.web.forms.filling import PHQ, link_to
from tests.web.patients.samples import registered

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
MOST_TAPS = 11  # one to begin, one for each item, one to send; sending is none here, since every answer is
# A voice of the device, and one that would send the words away.
VOICES = """
const spoken = (window.spoken = []);
const voices = [{ lang: "en-US", localService: false }, { lang: "en-GB", localService: true }];
Object.defineProperty(window, "speechSynthesis", { value: {
  speaking: false, getVoices: () => voices, cancel() {}, speak(one) { spoken.push([one.text, one.voice.lang]); },
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture(scope="module")
def lee(clinic: Clinic) -> Member:
    return clinic.member("lee", Role.NURSE)


@pytest.fixture(scope="module")
def patient(clinic: Clinic, lee: Member) -> Patient:
    return registered(clinic.sites[0], lee.person)


def begun(page: Page, patient: Patient, by: Member) -> Sitting:
    """The patient opened the link of a PHQ-9: that is one tap."""
    told = {"mode": Mode.LINK, "language": "en", "by": by.person, "at": datetime.now(UTC), "key": ids.new()}
    sitting = actions.ask(patient, PHQ, **told)
    page.goto(f"/l/{token(link_to(sitting))}/")
    page.locator("main form button").first.tap()
    page.wait_for_url("**/form/1/")
    return sitting


def tap(page: Page, value: str) -> None:
    """An answer, and the next question is there."""
    before = page.locator("h1").inner_text()
    page.locator(f"button[name=value][value='{value}']").tap()
    expect(page.locator("h1")).not_to_have_text(before)


def test_a_phq_9_takes_ten_taps_and_is_read_aloud_by_the_device_alone(
    lee: Member, patient: Patient, opened: Callable[..., Page]
) -> None:
    page = opened(**PHONE)
    page.add_init_script(VOICES)
    sitting, taps = begun(page, patient, lee), 1
    first = page.locator("h1").inner_text()
    page.locator("[data-aloud]").tap()
    ((words, voice),) = page.evaluate("spoken")
    assert first in words
    assert words.endswith(page.locator(".pick").last.inner_text())
    assert voice == "en-GB"
    for n in range(1, 10):
        assert page.locator("[name=question]").get_attribute("value") == str(n)
        tap(page, "0")
        taps += 1
    page.wait_for_url("**/form/done/")
    assert taps <= MOST_TAPS
    assert Ending.objects.get(sitting=sitting).how == "finished"
    page.go_back()
    page.wait_for_url("**/form/done/")  # nothing of it is shown again


def test_what_is_answered_without_a_connection_survives_and_arrives_with_the_ninth_item_first(
    clinic: Clinic, lee: Member, patient: Patient, opened: Callable[..., Page]
) -> None:
    page = opened(**PHONE)
    sitting = begun(page, patient, lee)
    for _ in range(3):
        tap(page, "1")
    context = page.context
    context.set_offline(True)
    for n in range(4, 9):
        tap(page, "2")
        assert page.locator("[name=question]").get_attribute("value") == str(n + 1)
    expect(page.get_by_role("status")).to_have_text(word("forms.away", "en"))
    page.locator("button[name=value][value='1']").tap()
    expect(page.get_by_role("status")).to_have_text(word("forms.away_help", "en"))
    expect(page.locator(".crisis-number").first).to_be_visible()
    page.get_by_role("button", name=word("forms.onward", "en"), exact=True).tap()
    expect(page.locator("h1")).to_contain_text("Do you intend")
    tap(page, "no")
    assert Answer.objects.filter(sitting=sitting).count() == 3
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto("/form/")
    again.wait_for_url("**/form/help/")
    arrived = list(Answer.objects.filter(sitting=sitting).order_by("seq").values_list("question", flat=True))
    assert arrived == ["1", "2", "3", "9", "followup.intent", "4", "5", "6", "7", "8"]
    assert Task.objects.filter(kind=Kind.SUICIDE, patient=patient).exists()
    assert again.evaluate("localStorage.length") == 0
