"""From a referral to the visit that nobody came to: does the whole way to a course work, for everybody who walks it?"""

from __future__ import annotations

import email
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect

from daybreak.knowledge.protocols import protocol
from daybreak.web import ids
from daybreak.web.consent.items import items
from daybreak.web.consent.models import Talk
from daybreak.web.courses import actions as courses
from daybreak.web.courses import chairs
from daybreak.web.courses.models import Booking, Reminder, What
from daybreak.web.courses.state import standing
from daybreak.web.forms import queries as forms
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.patients.models import PATIENT, Entry
from daybreak.web.people.roles import Role
from daybreak.web.protocols import actions as protocols
from daybreak.web.referral.models import What as Step
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.words import LANGUAGES, word
from tests.browser.clinic import Clinic, Member
from tests.browser.test_intake import PHONE, STOPS_AT, complete, go_on, here
from tests.browser.test_journey import US, assess_what_waits
from tests.web.forms.samples import FOLLOWED
from tests.web.rems.programme import certified, enrolled

CONSENT, QUIZ = "esketamine-us", "esketamine-when-driving"
WRONG, RIGHT = "0", "1"
BLANK = "phq-9.9"
PATIENTS = {"en": ("3001", "Nguyen", "Linh", "1984-02-11"), "zh-Hans": ("3002", "Tran", "Bao", "1979-08-30")}
NEVER_SAID = ("ketamine", "氯胺酮", "depress", "抑郁", "psych", "精神", "Nguyen", "Linh", "Tran", "Bao")


@pytest.fixture(scope="module")
def staff(clinic: Clinic) -> dict[str, Member]:
    """Whoever takes part, the protocol that the site has adopted, and a chair."""
    found = {
        "desk": clinic.member("fay", Role.FRONT_DESK),
        "nurse": clinic.member("lee", Role.NURSE),
        "doctor": clinic.member("ines", Role.PRESCRIBER),
    }
    ada, now, site = clinic.member("ada", Role.ADMINISTRATOR), datetime.now(UTC), clinic.sites[0]
    digest = protocol(US, as_of=now.date()).digest
    protocols.adopt(id=US, digest=digest, site=site, by=found["doctor"].person, at=now, key=ids.new())
    for name in LANGUAGES.values():
        chairs.add(site.rooms.get(), name, by=ada.person, at=now)
    certified(site, found["doctor"].person)
    return found


def refer(page: Page, language: str) -> str:
    """A family doctor without an account refers somebody; the address of the page that says how it stands."""
    page.goto("/refer/")
    page.locator("main [name=from_role]").select_option(index=1)
    _, family, given, birth = PATIENTS[language]
    who = {"family_name": family, "given_names": given, "birth": birth, "email": f"{family}@example.org"}
    told = {"from_name": "Dr. Ruiz", "from_phone": "+1 555 0100", "language": "Vietnamese", "why": "Two trials."}
    for name, value in (who | told).items():
        page.locator(f"main [name={name}]").fill(value)
    for name, value in (("risk", "no"), ("agreed", "yes"), ("may_tell", "yes")):
        page.locator(f"main [name={name}][value={value}]").check()
    page.locator("main [name=site]").select_option(label="Main Street")
    page.locator("main form button.button-main").click()
    expect(page.locator("h1")).to_have_text(word("referral.receipt", language))
    return page.locator(".secret").inner_text()


def stands(page: Page, address: str, says: str, language: str) -> None:
    """The referrer looks how it stands; the year is asked once, and no name stands there."""
    page.goto(address)
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"/referral/$"))
    if (year := page.locator("main [name=year]")).count():
        year.fill(PATIENTS[language][3][:4])
        page.locator("main form button").click()
    expect(page.locator("main [role=status]")).to_have_text(word(says, language))
    for name in PATIENTS[language][1:]:
        expect(page.locator("main")).not_to_contain_text(name)


def take_up(desk: Page, number: str, family: str) -> str:
    """The desk makes a patient of it and asks for the intake; the address of the referral."""
    desk.goto("/referrals/")
    with desk.expect_navigation():
        desk.get_by_role("link", name=family).click()
    referral = desk.url
    desk.locator("main [name=number]").fill(number)
    desk.locator("button[name=do][value=register]").click()
    desk.locator("button[name=do][value=intake]").click()
    desk.wait_for_url(re.compile("/forms/[0-9a-f-]{36}/$"))
    return referral


def accept(nurse: Page, referral: str) -> None:
    nurse.goto(referral)
    nurse.locator(f"main [name=do][value={Step.ACCEPTED}]").check()
    nurse.locator("main form button.button-main").click()
    expect(nurse.locator(f"main [name=do][value={Step.ACCEPTED}]")).to_have_count(0)  # nothing more is done about it


