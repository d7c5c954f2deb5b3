"""Is a form the same by every door, kept at every answer, and is what a patient says about suicide never lost?"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from daybreak.clinical.answers import UNREADABLE
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.forms import actions, form, makers, queries
from daybreak.web.forms.form import NOT_SAID, Form, Kind, Option, Question
from daybreak.web.forms.models import Answer, Ended, Ending, Mode, Sitting
from daybreak.web.links import actions as links
from daybreak.web.links.models import FORM, Link, LinkEvent
from daybreak.web.links.tokens import token
from daybreak.web.patients import records
from daybreak.web.patients.models import PATIENT, Entry
from daybreak.web.people import actions as people
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Kind as TaskKind
from daybreak.web.tasks.models import Task
from daybreak.web.words import word
from tests.web.conftest import NOW, browser, signed_in
from tests.web.forms.samples import FOLLOWED
from tests.web.patients.samples import registered

PHQ = "assessment:phq-9"
YES, NO = Option("yes", "Yes"), Option("no", "No")


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, nurse):
    return registered(site, nurse)


def asked(patient, by, *, mode=Mode.LINK, form_id=PHQ, **other) -> Sitting:
    told = {"mode": mode, "language": "en", "by": by, "at": NOW, "key": ids.new()} | other
    return actions.ask(patient, form_id, **told)


def link_to(sitting, *, uses=20) -> Link:
    return links.make(
        purpose=FORM,
        subject=sitting.id,
        organisation_id=sitting.organisation_id,
        lasts=timedelta(days=14),
        uses=uses,
        by=sitting.by,
        at=datetime.now(UTC),
    )


@pytest.fixture
def opened(patient, nurse):
    """A browser that holds the link to a form: `opened()`."""

    def open_(sitting=None, **headers):
        sitting = sitting or asked(patient, nurse)
        client = browser(**headers)
        answer = client.post(f"/l/{token(link_to(sitting))}/", secure=True)
        assert answer["Location"] == "/form/"
        return client, sitting

    return open_


def say(client, n, value):
    """As the page does: what is answered is the question that stands there."""
    page = client.get(f"/form/{n}/", secure=True).content.decode()
    found = re.search(r'name="question" value="([^"]*)"', page)
    return client.post(f"/form/{n}/", {"value": value, "question": found[1] if found else ""}, secure=True)


def values(patient) -> dict[str, object]:
    return {one.kind: one.value for one in records.chart(patient).observations}


# --- the pure form


def test_a_question_is_asked_only_after_the_answer_that_it_hangs_on() -> None:
    made = Form(
        "x:y",
        "X",
        "",
        "en",
        (
            Question("a", "A", Kind.CHOICE, (YES, NO)),
            Question("b", "B", Kind.SEVERAL, (YES, NO), after=("a", frozenset({"yes"}))),
            Question("c", "C", Kind.TEXT, after=("b", frozenset({"no"}))),
        ),
    )
    ask = lambda **answers: [one.id for one in form.asked(made, answers)]  # noqa: E731
    assert ask() == ["a"]
    assert ask(a="yes") == ["a", "b"]
    assert ask(a="yes", b="yes no") == ["a", "b", "c"]
    assert ask(a="no", b="yes no") == ["a"]  # what hangs on a question that is not asked is not asked
    assert form.first_open(made, {"a": "yes"}).id == "b"
    assert form.first_open(made, {"a": NOT_SAID}) is None
    assert made.version != Form("x:y", "X", "", "en", made.questions[:2]).version


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.CHOICE, "yes", "yes"),
        (Kind.CHOICE, NOT_SAID, NOT_SAID),
        (Kind.CHOICE, "maybe", None),
        (Kind.CHOICE, "", None),
        (Kind.SEVERAL, "no yes", "yes no"),
        (Kind.SEVERAL, "no maybe", None),
        (Kind.NUMBER, "1,50", "1.5"),
        (Kind.NUMBER, "11", None),
        (Kind.NUMBER, "NaN", None),
        (Kind.NUMBER, "many", None),
        (Kind.DAY, "2024-05", "2024-05"),
        (Kind.DAY, "2024-02-30", None),
        (Kind.DAY, "yesterday", None),
        (Kind.TEXT, " words \n", "words"),
        (Kind.TEXT, "x" * 2001, None),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(kind, typed, kept) -> None:
    question = Question("q", "Q", kind, (YES, NO), low=Decimal(0), high=Decimal(10))
    if kept is None:
        with pytest.raises(Refused):
            form.read(question, typed)
    else:
        assert form.read(question, typed) == kept


# --- by a link


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


# --- by staff


def posted(sitting, **other):
    given = {f"q-{n}": "1" for n in range(1, 9)} | {"q-9": "0", "minutes": "7", "do": "fill", "key": str(ids.new())}
    return {key: value for key, value in (given | other).items() if value is not None}


def test_staff_write_down_the_same_questions(patient, nurse) -> None:
    client = signed_in(nurse)
    told = {"form": PHQ, "mode": "phone", "language": "en", "key": str(ids.new())}
    where = client.post(f"/patients/{patient.id}/forms/", told, secure=True)["Location"]
    assert client.post(f"/patients/{patient.id}/forms/", told, secure=True)["Location"] == where
    sitting = Sitting.objects.get()
    assert "Little interest" in client.get(where, secure=True).content.decode()
    told = posted(sitting)
    for _ in range(2):
        assert client.post(where, told, secure=True)["Location"] == where
    assert (Ending.objects.get().minutes, Ending.objects.get().by) == (7, nurse)
    assert values(patient)["phq-9"] == 8
    assert {(row.origin, row.by) for row in Entry.objects.all()} == {(PATIENT, nurse)}
    page = html.unescape(client.get(where, secure=True).content.decode())
    assert "Several days" in page
    assert "7 minutes" in page


def test_of_an_incomplete_form_only_what_calls_for_somebody_is_kept(patient, nurse) -> None:
    sitting = asked(patient, nurse, mode=Mode.DESK)
    client, where = signed_in(nurse), f"/patients/{patient.id}/forms/{sitting.id}/"
    answer = client.post(where, posted(sitting, **{"q-3": None, "q-9": "2"}), secure=True)
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert "Trouble falling" in page.split("</ul>")[0]
    assert len(re.findall(r"checked", page)) == 8
    assert queries.answers(sitting) == {"9": "2"}
    assert Task.objects.get().kind == TaskKind.SUICIDE
    followed = {("t-" if id.endswith("where") else "q-") + id: value for id, value in FOLLOWED.items()}
    assert client.post(where, posted(sitting, **{"q-9": "2"}, **followed), secure=True).status_code == 302
    assert Task.objects.count() == 1


@pytest.mark.parametrize("typed", ["10 m", "1500", "99999"])
def test_minutes_that_are_none_lose_no_answer_that_calls_for_somebody(patient, nurse, typed) -> None:
    sitting = asked(patient, nurse, mode=Mode.PHONE)
    client, where = signed_in(nurse), f"/patients/{patient.id}/forms/{sitting.id}/"
    answer = client.post(where, posted(sitting, **{"q-9": "2", "minutes": typed}), secure=True)
    assert answer.status_code == 422
    assert queries.answers(sitting) == {"9": "2"}
    assert Task.objects.get().kind == TaskKind.SUICIDE
    assert not Ending.objects.exists()


def test_the_screeners_follow_ups_stand_on_the_same_page_and_one_save_is_enough(patient, nurse) -> None:
    sitting = asked(patient, nurse, mode=Mode.PHONE, form_id="assessment:c-ssrs-screen")
    client, where = signed_in(nurse), f"/patients/{patient.id}/forms/{sitting.id}/"
    page = html.unescape(client.get(where, secure=True).content.decode())
    for name in ("q1", "q2", "q3", "q4", "q5", "q6", "q6recent"):
        assert f'name="q-{name}"' in page
    assert page.count("Only if your answer to question 2 makes it apply.") == 3
    told = {"q-q1": "yes", "q-q2": "yes", "q-q3": "no", "q-q4": "no", "q-q5": "no", "q-q6": "no"}
    answer = client.post(where, {**told, "do": "fill", "key": str(ids.new())}, secure=True)
    assert answer.status_code == 302
    assert values(patient)["c-ssrs-screen.risk"] == "low"


def test_an_answer_that_does_not_apply_is_named_and_calls_for_somebody_all_the_same(patient, nurse) -> None:
    sitting = asked(patient, nurse, mode=Mode.PHONE, form_id="assessment:c-ssrs-screen")
    client, where = signed_in(nurse), f"/patients/{patient.id}/forms/{sitting.id}/"
    told = {"q-q1": "no", "q-q2": "no", "q-q5": "yes", "q-q6": "no", "do": "fill", "key": str(ids.new())}
    answer = client.post(where, told, secure=True)
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert "says that the question does not apply" in page
    assert len(re.findall(r"checked", page)) == 3  # the one that does not apply is open again
    assert Task.objects.get().kind == TaskKind.SUICIDE
    assert client.post(where, {**told, "q-q5": ""}, secure=True).status_code == 302
    assert queries.answers(sitting)["q5"] == "yes"  # and stays


def test_staff_read_out_what_the_patient_is_told_about_who_reads(patient, nurse) -> None:
    sitting = asked(patient, nurse, mode=Mode.PHONE)
    where = f"/patients/{patient.id}/forms/{sitting.id}/"
    page = html.unescape(signed_in(nurse).get(where, secure=True).content.decode())
    assert word("rota.nobody_reads", "en") in page
    assert word("calling.not_promised", "en") not in page


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


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_words_that_changed_since_it_was_asked_are_said_to_have(patient, nurse, language) -> None:
    same = asked(patient, nurse, language="zh-Hans")
    older = Sitting(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=NOW,
        patient=patient,
        site=same.site,
        form=PHQ,
        version="0123456789abcdef",
        language="en",
        mode=Mode.LINK,
        by=nurse,
    )
    older.save(force_insert=True)
    client = signed_in(nurse)
    for sitting, said in ((same, False), (older, True)):
        actions.answer(sitting, "1", "2", by=None, at=NOW)
        where = f"/patients/{patient.id}/forms/{sitting.id}/"
        page = html.unescape(client.get(where, secure=True, headers={"accept-language": language}).content.decode())
        assert (word("forms.reworded", language) in page) is said


def test_two_people_at_one_form(patient, nurse, person) -> None:
    sitting = asked(patient, nurse, mode=Mode.PAPER)
    eva = person("eva", Role.EVALUATOR)
    told = {str(n): "0" for n in range(1, 10)}
    actions.fill(sitting, told, minutes=None, by=nurse, at=NOW, key=ids.new())
    with pytest.raises(Conflict):
        actions.fill(sitting, told | {"1": "3"}, minutes=None, by=eva, at=NOW, key=ids.new())
    assert queries.answers(sitting)["1"] == "0"


def test_the_sheet_in_large_print_has_every_question_and_no_name(patient, nurse) -> None:
    sitting = asked(patient, nurse, mode=Mode.PAPER, language="zh-Hans")
    answer = signed_in(nurse).get(f"/patients/{patient.id}/forms/{sitting.id}/paper/", secure=True)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "做事时提不起劲" in text
    assert "Keller" not in text
    assert "A1" in text or patient.registrations.get().number in text


def test_the_desk_asks_and_reads_no_answers(patient, person, opened, nurse) -> None:
    fay = person("fay", Role.FRONT_DESK)
    sitting = asked(patient, fay)
    actions.answer(sitting, "1", "3", by=None, at=NOW)
    client = signed_in(fay)
    page = client.get(f"/patients/{patient.id}/forms/{sitting.id}/", secure=True).content.decode()
    assert "1 questions are answered" in page
    assert "Nearly every day" not in page
    shown = client.post(
        f"/patients/{patient.id}/forms/{sitting.id}/", {"do": "link", "key": str(ids.new())}, secure=True
    )
    assert "https://clinic.example.org/l/" in shown.content.decode()
    with pytest.raises(Forbidden):
        asked(patient, fay, mode=Mode.DESK)
    with pytest.raises(Forbidden):
        actions.answer(sitting, "1", "0", by=fay, at=NOW)


def test_taking_it_back_closes_its_links(patient, nurse, opened) -> None:
    client, sitting = opened()
    where = f"/patients/{patient.id}/forms/{sitting.id}/"
    signed_in(nurse).post(where, {"do": "withdrawn"}, secure=True)
    assert client.get("/form/", secure=True).status_code == 404
    assert Ending.objects.get().how == Ended.WITHDRAWN
    assert not Entry.objects.exists()


def test_elsewhere_there_is_no_such_form(patient, nurse, person) -> None:
    sitting = asked(patient, nurse)
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    hana = signed_in(person("hana", Role.NURSE, at_site=harbour))
    for path in (f"/patients/{patient.id}/forms/", f"/patients/{patient.id}/forms/{sitting.id}/"):
        assert hana.get(path, secure=True).status_code == 404
        assert hana.post(path, {"key": str(ids.new()), "do": "withdrawn"}, secure=True).status_code == 404
    assert not Ending.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"form_id": "assessment:nothing"},
        {"form_id": "nothing:at-all"},
        {"form_id": ""},
    ],
)
def test_a_form_that_there_is_not_is_named(patient, nurse, told) -> None:
    with pytest.raises(Refused, match="no form"):
        asked(patient, nurse, **told)


def test_every_form_can_be_drawn_in_both_languages() -> None:
    assert PHQ in makers.every()
    for id in makers.every():
        for language in ("en", "zh-Hans"):
            made = makers.form(id, language)
            assert made.questions
            assert len(set(made.ids)) == len(made.ids)


def test_each_step_is_in_the_trail_and_says_by_which_door(opened) -> None:
    client, _ = opened()
    say(client, 1, "1")
    lines = Line.objects.filter(action__in=("form_asked", "form_answered")).order_by("id")
    assert [(one.action, one.via) for one in lines] == [("form_asked", "web"), ("form_answered", "link")]
