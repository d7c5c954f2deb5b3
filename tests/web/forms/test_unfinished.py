"""Does a form that nobody goes on with reach the clinic, so that a blank about suicide calls for somebody?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.knowledge.suicide import calling
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.forms import actions, queries, sending, unfinished
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Answer, Ended, Ending, Mode
from daybreak.web.links.tokens import token
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.refusals import Refused
from daybreak.web.tasks.models import Kind, Task
from daybreak.web.tasks.state import state
from daybreak.web.words import word
from tests.web.conftest import NOW, browser, signed_in
from tests.web.forms.filling import asked, say, values
from tests.web.forms.samples import FOLLOWED
from tests.web.patients.samples import registered

WAITS = calling().unfinished
HOUR = timedelta(hours=1)


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, nurse):
    return registered(site, nurse)


def begun(patient, nurse, *, last=8, **other):
    sitting = asked(patient, nurse, **other)
    for n in range(1, last + 1):
        actions.answer(sitting, str(n), "3", by=None, at=NOW)
    return sitting


@pytest.mark.parametrize("mode", [Mode.LINK, Mode.TABLET])
def test_who_stops_before_the_answer_about_suicide_is_called(patient, nurse, mode) -> None:
    begun(patient, nurse, mode=mode)
    assert unfinished.end_due(at=NOW + WAITS - HOUR) == 0
    assert not Ending.objects.exists()
    assert unfinished.end_due(at=NOW + WAITS) == 1
    assert (Ending.objects.get().how, Ending.objects.get().by) == (Ended.AS_FAR, None)
    assert values(patient)["phq-9.item-9"] is UNREADABLE
    assert "phq-9" not in values(patient)
    assert Task.objects.exclude(what="forms.task_again").get().kind == Kind.SUICIDE
    assert set(Line.objects.filter(action="form_as_far").values_list("who", "via")) == {(None, "clock")}
    assert unfinished.end_due(at=NOW + WAITS + HOUR) == 0
    assert Task.objects.count() == 2


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_who_comes_back_reads_that_it_ended_part_way_and_who_asked_asks_again(patient, nurse, language) -> None:
    past = datetime.now(UTC) - WAITS - HOUR
    told = {"mode": Mode.LINK, "language": language, "by": nurse}
    sitting = actions.ask(patient, "assessment:phq-9", **told, at=past, key=ids.new())
    link = sending.link(sitting, by=nurse, at=past, key=ids.new())
    actions.answer(sitting, "1", "3", by=None, at=past)
    unfinished.end_due(at=past + WAITS)
    page = browser().post(f"/l/{token(link)}/", secure=True, follow=True).content.decode()
    for said in ("half_title", "half", "half_again", "half_no_more"):
        assert escape(word(f"forms.{said}", language)) in page, said
    assert escape(word("forms.done", language)) not in page
    task = Task.objects.get(what="forms.task_again")
    assert (task.owner, task.patient, state(task).open) == (nurse, patient, True)
    assert signed_in(nurse).get(task.where, secure=True).status_code == 200
    actions.ask(patient, "assessment:gad-7", **told, at=past + WAITS, key=ids.new())
    assert state(task).open, "another form is another thing"
    actions.ask(patient, "assessment:phq-9", **told, at=past + WAITS, key=ids.new())
    assert not state(task).open


def test_of_whom_nothing_goes_nobody_is_told_to_ask(patient, nurse) -> None:
    begun(patient, nurse)
    standings.say(patient, "hospital", since=None, note="", seen=0, by=nurse, at=NOW, key=ids.new())
    assert unfinished.end_due(at=NOW + WAITS) == 1
    assert not Task.objects.filter(what="forms.task_again").exists()


def test_who_closes_the_phone_before_the_last_question_is_on_the_list_of_who_is_called(
    opened, patient, nurse, person
) -> None:
    client, sitting = opened()
    for n in range(1, 9):
        say(client, n, "2")
    last, doctor = queries.last_answer(sitting), person("okafor", Role.PRESCRIBER)
    assert unfinished.end_due(at=last + WAITS - HOUR) == 0
    assert unfinished.end_due(at=last + WAITS) == 1
    task = Task.objects.get(kind=Kind.SUICIDE)
    assert (task.level, task.created, task.calls.order_by("due").first().due) == ("now", last + WAITS, last + WAITS)
    for who in (doctor, nurse):
        assert f"/tasks/{task.id}/" in signed_in(who).get("/tasks/", secure=True).content.decode()


def test_who_goes_on_has_as_long_again_and_who_never_began_is_left_alone(patient, nurse) -> None:
    sitting = begun(patient, nurse, last=3)
    asked(patient, nurse)
    asked(patient, nurse, mode=Mode.PHONE)
    actions.answer(sitting, "4", "1", by=None, at=NOW + WAITS - HOUR)
    assert unfinished.end_due(at=NOW + WAITS) == 0
    assert unfinished.end_due(at=NOW + 2 * WAITS) == 1
    assert Ending.objects.get().sitting_id == sitting.id


def test_one_that_goes_wrong_holds_back_no_other(patient, nurse, monkeypatch, caplog) -> None:
    first, second = begun(patient, nurse), begun(patient, nurse)
    end = actions.end

    def fails(sitting, **told):
        if sitting.id == first.id:
            raise KeyError("about a patient")
        return end(sitting, **told)

    monkeypatch.setattr(actions, "end", fails)
    assert unfinished.end_due(at=NOW + WAITS) == 1
    assert Ending.objects.get().sitting_id == second.id
    assert "KeyError" in caplog.text
    assert "about a patient" not in caplog.text


def test_an_answer_that_comes_in_between_is_waited_for(patient, nurse, monkeypatch) -> None:
    sitting = begun(patient, nurse)
    last = NOW + WAITS - HOUR

    def goes_on(model, **told):
        actions.answer(sitting, "8", "1", by=None, at=last)
        monkeypatch.undo()
        return model.objects.get(**told)

    monkeypatch.setattr(unfinished, "locked", goes_on)
    assert unfinished.end_due(at=NOW + WAITS) == 0
    assert queries.last_answer(sitting) == last
    assert not Ending.objects.exists()


def test_the_page_says_how_long_it_waits(opened, patient, nurse) -> None:
    client, _ = opened()
    assert f"within {int(WAITS / HOUR)} hours" in client.get("/form/1/", secure=True).content.decode()


def test_what_was_begun_is_not_taken_back(patient, nurse) -> None:
    sitting = begun(patient, nurse)
    where = f"/patients/{patient.id}/forms/{sitting.id}/"
    client = signed_in(nurse)
    assert 'value="withdrawn"' not in client.get(where, secure=True).content.decode()
    answer = client.post(where, {"do": "withdrawn", "key": str(ids.new())}, secure=True)
    assert answer.status_code == 422
    assert "cannot be taken back" in answer.content.decode()
    assert not Ending.objects.exists()
    client.post(where, {"do": "as_far"}, secure=True)
    assert Task.objects.get().kind == Kind.SUICIDE


def test_to_end_it_and_to_close_its_links_are_one_step(patient, nurse, opened, monkeypatch) -> None:
    client, sitting = opened()

    def fails(*args, **told):
        raise KeyError

    monkeypatch.setattr(actions.links, "revoke_all", fails)
    with pytest.raises(KeyError):
        actions.end(sitting, how=Ended.WITHDRAWN, by=nurse, at=NOW)
    assert not Ending.objects.exists()
    assert client.get("/form/1/", secure=True).status_code == 200


def test_staff_write_nothing_into_what_the_patient_answers_alone(patient, nurse) -> None:
    sitting = asked(patient, nurse)
    told = {f"q-{n}": "1" for n in range(1, 10)} | {"do": "fill", "key": str(ids.new())}
    answer = signed_in(nurse).post(f"/patients/{patient.id}/forms/{sitting.id}/", told, secure=True)
    assert answer.status_code == 422
    assert "answers this one alone" in answer.content.decode()
    with pytest.raises(Refused):
        actions.answer(sitting, "9", "1", by=nurse, at=NOW)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(("value", "thanked"), [("2", True), ("not-said", False)])
def test_who_would_rather_not_say_is_not_thanked_for_saying_so(opened, value, thanked) -> None:
    client, _ = opened()
    for language, thanks, other in (
        ("en", "Thank you for saying so", "need not say more"),
        ("zh-Hans", "谢谢您说出来", "您不必说出"),
    ):
        client.post("/language/", {"language": language, "next": "/form/9/"}, secure=True)
        say(client, 9, value)
        page = client.get("/form/help/", secure=True).content.decode()
        assert (thanks in page, other in page) == (thanked, not thanked)
        assert "tel:" in page


def test_a_call_that_ends_early_keeps_what_was_said(patient, nurse) -> None:
    sitting = asked(patient, nurse, mode=Mode.PHONE)
    client, where = signed_in(nurse), f"/patients/{patient.id}/forms/{sitting.id}/"
    told = {"q-1": "2", "q-2": "1", "minutes": "3", "do": "as_far", "key": str(ids.new())}
    nothing = client.post(where, {"do": "as_far", "key": str(ids.new())}, secure=True)
    assert nothing.status_code == 422
    assert not Ending.objects.exists()
    for _ in range(2):
        assert client.post(where, told, secure=True)["Location"] == where
    assert queries.answers(sitting) == {"1": "2", "2": "1"}
    assert (Ending.objects.get().how, Ending.objects.get().minutes) == (Ended.AS_FAR, 3)
    assert values(patient) == {"phq-9.item-1": 2, "phq-9.item-2": 1, "phq-9.item-9": UNREADABLE}
    assert Task.objects.get().kind == Kind.SUICIDE


def test_what_cannot_be_read_is_said_before_a_call_ends_early(patient, nurse) -> None:
    sitting = asked(patient, nurse, mode=Mode.PHONE)
    client, where = signed_in(nurse), f"/patients/{patient.id}/forms/{sitting.id}/"
    answer = client.post(where, {"q-1": "2", "q-9": "17", "do": "as_far", "key": str(ids.new())}, secure=True)
    assert answer.status_code == 422
    assert not Ending.objects.exists()


@pytest.mark.parametrize(("value", "there"), [("2", True), ("0", False)])
def test_after_an_answer_by_phone_the_card_stays_to_be_read_aloud(patient, nurse, value, there) -> None:
    sitting = asked(patient, nurse, mode=Mode.PHONE)
    client, where = signed_in(nurse), f"/patients/{patient.id}/forms/{sitting.id}/"
    told = {f"q-{n}": "1" for n in range(1, 9)} | {"q-9": value, "do": "fill", "key": str(ids.new())}
    told |= {f"q-{id}": NOT_SAID for id in FOLLOWED} if there else {}
    assert client.post(where, told, secure=True).status_code == 302
    page = client.get(where, secure=True).content.decode()
    task = Task.objects.filter(kind=Kind.SUICIDE).first()
    assert (task is not None) is there
    assert ("tel:" in page.split("<main")[1]) is there
    assert ("read this aloud" in page) is there
    assert (f"/tasks/{task.id}/" in page if task else False) is there


def test_the_printed_form_is_in_the_trail(patient, nurse) -> None:
    sitting = asked(patient, nurse, mode=Mode.PAPER)
    signed_in(nurse).get(f"/patients/{patient.id}/forms/{sitting.id}/paper/", secure=True)
    line = Line.objects.get(action="read", object_type="form_paper")
    assert (line.who, line.subject) == (nurse.id, patient.id)
