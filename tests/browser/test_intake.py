"""From the desk to a phone to the board: is the intake answered in pieces, kept, and all that patients can tell the board?"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from daybreak.web.forms import makers, queries
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID, Kind, Question, asked
from daybreak.web.forms.models import Ending, Sitting
from daybreak.web.patients.models import PATIENT, Entry
from daybreak.web.people.roles import Role
from daybreak.web.words import LANGUAGES, word
from tests.browser.clinic import Clinic
from tests.browser.test_journey import MOST_CLICKS, US, bring, register
from tests.browser.test_journey import asked as asked_for

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True}
SAID = {
    "why": "To sleep, and to work again / 能睡好，重新工作",
    "since": "2025-03",
    "antidepressants": "sertraline venlafaxine",
    "sertraline.dose": "150",
    "sertraline.start": "2025-04-01",
    "sertraline.taking": "no",
    "sertraline.end": "2025-08-20",
    "sertraline.improvement": "10",
    "sertraline.stop": "no-effect",
    "venlafaxine.dose": "225",
    "venlafaxine.start": "2025-09-01",
    "venlafaxine.taking": "no",
    "venlafaxine.end": "2026-02-20",
    "venlafaxine.improvement": "20",
    "venlafaxine.stop": "no-effect",
    "other-antidepressants": NOT_SAID,
    "talked": "no",
    "stimulated": "none",
    "conditions": "none",
    "substances": "none",
    "allergic": "yes",
    "allergies": "penicillin",
    "ketamine": "no",
    "pregnancy": "cannot",
    "breastfeeding": "not_breastfeeding",
    "access": NOT_KNOWN,
} | {f"phq-9.{n}": "2" for n in range(1, 9)}
SAID["phq-9.9"] = "0"
# What staff type on the board: text in fields is no click.
TYPED = {"pressure": {"systolic": "124", "diastolic": "78"}}
STOPS_AT = "venlafaxine.start"


def here(page: Page, sitting: Sitting) -> Question:
    """The question that the page shows; their order follows the titles in its language."""
    form = makers.form(sitting.form, page.locator("html").get_attribute("lang") or "")
    n = int(page.url.rstrip("/").rpartition("/")[2])
    return asked(form, queries.answers(sitting))[n - 1]


def say(page: Page, question: Question) -> int:
    """Answer it as SAID, or that it is not known; how many taps that took."""
    value = SAID.get(question.id, question.others[0])
    taps = 1
    with page.expect_navigation():
        if value in question.others or question.kind is Kind.CHOICE:
            page.locator(f"button[name=value][value='{value}']").click()
        elif question.kind is Kind.SEVERAL:
            for one in value.split(" "):
                page.locator(f"label:has([name=value][value='{one}'])").click()
                taps += 1
            page.locator("main form button.button-main").click()
        else:
            page.locator("[name=typed]").fill(value)
            page.locator("main form button.button-main").click()
    return taps


def go_on(page: Page, sitting: Sitting, *, until: str = "") -> int:
    """Answer question by question, until that one or the end; how many taps."""
    taps, before = 0, None
    while "/form/done/" not in page.url:
        question = here(page, sitting)
        if question.id == until:
            break
        assert question != before, f"{question.id} is asked again"
        before = question
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{question.id} is wider than 320 px"
        )
        taps += say(page, question)
    return taps


@pytest.mark.parametrize("language", LANGUAGES if os.environ.get("DAYBREAK_DEEP") == "1" else ["zh-Hans"])
def test_the_intake_is_answered_on_a_phone_in_pieces_and_fills_the_board(
    clinic: Clinic, opened: Callable[..., Page], language: str
) -> None:
    number, family = {"en": ("2001", "Moreau"), "zh-Hans": ("2002", "Okonkwo")}[language]
    desk = opened(clinic.member(f"desk{number}", Role.FRONT_DESK))
    patient = register(desk, number=number, family=family)
    desk.goto(f"{patient}forms/?form=intake:intake")
    desk.locator("[name=mode][value=link]").check()
    desk.locator("select[name=language]").select_option(language)
    desk.locator("main form button.button-main").click()
    desk.locator("button[name=do][value=link]").click()
    address = desk.locator(".secret").inner_text()
    sitting = Sitting.objects.latest("id")

    phone = opened(language=language, **PHONE)
    phone.goto(address)
    phone.locator("main form button").click()
    phone.wait_for_url(re.compile("/form/1/$"))  # the first question at once
    taps = go_on(phone, sitting, until=STOPS_AT)
    with phone.expect_navigation():
        phone.get_by_role("link", name=word("forms.back", language)).click()
    before = here(phone, sitting)
    expect(phone.locator("[name=typed]")).to_have_value(SAID[before.id])
    taps += say(phone, before)
    phone.get_by_role("button", name=word("forms.leave", language)).click()
    expect(phone.locator("h1")).to_have_text(word("forms.left", language))
    phone.go_back()
    expect(phone.locator("main")).not_to_contain_text("Sertraline")

    later = opened(language=language, **PHONE)
    later.goto(address)
    later.locator("main form button").click()
    later.wait_for_url(re.compile("/form/[0-9]+/$"))
    assert here(later, sitting).id == STOPS_AT
    taps += go_on(later, sitting)
    expect(later.locator("h1")).to_have_text(word("forms.done_title", language))
    assert Ending.objects.get(sitting=sitting).minutes is not None
    assert taps < 60

    assert {(one.origin, one.by) for one in Entry.objects.filter(patient=sitting.patient)} == {(PATIENT, None)}
    nurse = opened(clinic.member(f"nurse{number}", Role.NURSE), language=language)
    bring(nurse, patient)
    prescriber = opened(clinic.member(f"ines{number}", Role.PRESCRIBER), language=language)
    assert complete(prescriber, patient, language) <= MOST_CLICKS
    later.goto(address)
    later.locator("main form button").click()
    later.wait_for_url(re.compile("/form/done/$"))  # nothing more can be said, and nothing is shown


def complete(page: Page, patient: str, language: str, *, asks: tuple[str, ...] = ("c-ssrs-screen.risk",)) -> int:
    """From opening the board until it says that nothing is open: read the history and sign for it, then answer what only
    staff can (`asks`, the pressure). How many clicks the browser saw; a list is opened and chosen from by two more.
    """
    clicks: list[str] = []
    page.expose_function("clicked", lambda where: clicks.append(where))
    page.add_init_script("addEventListener('click', e => e.detail && clicked(e.target.tagName), true)")
    page.goto(f"{patient}screening/")
    board = page.locator("main")
    expect(board).to_contain_text(word("screening.told_by_patient", language))
    expect(board).not_to_contain_text(word("screening.complete", language))
    with page.expect_navigation():
        page.get_by_role("link", name=word("patients.review", language), exact=True).click()
    for part in page.locator(".apart input").all():  # what was left open, or may not be read, is signed for by itself
        part.check()
    page.locator("button[name=do][value=all]").click()
    page.wait_for_url(re.compile("/screening/[?]site="))
    answered = set[str]()
    while about := next((one for one in asked_for(page) if one not in answered), None):
        form = page.locator(f"form.ask:has([name=about][value='{about}'])").first
        if about in TYPED:
            for name, value in TYPED[about].items():
                form.locator(f"[name^='{name}']").fill(value)
        else:
            form.locator("[name=value]").select_option("done" if about == "suicide_assessment" else "low")
            clicks += ["open", "choose"]
        with page.expect_navigation():
            form.locator("button").click()
        answered.add(about)
    assert answered == {*asks, *TYPED}
    us = board.locator(".answer", has=page.locator(f"a[href='/clinic/protocols/{US}/']"))
    expect(us).to_contain_text(word("screening.complete", language))
    page.goto(patient)
    expect(page.locator("section[aria-labelledby=to-confirm]")).to_have_count(0)
    assert len(clicks) > 2 * len(answered)
    return len(clicks)
