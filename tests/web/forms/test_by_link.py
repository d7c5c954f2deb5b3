"""Does a patient answer by the link one question a page, kept at every answer, and is nothing about suicide lost?"""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.web.audit.models import Entry as Line
from daybreak.web.forms import actions, form, makers, queries
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Answer, Ended, Ending, Mode
from daybreak.web.links.models import LinkEvent
from daybreak.web.links.tokens import token
from daybreak.web.patients import records
from daybreak.web.patients.models import PATIENT, Entry
from daybreak.web.people.models import Site
from daybreak.web.tasks.models import Kind as TaskKind
from daybreak.web.tasks.models import Task
from daybreak.web.words import word
from tests.web.conftest import NOW, browser, signed_in
from tests.web.forms.filling import asked, link_to, say, values


def test_a_patient_answers_one_question_a_page_and_it_is_kept(patient, opened) -> None:
    client, sitting = opened()
    assert client.get("/form/", secure=True)["Location"] == "/form/1/"
    page = client.get("/form/1/", secure=True).content.decode()
    assert "Little interest" in page
    assert "Keller" not in page
    assert say(client, 1, "2")["Location"] == "/form/2/"
    assert queries.answers(sitting) == {"1": "2"}
    for n in range(2, 9):
        assert say(client, n, "1")["Location"] == f"/form/{n + 1}/"
    assert say(client, 9, "0")["Location"] == "/form/done/"
    assert values(patient) == {"phq-9": 9, "phq-9.item-1": 2, "phq-9.item-9": 0} | {
        f"phq-9.item-{n}": 1 for n in range(2, 9)
    }
    assert {(row.origin, row.by) for row in Entry.objects.all()} == {(PATIENT, None)}
    assert Ending.objects.get().how == Ended.FINISHED
    assert not Task.objects.exists()
    assert client.get("/form/3/", secure=True)["Location"] == "/form/done/"
    assert "Thank you" in client.get("/form/done/", secure=True).content.decode()


def test_they_stop_and_go_on_where_they_were_and_nobody_sees_what_was_said_before(opened) -> None:
    client, sitting = opened()
    say(client, 1, "3")
    assert 'aria-pressed="true"' in client.get("/form/1/", secure=True).content.decode()
    later, _ = opened(sitting)
    assert later.get("/form/", secure=True)["Location"] == "/form/2/"
    assert 'aria-pressed="true"' not in later.get("/form/1/", secure=True).content.decode()


def test_a_double_click_and_a_change_of_mind(opened) -> None:
    client, sitting = opened()
    for value in ("1", "1", "2", "2"):
        say(client, 1, value)
    assert list(sitting.answers.values_list("seq", "value")) == [(1, "1"), (2, "2")]


def test_where_somebody_is_who_will_be_called_is_read_by_whoever_calls(opened) -> None:
    client, _ = opened()
    for n in range(1, 9):
        say(client, n, "2")
    say(client, 9, "3")
    n = 10
    while "<textarea" not in (page := client.get(f"/form/{n}/", secure=True).content.decode()):
        say(client, n, "no")
        n += 1
    assert word("forms.called_read", "en") in page
    assert "calls nobody" not in page


@pytest.mark.parametrize("value", ["1", "3", NOT_SAID])
def test_an_answer_about_suicide_calls_at_once_and_shows_the_card(patient, opened, value) -> None:
    client, _ = opened()
    say(client, 1, "0")
    assert say(client, 9, value)["Location"] == "/form/help/"  # long before the form is over
    task = Task.objects.get()
    assert (task.kind, task.patient_id) == (TaskKind.SUICIDE, patient.id)
    page = client.get("/form/help/", secure=True).content.decode()
    assert "tel:" in page
    assert values(patient) == {"phq-9.item-9": UNREADABLE if value == NOT_SAID else Decimal(value)}
    say(client, 9, "0")  # changing the answer withdraws nothing
    assert Task.objects.count() == 1
    assert not Task.objects.get().events.filter(what="closed").exists()


def test_a_form_that_ends_without_the_answer_about_suicide_calls_too(patient, nurse, opened) -> None:
    client, sitting = opened()
    say(client, 1, "0")
    actions.end(sitting, how=Ended.AS_FAR, by=nurse, at=NOW)
    assert values(patient) == {"phq-9.item-1": 0, "phq-9.item-9": UNREADABLE}
    assert Task.objects.get().kind == TaskKind.SUICIDE


def test_reading_and_fetching_change_nothing(opened, patient, nurse) -> None:
    sitting = asked(patient, nurse)
    link = link_to(sitting)
    for _ in range(3):
        browser().get(f"/l/{token(link)}/", secure=True)
    assert not LinkEvent.objects.exists()
    client, _ = opened(sitting)
    for path in ("/form/", "/form/1/", "/form/help/", "/form/done/", "/form/leave/", "/form/99/"):
        client.get(path, secure=True)
    assert not Answer.objects.exists()


def test_leaving_shows_nothing_any_more(opened) -> None:
    client, _ = opened()
    page = client.post("/form/leave/", secure=True).content.decode()
    assert "Daybreak" not in page
    assert client.get("/form/1/", secure=True).status_code == 404


def test_the_language_is_the_one_in_which_it_was_asked_or_is_chosen(patient, nurse, opened) -> None:
    client, _ = opened(asked(patient, nurse, language="zh-Hans"))
    page = client.get("/form/1/", secure=True).content.decode()
    assert "做事时提不起劲" in page
    assert "第 1 题" in page
    client.post("/language/", {"language": "en", "next": "/form/1/"}, secure=True)
    assert "Little interest" in client.get("/form/1/", secure=True).content.decode()


