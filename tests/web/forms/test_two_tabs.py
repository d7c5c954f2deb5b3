"""Two forms are open in one browser: does each answer land in the form, and with the patient, whose page showed its question?"""

from __future__ import annotations

import re

import pytest

from daybreak.web.forms import queries
from daybreak.web.links.actions import revoke
from daybreak.web.links.models import FORM, Link
from daybreak.web.links.shown import COOKIE
from daybreak.web.links.tokens import token
from daybreak.web.tasks.models import Kind, Task
from tests.web.conftest import NOW, browser
from tests.web.forms.filling import asked, link_to
from tests.web.patients.samples import registered

GAD = "assessment:gad-7"


@pytest.fixture
def tabs(site, patient, nurse):
    """A browser, and the sitting of each of two patients, the second of another form; the first tab shows its item 9."""
    client = browser()
    first, second = asked(patient, nurse), asked(registered(site, nurse, number="M-2"), nurse, form_id=GAD)
    pages = []
    for sitting, n in ((first, 9), (second, 1)):
        client.post(f"/l/{token(link_to(sitting))}/", secure=True)
        pages.append((f"/form/{n}/", client.get(f"/form/{n}/", secure=True).content.decode()))
    return client, (first, second), pages


def send(client, shown, **told):
    address, page = shown
    fields = dict(re.findall(r'name="(question|shown_by)" value="([^"]*)"', page))
    assert fields.keys() == {"question", "shown_by"}
    return client.post(address, {**fields, **told}, secure=True)


def test_each_answer_lands_where_it_was_asked_and_its_tab_goes_on(tabs) -> None:
    client, (first, second), (phq, gad) = tabs
    answer = send(client, phq, value="3")
    assert (queries.answers(first), queries.answers(second)) == ({"9": "3"}, {})
    assert answer.url == "/form/help/"
    assert Task.objects.get().kind == Kind.SUICIDE
    assert "tel:" in client.get(answer.url, secure=True).content.decode(), "this tab is still the first patient's"
    assert send(client, gad, value="2").url == "/form/2/"
    assert (queries.answers(first), queries.answers(second)) == ({"9": "3"}, {"1": "2"})
    assert "of 7" in client.get("/form/2/", secure=True).content.decode()


def test_an_answer_from_the_page_of_a_link_that_was_taken_back_meanwhile_is_not_the_other_ones(tabs, nurse) -> None:
    client, (first, second), (phq, _) = tabs
    revoke(Link.objects.get(purpose=FORM, subject=first.id), by=nurse, at=NOW)
    shown = send(client, phq, value="2")
    assert "tel:" in shown.content.decode()
    assert Task.objects.get().patient_id == first.patient_id
    assert queries.answers(second) == {}


@pytest.mark.parametrize("said", ["", "x", "forged:1:abc"])
def test_a_page_that_says_something_else_changes_nothing(tabs, said) -> None:
    client, sittings, (phq, _) = tabs
    assert send(client, phq, value="2", shown_by=said).status_code == 404
    assert [queries.answers(one) for one in sittings] == [{}, {}]


def test_who_went_away_sends_nothing_more(tabs) -> None:
    client, sittings, (phq, gad) = tabs
    assert send(client, ("/form/leave/", gad[1])).status_code == 200
    assert client.cookies[COOKIE].value == ""
    assert send(client, phq, value="2").status_code == 404
    assert [queries.answers(one) for one in sittings] == [{}, {}]