def answer_on_a_phone(opened: Callable[..., Page], address: str, sitting: Sitting, language: str) -> None:
    """Interrupted, resumed, and with the item about suicide left blank."""
    phone = opened(language=language, **PHONE)
    phone.goto(address)
    phone.locator("main form button").click()
    phone.wait_for_url(re.compile("/form/1/$"))
    go_on(phone, sitting, until=STOPS_AT)
    phone.get_by_role("button", name=word("forms.leave", language)).click()
    later = opened(language=language, **PHONE)
    later.goto(address)
    later.locator("main form button").click()
    later.wait_for_url(re.compile("/form/[0-9]+/$"))
    assert here(later, sitting).id == STOPS_AT
    go_on(later, sitting, until=BLANK)
    later.locator(f"button[value={NOT_SAID}]").click()
    later.wait_for_url(re.compile("/form/help/$"))
    expect(later.locator("a[href^='tel:']").first).to_be_visible()
    later.locator("main a.button", has_text=word("forms.onward", language)).click()
    expect(later.locator("main [name=question]")).to_have_value(BLANK)  # a blank is asked once more
    later.locator(f"button[value={NOT_SAID}]").click()
    for id in FOLLOWED:
        expect(later.locator("main [name=question]")).to_have_value(f"phq-9.{id}")
        expect(later.locator("a[href^='tel:']").first).to_be_visible()
        later.locator(f"button[value={NOT_SAID}]").click()
    later.wait_for_url(re.compile("/form/done/$"))


def ask_by_link(desk: Page, language: str) -> str:
    """On the page of a form: make its link and read it."""
    desk.locator("button[name=do][value=link]").click()
    return desk.locator(".secret").inner_text()


def assess(nurse: Page, patient: str) -> None:
    """What was left blank is asked once more, then the screener, whose follow-ups stand on the same page."""
    asked_here(nurse, patient, "phq-9", {str(n): "2" for n in range(1, 9)} | {"9": "0"})
    asked_here(nurse, patient, "c-ssrs-screen", {"q1": "yes", "q2": "no", "q6": "no"})


def asked_here(nurse: Page, patient: str, scale: str, said: dict[str, str]) -> None:
    nurse.goto(f"{patient}forms/?form=assessment:{scale}")
    nurse.locator("main [name=mode][value=desk]").check()
    nurse.locator("main form button.button-main").click()
    for name, value in said.items():
        nurse.locator(f"[name=q-{name}][value='{value}']").check()
    nurse.locator("main [name=minutes]").fill("9")
    nurse.locator("main form button.button-main").click()
    expect(nurse.locator("#answers")).to_be_visible()


def diagnose(doctor: Page, patient: str) -> None:
    """The one thing that neither patient nor scale can say."""
    doctor.goto(f"{patient}add/condition/")
    doctor.locator("main [name=text]").fill("Major depressive disorder, recurrent, severe")
    for name, value in {"concepts": "major_depression", "clinical": "active", "verification": "confirmed"}.items():
        doctor.locator(f"main [name={name}]").select_option(value)
    doctor.locator("main form button.button-main").click()
    doctor.wait_for_url(patient)


def sign_decision(doctor: Page, patient: str) -> None:
    doctor.goto(f"{patient}screening/")
    doctor.locator("a[href*='/screening/sign/']").click()
    expect(doctor.locator("main [name=protocol]")).to_have_value(US)
    assert doctor.locator("#no-treat").all_inner_texts() == []
    doctor.locator("main [name=outcome][value=treat]").check()
    doctor.locator("main form button.button-main").click()
    doctor.wait_for_url(re.compile("/screening/signed/"))


def agree(nurse: Page, opened: Callable[..., Page], patient: str, language: str) -> Talk:
    """The talk with an interpreter, read on the patient's phone; one wrong answer is explained by a person."""
    nurse.goto(f"{patient}consents/")
    nurse.locator("main [name=document]").select_option(CONSENT)
    nurse.locator("main [name=spoken_in]").fill("Vietnamese")
    picked = {"mode": "room", "interpreter_is": "relative", "capacity": "has", "clear": "yes"}
    for name, value in picked.items():
        nurse.locator(f"main [name={name}][value={value}]").check()
    nurse.locator("main [name=interpreter]").fill("Mai Le, 4711")
    nurse.locator("main form button.button-main").click()
    expect(nurse.locator("#problems")).to_contain_text(word("consent.no_relative", language))
    nurse.locator("main [name=interpreter_is][value=professional]").check()
    nurse.locator("main form button.button-main").click()
    nurse.wait_for_url(re.compile(r"/consents/[0-9a-f-]{36}/$"))
    talk = Talk.objects.latest("id")
    assert (talk.interpreter, talk.spoken_in) == ("Mai Le, 4711", "Vietnamese")
    page = nurse.url
    nurse.locator("button[name=do][value=link]").click()
    phone = opened(language=language, **PHONE)
    phone.goto(nurse.locator(".secret").inner_text())
    phone.locator("main form button").click()
    phone.locator("main [name=year]").fill(PATIENTS[language][3][:4])
    phone.locator("main form button").click()
    expect(phone.locator("main form button.pick").first).to_be_visible()
    read(phone, talk, wrong=QUIZ)
    expect(phone.locator("h1")).to_have_text(word("consent.waits_title", language))

    nurse.goto(page)
    nurse.locator("button[name=do][value=explain]").click()
    phone.goto("/consent/")
    read(phone, talk)
    phone.locator("main [name=clear]").check()
    phone.locator("main [name=read][value=shown]").check()
    phone.locator("main [name=name]").fill("Linh")
    phone.locator("main form button.button-main").click()
    expect(phone.locator("h1")).to_have_text(word("consent.nothing_open", language))
    nurse.goto(page)
    expect(nurse.locator("main a[href*='/papers/']").first).to_be_visible()
    return talk


