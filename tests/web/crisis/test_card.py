"""Are the right numbers there, wherever suicide is asked about or an answer shown, and none that is guessed?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from daybreak.clinical.records import Observation, on
from daybreak.web import ids
from daybreak.web.crisis.card import about_suicide
from daybreak.web.patients import actions
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Organisation, Person, Site
from daybreak.web.people.roles import Role
from daybreak.web.words import word
from tests.web.conftest import NOW, browser, signed_in
from tests.web.patients.samples import registered

LIFELINE = 'href="tel:988"'


def page(address: str, *, client=None, language: str = "en") -> str:
    client = client or browser()
    answer = client.get(address, secure=True, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def nurse(person: Callable[..., Person]) -> Person:
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site: Site, nurse: Person) -> Patient:
    return registered(site, nurse)


def answered(patient: Patient, by: Person, kind: str, value: str):
    at = NOW + timedelta(minutes=1)
    return actions.add(patient, Observation("", kind, value, on(at.date()), at), by=by, at=at, key=ids.new())


def test_anybody_finds_the_numbers_and_can_touch_them(site) -> None:
    shown = page("/crisis/")
    for leads_to in ("tel:988", "tel:911", "sms:988", "https://988lifeline.org/chat/"):
        assert f'href="{leads_to}"' in shown
    assert "Call 988, 988 Suicide" in shown
    assert "AYUDA" in shown
    assert "838255" in shown
    assert "ASL" in shown


def test_the_card_speaks_the_readers_language(site) -> None:
    shown = page("/crisis/", language="zh-hans")
    assert "请现在就找人谈谈" in shown
    assert "自杀与危机生命线" in shown


def test_in_china_it_says_that_the_line_is_not_open_day_and_night_everywhere(site) -> None:
    Organisation.objects.update(country="CN")
    shown = page("/crisis/")
    assert [number in shown for number in ("tel:12356", "tel:120", "tel:110", "tel:988")] == [True, True, True, False]
    assert "not day and night everywhere" in shown


@pytest.mark.parametrize("country", ["FR", ""])
def test_for_a_country_that_is_not_on_file_no_number_is_guessed(site, country) -> None:
    Organisation.objects.update(country=country)
    shown = page("/crisis/")
    assert "tel:" not in shown
    assert "Call your local emergency number now" in shown
    assert "The clinic must enter its own" in shown


def test_it_stands_there_before_anybody_is_set_up(db) -> None:
    assert "Call your local emergency number now" in page("/crisis/")


def test_it_stands_beside_the_form_in_which_such_an_answer_is_written(patient, nurse) -> None:
    client = signed_in(nurse)
    assert LIFELINE in page(f"/patients/{patient.id}/add/observation/", client=client)
    assert LIFELINE not in page(f"/patients/{patient.id}/add/condition/", client=client)


@pytest.mark.parametrize(("kind", "value", "there"), [("c-ssrs-screen.risk", "high", True), ("child_pugh", "A", False)])
def test_it_stands_beside_an_answer_that_is_read_or_corrected(patient, nurse, kind, value, there) -> None:
    row, client = answered(patient, nurse, kind, value), signed_in(nurse)
    for end in ("", "correct/"):
        assert (LIFELINE in page(f"/patients/{patient.id}/entries/{row.id}/{end}", client=client)) is there


@pytest.mark.parametrize("value", [None, "high"])
def test_it_stands_on_the_board_where_the_question_is_asked_and_where_it_is_urgent(patient, nurse, value, site) -> None:
    if value:
        answered(patient, nurse, "c-ssrs-screen.risk", value)
    shown = page(f"/patients/{patient.id}/screening/?site={site.id}", client=signed_in(nurse))
    assert LIFELINE in shown
    headings = [part.partition('"')[0] for part in shown.split('class="crisis" aria-labelledby="')[1:]]
    assert len(headings) == len(set(headings)), "each card on a page has a heading of its own"


@pytest.mark.parametrize("kind", ["phq-9.item-9", "c-ssrs-screen.q6recent", "suicide_assessment", "madrs.item-10"])
def test_what_is_about_suicide(kind) -> None:
    assert about_suicide(kind)
    assert not about_suicide("phq-9.item-3")


@pytest.mark.parametrize(("country", "number"), [("US", "988"), ("CN", "12356"), ("FR", "")])
def test_beside_a_box_for_own_words_stands_who_reads_it_and_whom_to_call(site, country, number) -> None:
    Organisation.objects.update(country=country)
    for address, says in (("/refer/", "referral.text_read"), ("/complaint/", "requests.complaint_read")):
        for language in ("en", "zh-Hans"):
            shown = page(address, language=language)
            box, beside = shown.split("<textarea", 1)[1], shown.split('id="read"', 1)[1].split("</div>", 1)[0]
            assert "read" in re.search(r'aria-describedby="([^"]+)"', box)[1]
            assert word(says, language) in beside
            assert word("crisis.at_once", language) in beside
            assert (f'href="tel:{number}"' if number else word("crisis.unknown_call", language)) in beside