def test_what_was_never_published_in_chinese_is_shown_in_english_and_says_so(patient, nurse, opened) -> None:
    client, _ = opened(asked(patient, nurse, form_id="assessment:pcl-5", language="zh-Hans"))
    page = client.get("/form/1/", secure=True).content.decode()
    assert 'lang="en"' in page
    assert "没有正式发布的中文译本" in page


def test_a_wrong_answer_is_said_and_keeps_nothing(opened) -> None:
    client, sitting = opened()
    answer = say(client, 1, "17")
    assert answer.status_code == 422
    assert "Choose one of the answers" in answer.content.decode()
    assert not queries.answers(sitting)


def test_an_answer_belongs_to_the_question_that_its_page_showed(patient, nurse, opened) -> None:
    client, sitting = opened(asked(patient, nurse, form_id="intake:intake"))
    made = makers.form(sitting.form, "en")
    place = lambda id: 1 + [one.id for one in form.asked(made, queries.answers(sitting))].index(id)  # noqa: E731
    actions.answer(sitting, "talked", "yes", by=None, at=NOW)
    old = place("phq-9.7")
    actions.answer(sitting, "talked", "no", by=None, at=NOW)  # on another page; two questions fewer
    assert place("phq-9.9") == old
    answer = client.post(f"/form/{old}/", {"value": "3", "question": "phq-9.7"}, secure=True)
    assert answer["Location"] == f"/form/{place('phq-9.8')}/"
    assert queries.answers(sitting) == {"talked": "no", "phq-9.7": "3"}
    assert not Task.objects.exists()
    for question in ("talked-what", "nothing", None):  # not asked any more, or never
        told = {"value": "3", "typed": "words"} | ({"question": question} if question else {})
        assert client.post(f"/form/{old}/", told, secure=True)["Location"] == "/form/"
    assert queries.answers(sitting) == {"talked": "no", "phq-9.7": "3"}
    client.post(f"/form/{place('phq-9.7')}/", {"value": "2", "question": "phq-9.9"}, secure=True)
    assert queries.answers(sitting)["phq-9.9"] == "2"
    assert Task.objects.get().kind == TaskKind.SUICIDE


def test_what_is_answered_on_an_evening_is_of_the_day_that_it_is_at_the_site(patient, nurse, site, opened) -> None:
    Site.objects.filter(pk=site.pk).update(zone="Pacific/Pago_Pago")  # eleven hours behind UTC
    sitting = asked(patient, nurse)
    late = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    for n in range(1, 10):
        actions.answer(sitting, str(n), "1", by=None, at=late)
    days = {one.kind: str(one.when) for one in records.chart(patient).observations}
    assert set(days.values()) == {"2026-11-24"}
    assert "phq-9.item-9" in days
    client, _ = opened(asked(patient, nurse))
    assert client.get("/form/1/", secure=True).status_code == 200


def test_the_minutes_leave_long_pauses_out(patient, nurse) -> None:
    sitting = asked(patient, nurse)
    for n, minute in ((1, 0), (2, 1), (3, 3), (4, 300)):
        actions.answer(sitting, str(n), "0", by=None, at=NOW + timedelta(minutes=minute))
    assert queries.minutes(sitting) == 1 + 2 + 5


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_what_a_form_is_for_is_said_before_its_first_question(patient, nurse, opened, language) -> None:
    explained = makers.form("intake:intake", language).explained
    client, _ = opened(asked(patient, nurse, form_id="intake:intake", language=language))
    assert explained in html.unescape(client.get("/form/1/", secure=True).content.decode())
    assert explained not in html.unescape(client.get("/form/2/", secure=True).content.decode())
    by_phone = asked(patient, nurse, mode=Mode.PHONE, form_id="intake:intake")
    where = f"/patients/{patient.id}/forms/{by_phone.id}/"
    answer = signed_in(nurse).get(where, secure=True, headers={"accept-language": language})
    page = html.unescape(answer.content.decode())
    assert explained in page
    assert word("forms.opens", language) in page


def test_each_step_is_in_the_trail_and_says_by_which_door(opened) -> None:
    client, _ = opened()
    say(client, 1, "1")
    lines = Line.objects.filter(action__in=("form_asked", "form_answered")).order_by("id")
    assert [(one.action, one.via) for one in lines] == [("form_asked", "web"), ("form_answered", "link")]


def test_a_box_for_own_words_says_who_reads_it_and_whom_to_call(patient, nurse, opened) -> None:
    client, _ = opened(asked(patient, nurse, form_id="intake:intake"))
    page = client.get("/form/1/", secure=True).content.decode()
    box, beside = page.split("<textarea", 1)[1].split('id="read"', 1)
    assert 'aria-describedby="read"' in box
    assert "nobody promises when" in beside
    assert 'href="tel:988"' in beside


def test_what_was_left_blank_about_suicide_is_asked_once_more_and_then_left(opened) -> None:
    client, sitting = opened()
    assert say(client, 9, "not-said")["Location"] == "/form/help/"
    page = client.get("/form/help/", secure=True).content.decode()
    assert "asked once more" in page
    assert 'href="/form/9/?again"' in page
    told = {"question": "9", "value": "not-said"}
    assert client.post("/form/9/?again", told, secure=True)["Location"] == "/form/10/"
    assert client.post("/form/9/?again", {**told, "value": "1"}, secure=True)["Location"] == "/form/help/"
    assert "asked once more" not in client.get("/form/help/", secure=True).content.decode()
    assert list(sitting.answers.order_by("seq").values_list("value", flat=True)) == ["not-said", "1"]
