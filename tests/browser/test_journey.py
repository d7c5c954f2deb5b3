"""From the front desk to two signatures: does the whole way work for the people who walk it?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from daybreak.knowledge.protocols import protocol
from daybreak.web import ids
from daybreak.web.people.roles import Role
from daybreak.web.protocols import actions as protocols
from daybreak.web.screening.models import Override, OverrideEvent, Snapshot
from daybreak.web.words import word
from tests.browser import intake
from tests.browser.clinic import Clinic, Member
from tests.browser.conftest import sign_in

US = "esketamine-nasal-us"
# Opening a list and choosing in it are two clicks; typing is none.
ANSWERS = {
    "pregnancy_status": "not_pregnant",
    "breastfeeding_status": "not_breastfeeding",
    "c-ssrs-screen.risk": "low",
}
MOST_CLICKS = 12


@pytest.fixture(scope="module")
def staff(clinic: Clinic) -> dict[str, Member]:
    found = {
        "pia": clinic.member("pia", Role.FRONT_DESK),
        "lee": clinic.member("lee", Role.NURSE),
        "ines": clinic.member("ines", Role.PRESCRIBER),
        "vale": clinic.member("vale", Role.EVALUATOR),
    }
    now = datetime.now(UTC)
    digest = protocol(US, as_of=now.date()).digest
    protocols.adopt(id=US, digest=digest, site=clinic.sites[0], by=found["ines"].person, at=now, key=ids.new())
    return found


def register(page: Page, *, number: str, family: str = intake.FAMILY) -> str:
    """The address of the patient, who was registered by hand."""
    page.goto("/patients/new/")
    page.get_by_label("Family name").fill(family)
    page.get_by_label("Given names").fill(intake.GIVEN)
    page.get_by_label("Birth").fill(intake.BIRTH)
    page.locator("[name=sex]").select_option("female")
    page.locator("[name=number]").fill(number)
    page.get_by_role("button", name="Register").click()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/$"))
    return page.url


def bring(page: Page, patient: str) -> None:
    """Import the bundle of the practice, after a look at it."""
    page.goto(f"{patient}import/")
    told = {"name": "lena.json", "mimeType": "application/fhir+json", "buffer": intake.bundle(datetime.now(UTC).date())}
    page.locator("[name=file]").set_input_files(files=[told])
    page.locator("[name=source]").fill("Riverside practice")
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("venlafaxine")
    page.locator("main form button").first.click()
    page.wait_for_url(patient)


def confirm_trials(page: Page, patient: str) -> int:
    """Each trial that came with the file is looked at and confirmed; how many."""
    confirmed = 0
    page.goto(patient)
    while (waiting := page.locator("section[aria-labelledby=to-confirm] a.button")).count():
        waiting.first.click()
        page.locator("main form").first.get_by_role("button", name="Confirm").click()
        page.wait_for_url(patient)
        confirmed += 1
    return confirmed


def review_all(page: Page, patient: str) -> None:
    page.goto(f"{patient}review/")
    for box in page.locator("input[name=domain]").all():
        box.check()
    page.locator("main form button").first.click()
    page.wait_for_url(patient)


def answer_everything(page: Page, patient: str) -> int:
    """Give every answer that the board asks for; how many clicks that takes.

    Under the indication that is about suicidal thoughts a low screener leaves the question open: it is answered once.
    """
    clicks, answered = 0, set[str]()
    page.goto(f"{patient}screening/")
    while about := next((one for one in asked(page) if one not in answered), None):
        form = page.locator(f"form.ask:has([name=about][value='{about}'])").first
        if about == "pressure":
            form.locator("[name=systolic]").fill("124")
            form.locator("[name=diastolic]").fill("78")
        else:
            form.locator("[name=value]").select_option(ANSWERS[about])
        clicks += 2
        with page.expect_navigation():
            form.locator("button").click()
        clicks += 1
        answered.add(about)
        if "/tasks/" in page.url:  # an answer about suicide leads to the task that it made
            page.goto(f"{patient}screening/")
            clicks += 1
    assert answered == {*ANSWERS, "pressure"}
    return clicks


def asked(page: Page) -> list[str]:
    """What the board asks for, each once."""
    return [str(one.get_attribute("value")) for one in page.locator("form.ask [name=about]").all()]


def assess_what_waits(page: Page, patient: str, language: str = "en") -> None:
    """The decision waits while nobody has assessed an answer about suicide; the person who signs does so."""
    page.goto(f"{patient}screening/sign/?protocol={US}")
    expect(page.locator("#no-treat")).to_have_text(word("screening.suicide_open", language))
    page.locator(".alert a[href^='/tasks/']").click()
    page.locator("button[value=take]").click()
    page.locator("[name=assessment]").fill("Passive thoughts, no plan, no means at home.")
    page.locator("[name=plan]").fill("Safety plan gone through; asked again at each visit.")
    page.locator("button[value=assess]").click()
    page.goto(f"{patient}screening/sign/?protocol={US}")
    expect(page.locator("#no-treat")).to_have_count(0)


def test_from_the_front_desk_to_two_signatures(
    clinic: Clinic, staff: dict[str, Member], opened: Callable[..., Page]
) -> None:
    desk, nurse, doctor, evaluator = opened(), opened(), opened(), opened()
    sign_in(desk, staff["pia"])
    patient = register(desk, number="1001")
    expect(desk.locator("main")).not_to_contain_text("venlafaxine")

    sign_in(nurse, staff["lee"])
    bring(nurse, patient)
    assert confirm_trials(nurse, patient) == 3
    review_all(nurse, patient)
    assert answer_everything(nurse, patient) <= MOST_CLICKS
    expect(nurse.locator("a[href*='/screening/sign/']")).to_have_count(0)

    sign_in(doctor, staff["ines"])
    doctor.goto(f"{patient}screening/")
    doctor.locator(f"a[href*='/exception/{US}/no_psychosis/']").first.click()
    doctor.locator("[name=code][value=benefit_outweighs]").check()
    doctor.locator("[name=reason]").fill("In 2015, under steroids; nothing since.")
    doctor.locator("main form button.button-main").click()
    doctor.wait_for_url(re.compile("/screening/[?]site="))
    assert not Snapshot.objects.exists()

    with doctor.expect_navigation():
        doctor.locator("a[href*='/screening/exceptions/']").first.click()
    expect(doctor.get_by_role("button", name="second")).to_have_count(0)

    sign_in(evaluator, staff["vale"])
    evaluator.goto(doctor.url)
    evaluator.locator("button[value=second]").click()
    evaluator.wait_for_url(re.compile("/screening/[?]site="))

    assess_what_waits(doctor, patient)
    doctor.goto(f"{patient}screening/")
    doctor.locator("a[href*='/screening/sign/']").click()
    expect(doctor.locator("[name=protocol]")).to_have_value(US)  # the one that the site has adopted
    doctor.locator("[name=outcome][value=treat]").check()
    doctor.locator("main form button.button-main").click()
    doctor.wait_for_url(re.compile("/screening/signed/"))
    signed = Snapshot.objects.get()
    assert (signed.outcome, signed.by) == ("treat", staff["ines"].person)
    assert Override.objects.get().by == staff["ines"].person
    assert OverrideEvent.objects.get().by == staff["vale"].person