def read(phone: Page, talk: Talk, wrong: str = "") -> None:
    """Each screen until the signature or until a person is needed."""
    for _ in range(2 * len(items(talk))):
        if not phone.locator("main form button.pick").count():
            return
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), phone.url
        one = items(talk)[int(phone.url.rstrip("/").rpartition("/")[2]) - 1]
        value = WRONG if one.id == wrong else str(one.right) if one.answers else "understood"
        with phone.expect_navigation():
            phone.locator(f"button[name=value][value='{value}']").click()
    raise AssertionError("the screens do not end")


def plan(doctor: Page, desk: Page, patient: str, language: str) -> Booking:
    """The course, and its first visit: tomorrow, tentative as long as nobody pays."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    doctor.goto(f"{patient}course/")
    doctor.locator("main [name=starts]").fill(f"{tomorrow:%Y-%m-%d}")
    for box in doctor.locator("main [name=closed]").all():
        box.uncheck()
    doctor.locator("button[name=do][value=begin]").click()
    expect(doctor.locator("#plan")).to_be_visible()
    desk.goto(f"{patient}course/")
    desk.locator("a[href$='?step=1']").click()
    desk.locator("main [name=starts]").fill(f"{tomorrow:%Y-%m-%dT%H:%M}")
    desk.locator("main [name=chair]").select_option(label=f"Room 1, {LANGUAGES[language]}")
    desk.locator("main [name=interpreter]").fill("Mai Le, 4711")
    desk.locator("main form button.button-main").click()
    desk.wait_for_url(re.compile(r"/bookings/[0-9a-f-]{36}/$"))
    booking = Booking.objects.latest("id")
    enrolled(booking.patient, booking.site, booking.by)
    desk.reload()
    expect(desk.locator("main")).to_contain_text(word("courses.tentative", language))
    expect(desk.locator("main li a[href*='/authorisations/']")).to_have_count(1)
    expect(desk.locator("main h3 + ul > li")).to_have_count(1)  # all else is there
    return booking


def pay(desk: Page, patient: str, language: str) -> None:
    """The patient has signed for the sum."""
    booking = desk.url
    desk.locator("main li a[href*='/authorisations/']").click()
    desk.locator("main [name=payer_name]").fill("nobody yet")
    desk.locator("main [name=protocol]").select_option(US)
    desk.locator("main form button.button-main").click()
    desk.wait_for_url(re.compile(r"/authorisations/[0-9a-f-]{36}/$"))
    form = desk.locator("details:has(button[value=self_pay])")
    form.locator("summary").click()
    for name, value in {"sum": "400", "currency": "USD", "signed_by": "Linh"}.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("select[name=language]").select_option(language)
    form.locator("button[value=self_pay]").click()
    desk.wait_for_load_state()
    desk.goto(booking)
    expect(desk.locator("main")).to_contain_text(word("courses.firm", language))


def may_be_written_to(desk: Page, patient: str, language: str) -> None:
    desk.goto(f"{patient}reach/")
    expect(desk.locator("main [name=email]")).not_to_have_value("")  # as it came with the referral
    desk.locator("main [name=may_write]").select_option("yes")
    desk.locator("select[name=language]").select_option(language)
    desk.locator("main [name=zone]").fill(where_it_is_day(datetime.now(UTC)))  # at night a reminder waits
    desk.locator("main form button.button-main").first.click()
    desk.wait_for_load_state()


def where_it_is_day(at: datetime) -> str:
    """A zone where it is between nine in the morning and six in the evening."""
    found = ("Asia/Tokyo", "Africa/Abidjan", "America/Phoenix")
    return next(zone for zone in found if 9 <= at.astimezone(ZoneInfo(zone)).hour < 18)


def reminded(booking: Booking) -> str:
    """What the mail says that the clinic's clock has sent."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        row = Reminder.objects.filter(booking=booking, message__isnull=False).first()
        file = row and Path(settings.PLACE.outbox) / f"{row.message_id}.eml"
        if file and file.exists():
            mail = email.message_from_bytes(file.read_bytes(), policy=default)
            return f"{mail['Subject']}\n{mail.get_content()}"
        time.sleep(0.2)
    raise AssertionError("no reminder went out")


