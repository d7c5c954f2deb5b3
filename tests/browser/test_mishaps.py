"""Is nothing lost and nothing doubled when fingers, networks and servers do what they do?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, expect

from daybreak.web.patients.models import Entry, Patient
from daybreak.web.people.roles import Role
from tests.browser.clinic import Clinic, Member
from tests.browser.test_journey import register


@pytest.fixture(scope="module")
def lee(clinic: Clinic) -> Member:
    return clinic.member("lee", Role.NURSE)


@pytest.fixture(scope="module")
def mara(clinic: Clinic) -> Member:
    return clinic.member("mara", Role.NURSE)


def test_a_double_click_registers_once_and_refreshing_sends_nothing_again(
    lee: Member, opened: Callable[..., Page]
) -> None:
    page = opened(lee)
    before = Patient.objects.count()
    page.goto("/patients/new/")
    page.get_by_label("Family name").fill("Okoro")
    page.get_by_label("Given names").fill("Ada")
    page.get_by_label("Birth").fill("1970-01-31")
    page.locator("[name=sex]").select_option("female")
    page.locator("[name=number]").fill("2001")
    page.get_by_role("button", name="Register").dblclick()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/$"))
    page.reload()
    page.go_back()
    page.go_forward()
    assert Patient.objects.count() == before + 1


def test_a_lost_connection_and_a_restart_lose_nothing_that_was_typed(
    clinic: Clinic, lee: Member, opened: Callable[..., Page]
) -> None:
    page = opened(lee)
    patient = register(page, number="2002", family="Brandt")
    page.goto(f"{patient}add/condition/")
    page.locator("main form input[required]").first.fill("asthma since school")
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(patient)
    page.context.set_offline(False)
    page.go_back()
    field = page.locator("main form input[required]").first
    if not field.input_value():  # where a browser forgot it, somebody types it again
        field.fill("asthma since school")
    clinic.stop()
    clinic.start()
    page.locator("main form button.button-main").first.click()
    page.wait_for_url(patient)
    assert Entry.objects.filter(patient__id=patient.split("/")[-2], kind="condition").count() == 1


def test_a_form_that_is_sent_without_a_connection_stays_and_is_sent_once_later(
    clinic: Clinic, lee: Member, opened: Callable[..., Page]
) -> None:
    page = opened(lee)
    page.clock.install()
    patient = register(page, number="2004", family="Vasilenko")
    page.goto(f"{patient}add/condition/")
    field = page.locator("main form input[required]").first
    field.fill("asthma since school")
    page.context.set_offline(True)
    page.locator("main form button.button-main").first.click()
    expect(page.get_by_role("alert").filter(has_text="There is no connection")).to_be_visible()
    assert field.input_value() == "asthma since school"
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    page.clock.fast_forward(11_000)
    clinic.stop()  # the browser believes that it is connected
    page.locator("main form button.button-main").first.click()
    expect(page.get_by_role("alert").filter(has_text="There is no connection")).to_be_visible()
    assert field.input_value() == "asthma since school"
    clinic.start()
    page.locator("main form button.button-main").first.click()
    page.wait_for_url(patient)
    assert Entry.objects.filter(patient__id=patient.split("/")[-2], kind="condition").count() == 1


def test_of_two_people_at_one_entry_the_second_sees_what_the_first_wrote(
    lee: Member, mara: Member, opened: Callable[..., Page]
) -> None:
    one, other = opened(lee), opened(mara)
    patient = register(one, number="2003", family="Castell")
    for page in (one, other):
        page.goto(f"{patient}details/")
    one.get_by_label("Family name").fill("Castello")
    one.locator("main form button.button-main").first.click()
    one.wait_for_url(patient)
    other.get_by_label("Family name").fill("Castelli")
    other.locator("main form button.button-main").first.click()
    expect(other.locator("main")).to_contain_text("Castello")
    assert other.get_by_label("Family name").input_value() == "Castelli", "what was typed comes back"
    one.reload()
    expect(one.locator("main")).to_contain_text("Castello")
