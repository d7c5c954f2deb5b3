"""Do staff ask the same questions, write down what is said, and read only what they may?"""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from daybreak.web import ids
from daybreak.web.forms import actions, queries
from daybreak.web.forms.models import Ended, Ending, Mode, Sitting
from daybreak.web.patients.models import PATIENT, Entry
from daybreak.web.people import actions as people
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Kind as TaskKind
from daybreak.web.tasks.models import Task
from daybreak.web.words import word
from tests.web.conftest import NOW, signed_in
from tests.web.forms.filling import PHQ, asked, values
from tests.web.forms.samples import FOLLOWED


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