def look_at_the_visit(opened: Callable[..., Page], mail: str, language: str) -> None:
    found = re.search(r"https://\S+", mail)
    assert found
    phone = opened(language=language, **PHONE)
    phone.goto(found[0])
    phone.locator("main form button").click()
    phone.wait_for_url(re.compile("/visit/$"))
    phone.locator("main [name=home][value=accompanied]").check()
    for name, value in {"name": "Sam", "phone": "+1 555 0199"}.items():
        phone.locator(f"main [name={name}]").fill(value)
    phone.locator("main form button.button-main").click()
    expect(phone.locator(".notice")).to_have_text(word("courses.told", language))
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def the_day_comes(booking: Booking, by: Member) -> None:
    """The visit was to begin a moment ago."""
    at, now = datetime.now(UTC) - timedelta(seconds=2), standing(booking)
    where = {"chair": now.chair, "starts": at + timedelta(seconds=1), "minutes": 150, "seen": now.next}
    courses.move(booking, **where, by=by.person, at=at, key=ids.new())


def nobody_comes(desk: Page, booking: Booking, patient: str, language: str) -> None:
    desk.goto(f"{patient}bookings/{booking.id}/")
    desk.locator("main [name=why]").select_option("not_said")
    desk.locator(f"button[name=do][value={What.NO_SHOW}]").click()
    expect(desk.locator("#events + ol")).to_contain_text(word("courses.what_no_show", language))


# The second database is asked in the language that has more than ASCII, by `make prove` in both.
ONCE = connection.vendor == "postgresql" and os.environ.get("DAYBREAK_DEEP") != "1"


@pytest.mark.parametrize("language", ["zh-Hans"] if ONCE else LANGUAGES)
def test_from_a_referral_to_the_visit_that_nobody_came_to(
    clinic: Clinic, staff: dict[str, Member], opened: Callable[..., Page], language: str
) -> None:
    number, family, *_ = PATIENTS[language]
    desk, nurse, doctor = (opened(staff[name], language=language) for name in ("desk", "nurse", "doctor"))
    outsider = opened(language=language)
    status = refer(outsider, language)
    stands(outsider, status, "referral.is_received", language)
    referral = take_up(desk, number, family)
    stands(outsider, status, "referral.is_intake", language)
    sitting = Sitting.objects.latest("id")
    patient = f"{desk.url.split('/forms/')[0]}/"
    answer_on_a_phone(opened, ask_by_link(desk, language), sitting, language)

    assert sitting.mode == Mode.LINK
    assert {(one.origin, one.by) for one in Entry.objects.filter(patient=sitting.patient)} == {(PATIENT, None)}
    assert forms.answers(sitting)[BLANK] == NOT_SAID
    task = Task.objects.get(patient=sitting.patient, kind=Kind.SUICIDE)
    assert task.level == Level.NOW
    assert task.calls.exists()
    nurse.goto(f"{patient}screening/")
    expect(nurse.locator("main")).to_contain_text(word("screening.told_by_patient", language))

    assess(nurse, patient)
    nurse.goto(f"{patient}assessments/")
    expect(nurse.locator("main")).to_contain_text("9")
    diagnose(doctor, patient)
    complete(nurse, patient, language, asks=("suicide_assessment",))
    assess_what_waits(doctor, patient, language)
    sign_decision(doctor, patient)
    accept(nurse, referral)
    stands(outsider, status, "referral.is_accepted", language)

    may_be_written_to(desk, patient, language)
    talk = agree(nurse, opened, patient, language)
    booking = plan(doctor, desk, patient, language)
    pay(desk, patient, language)
    mail = reminded(booking)
    assert not [said for said in NEVER_SAID if said.lower() in mail.lower()]
    look_at_the_visit(opened, mail, language)
    desk.goto(f"{patient}bookings/{booking.id}/")
    expect(desk.locator("main")).to_contain_text("Sam, +1 555 0199")

    the_day_comes(booking, staff["desk"])
    nobody_comes(desk, booking, patient, language)
    call = Task.objects.get(patient=talk.patient, what="courses.call_today")
    assert call.level == Level.TODAY
    nurse.goto(f"/tasks/{call.id}/")
    expect(nurse.locator("main")).to_contain_text(word("courses.call_today", language))
    assert UUID(patient.rstrip("/").rpartition("/")[2]) == talk.patient_id
