"""What becomes of an answer that comes after a form was over, and of a form whose patient has died?"""

from __future__ import annotations

import html
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing

from daybreak.knowledge.suicide import calling
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.forms import actions, queries, unfinished
from daybreak.web.forms.models import Answer, Ended, Ending, Sitting
from daybreak.web.links import actions as links
from daybreak.web.links.models import FORM
from daybreak.web.links.shown import COOKIE
from daybreak.web.links.tokens import token
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.reach.models import BACK, CUSTODY
from daybreak.web.reach.models import DIED as PASSED
from daybreak.web.tasks.models import Kind, Task
from daybreak.web.words import word
from tests.web.conftest import NOW, browser, signed_in
from tests.web.forms.filling import asked, say, values
from tests.web.patients.samples import registered


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, nurse):
    return registered(site, nurse)


def suicide() -> int:
    return Task.objects.filter(kind=Kind.SUICIDE).count()


def answered(client, question, value):
    return client.post("/form/1/", {"question": question, "value": value}, secure=True)


def test_after_the_end_an_answer_is_kept_beside_the_form_and_one_about_suicide_calls(opened, patient, nurse) -> None:
    client, sitting = opened()
    for n in range(1, 9):
        say(client, n, "1")
    assert say(client, 9, "0")["Location"] == "/form/done/"
    assert Ending.objects.filter(sitting=sitting).exists()
    assert suicide() == 0
    before = values(patient)
    for _ in range(2):
        assert answered(client, "1", "3")["Location"] == "/form/done/"
        assert answered(client, "9", "2")["Location"] == "/form/help/"
    assert "closed before your last answer" in client.get("/form/done/", secure=True).content.decode()
    assert suicide() == 1
    assert queries.answers(sitting)["1"] == "1"
    assert queries.late(sitting) == {"1": "3", "9": "2"}
    assert {one: said for one, said in values(patient).items() if one != "phq-9.item-9"} == {
        one: said for one, said in before.items() if one != "phq-9.item-9"
    }
    page = signed_in(nurse).get(f"/patients/{patient.id}/forms/{sitting.id}/", secure=True).content.decode()
    assert "Came after the form was over" in page
    shown = signed_in(nurse).get(f"/patients/{patient.id}/assessments/", secure=True).content.decode()
    assert "8" in shown


def test_an_answer_that_waited_for_the_end_is_late_by_the_clock_too(patient, nurse) -> None:
    sitting = asked(patient, nurse)
    actions.answer(sitting, "1", "1", by=None, at=NOW)
    actions.end(sitting, how=Ended.AS_FAR, by=None, at=NOW + timedelta(seconds=2))
    actions.answer(sitting, "9", "3", by=None, at=NOW + timedelta(seconds=1))
    assert queries.late(sitting) == {"9": "3"}
    assert "9" not in queries.answers(sitting)


@pytest.mark.parametrize("ends", ["as_far", "withdrawn", CUSTODY])
def test_a_link_taken_back_under_an_open_page_loses_no_answer_about_suicide(opened, patient, nurse, ends) -> None:
    client, sitting = opened()
    if ends == CUSTODY:
        standings.say(patient, CUSTODY, since=None, note="", seen=0, by=nurse, at=NOW, key=ids.new())
    else:
        if ends == "as_far":
            say(client, 1, "1")
        actions.end(sitting, how=Ended(ends), by=nurse, at=NOW)
    was, before, record = suicide(), Answer.objects.count(), values(patient)
    for question, value in (("2", "3"), ("9", "5"), ("9", "0")):
        answer = answered(client, question, value)
        assert answer.status_code == 404
        assert word("forms.closed_not_kept", "en") in answer.content.decode()
        assert "tel:" in answer.content.decode()
    assert suicide() == was
    for _ in range(2):
        answer = answered(client, "9", "2")
        assert answer.status_code == 200
        assert word("forms.closed_told", "en") in answer.content.decode()
    where = client.post("/form/1/", {"question": "followup.where", "typed": "At the harbour"}, secure=True)
    assert word("forms.closed_told", "en") in where.content.decode()
    assert suicide() == 1
    assert (Answer.objects.count(), values(patient)) == (before, record), "it may be somebody else's"
    task = Task.objects.get(kind=Kind.SUICIDE)
    page = html.unescape(signed_in(nurse).get(f"/tasks/{task.id}/", secure=True).content.decode())
    assert "By a link that had been taken back" in page
    assert "At the harbour" in page
    assert page.count(": 2 (") == 1, "sent twice it is said once"
    assert client.get("/form/1/", secure=True).status_code == 404


def still_has(link, *, ago: timedelta = timedelta()):
    """A browser whose page was shown by this link so long ago."""
    links.use(token(link), at=link.created)
    client = browser()
    shown = time.time() - ago.total_seconds()
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(signing.time, "time", lambda: shown)
        client.cookies[COOKIE] = signing.dumps(str(link.id), salt="link.form")
    return client


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("expired", [True, False])
def test_a_page_that_outlived_its_link_says_what_is_kept_and_the_answer_about_suicide_calls(
    patient, nurse, expired, language
) -> None:
    sitting = asked(patient, nurse, language=language)
    now = datetime.now(UTC)
    told = {"subject": sitting.id, "organisation_id": sitting.organisation_id, "purpose": FORM, "by": nurse}
    if expired:
        link = links.make(**told, at=now - timedelta(days=14), lasts=timedelta(days=13))
        client = still_has(link, ago=timedelta(hours=1))
    else:
        client = still_has(links.make(**told, at=now - timedelta(hours=1)), ago=timedelta(minutes=31))
    actions.answer(sitting, "1", "2", by=None, at=now)
    shown = client.get("/form/2/", secure=True)
    assert shown.status_code == 404
    said = html.unescape(shown.content.decode())
    assert word("forms.closed_expired" if expired else "forms.closed_waited", language) in said
    assert word("forms.ask_anew" if expired else "forms.open_again", language) in said
    assert word("forms.closed_before", language, n=1) in said
    assert "tel:" in said
    answer = answered(client, "2", "3")
    said = html.unescape(answer.content.decode())
    assert (word("forms.closed_kept", language) in said) is not expired
    assert (word("forms.closed_not_kept", language) in said) is expired
    assert queries.answers(sitting) == {"1": "2"} | ({} if expired else {"2": "3"})
    assert suicide() == 0
    for _ in range(2):
        answer = answered(client, "9", "3")
        assert answer.status_code == 200
        assert word("forms.closed_kept", language) in html.unescape(answer.content.decode())
    assert suicide() == 1
    assert values(patient)["phq-9.item-9"] == 3
    assert "keller" not in answer.content.decode().lower()
    client.post("/form/leave/", secure=True)
    assert answered(client, "9", "2").status_code == 404
    assert queries.answers(sitting)["9"] == "3"


def test_what_the_browser_remembers_of_a_link_opens_nothing_and_is_forgotten(patient, nurse) -> None:
    sitting = asked(patient, nurse)
    now = datetime.now(UTC)
    told = {"subject": sitting.id, "organisation_id": sitting.organisation_id, "purpose": FORM, "by": nurse}
    client = still_has(links.make(**told, at=now - timedelta(days=20)), ago=timedelta(days=15))
    answer = answered(client, "9", "3")
    assert answer.status_code == 404
    for said in ("links.unusable", "forms.closed_not_kept"):
        assert word(said, "en") in answer.content.decode()
    assert "tel:" in answer.content.decode()
    assert suicide() == 0


def test_nobody_is_called_for_the_dead_and_the_form_says_why_it_ended(opened, patient, nurse) -> None:
    client, sitting = opened()
    say(client, 1, "1")
    begun = queries.last_answer(sitting)
    standings.say(patient, PASSED, since=None, note="", seen=0, by=nurse, at=NOW, key=ids.new())
    assert answered(client, "9", "3").status_code == 404
    assert unfinished.end_due(at=begun + calling().unfinished) == 1
    assert Ending.objects.get().how == Ended.DIED
    assert suicide() == 0
    assert values(patient) == {}
    assert Line.objects.filter(action="form_died", via="clock").count() == 1
    page = signed_in(nurse).get(f"/patients/{patient.id}/forms/{sitting.id}/", secure=True).content.decode()
    assert "because the patient is recorded as died" in page


def test_who_is_not_dead_after_all_is_called_for(opened, patient, nurse) -> None:
    client, sitting = opened()
    say(client, 1, "1")
    begun = queries.last_answer(sitting)
    for seen, kind in enumerate((PASSED, BACK)):
        standings.say(patient, kind, since=None, note="", seen=seen, by=nurse, at=NOW, key=ids.new())
    assert unfinished.end_due(at=begun + calling().unfinished) == 1
    assert suicide() == 1
    assert Sitting.objects.get().ending.how == Ended.AS_FAR
