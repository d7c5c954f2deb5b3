"""Is every instrument whose words may be shown the same by each door: questions, score, whose word it is, and who is called?"""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.knowledge import scales
from daybreak.knowledge.suicide import calling
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.assessments.asked import MAKER
from daybreak.web.assessments.results import results
from daybreak.web.forms import makers, queries, unfinished
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.papers import pdf
from daybreak.web.patients import records
from daybreak.web.patients.models import PATIENT, PERSON, Entry
from daybreak.web.people.roles import Role
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.words import word
from tests.web.conftest import signed_in
from tests.web.forms.conftest import opened as opened
from tests.web.forms.filling import values
from tests.web.patients.samples import registered

# Answers to each item, and what they add up to by hand; the item about suicide is "no".
GIVEN = {
    "aldrete": ((2, 2, 2, 2, 1), 9),
    "bprs-4": ((6, 0, 0, 1), 7),
    "cgi-i": ((2,), 2),
    "cgi-s": ((3,), 3),
    "gad-7": ((2, 2, 2, 1, 1, 1, 1), 10),
    "ham-d17": ((4, 4, 0, 2, 2, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 18),
    "moaa-s": ((4,), 4),
    "padss": ((1, 2, 2, 2, 2), 9),
    "pcl-5": ((4, 4, 4, 4, 4, 0, 0, 4, 4, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), 33),
    "phq-2": ((2, 1), 3),
    "phq-9": ((2, 2, 2, 2, 2, 2, 2, 1, 0), 15),
}
SUICIDE = {name: str(scales.data(name)["safety"]["item"]) for name in GIVEN if "safety" in scales.data(name)}
STAFF = (Mode.DESK, Mode.PHONE, Mode.PAPER)


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, nurse):
    return registered(site, nurse)


@pytest.fixture
def staff(patient, nurse):
    """The page on which staff fill in a form that they have asked by this door: `staff(name, mode, language)`."""
    client = signed_in(nurse)

    def ask(name, mode, language="en"):
        told = {"form": f"assessment:{name}", "mode": mode.value, "language": language, "key": str(ids.new())}
        answer = client.post(f"/patients/{patient.id}/forms/", told, secure=True)
        return client, answer.get("Location", "")

    return ask


def filled(told, **more):
    return {f"q-{id}": value for id, value in told.items()} | {"do": "fill", "key": str(ids.new())} | more


def page(answer) -> str:
    return html.unescape(answer.content.decode())


def on_staffs_page(text) -> list[str]:
    """What is asked, each question followed by its answers."""
    found = re.findall(
        r'<legend[^>]*>\d+\. ([^<]*)</legend>|<label class="choice" lang[^>]*>.*?<span>([^<]*)</span>', text
    )
    return ["".join(one) for one in found]


def as_the_form_says(name, language) -> list[str]:
    asked = makers.form(f"assessment:{name}", language).questions
    return [said for one in asked if not one.follows for said in (one.words, *(each.words for each in one.options))]


def start_of(said: list[str], name, language) -> list[str]:
    """Without what would follow an answer that calls for somebody."""
    follows = {one.words for one in makers.form(f"assessment:{name}", language).questions if one.follows}
    found, skips = [], False
    for one in said:
        skips = one in follows or (
            skips and one in (word("assessments.yes", language), word("assessments.no", language))
        )
        found += [] if skips else [one]
    return found


def by_link(client, told) -> list[str]:
    """Answer question after question; what was asked."""
    seen, where = [], client.get("/form/", secure=True)["Location"]
    for value in told.values():
        text = page(client.get(where, secure=True))
        seen += [
            re.search(r'<h1 id="asked">(.*?)</h1>', text)[1],
            *re.findall(r'class="pick" name[^>]*>([^<]*)<', text),
        ]
        question = re.search(r'name="question" value="([^"]*)"', text)[1]
        where = client.post(where, {"question": question, "value": value}, secure=True)["Location"]
    assert where == "/form/done/"
    return seen


def test_every_instrument_whose_words_may_be_shown_is_here() -> None:
    shown = {name for name in scales.ids() if scales.data(name)["licence"]["tier"] == "ship"}
    assert shown == set(GIVEN)
    assert set(SUICIDE) == {"phq-9", "ham-d17"}


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("name", GIVEN)
def test_by_every_door_the_same_questions_score_and_origin(
    patient, nurse, staff, opened, monkeypatch, name, language
) -> None:
    points, total = GIVEN[name]
    told = {str(n): str(point) for n, point in enumerate(points, 1)}
    expected, theirs = as_the_form_says(name, language), scales.data(name)["respondent"]["is"] == "patient"
    foreign = makers.form(f"assessment:{name}", language).language != language
    assert foreign is (language != "en" and name == "pcl-5")
    printed: dict = {}
    monkeypatch.setattr(pdf, "make", lambda content, **_: printed.update(content) or b"%PDF")
    client, where = staff(name, Mode.LINK, language)
    assert bool(where) is MAKER.alone(name) is theirs
    if theirs:
        theirs_alone, sitting = opened(Sitting.objects.get())
        text = page(theirs_alone.get("/form/1/", secure=True))
        assert (word("forms.other_language", language) in text) is foreign
        assert by_link(theirs_alone, told) == expected
        assert {(one.origin, one.by) for one in Entry.objects.all()} == {(PATIENT, None)}
        assert queries.answers(sitting) == told
    for mode in STAFF:
        before = set(Entry.objects.values_list("id", flat=True))
        client, where = staff(name, mode, language)
        text = page(client.get(where, secure=True, headers={"accept-language": language}))
        assert start_of(on_staffs_page(text), name, language) == expected
        assert (word("forms.other_language", language) in text) is foreign
        if mode == Mode.PAPER:
            assert client.get(f"{where}paper/", secure=True).status_code == 200
            said = [re.sub(r"^\d+\. ", "", str(block.get("text", ""))) for block in printed["blocks"]]
            assert [one for one in said if one in expected] == expected
            assert (word("forms.other_language", language) in said) is foreign
        assert client.post(where, filled(told), secure=True)["Location"] == where
        rows = Entry.objects.exclude(id__in=before)
        words = {(PATIENT if theirs else PERSON, nurse)} if name in terms().kinds else set()
        assert {(one.origin, one.by) for one in rows} == words
    found = results(patient, records.chart(patient)).by_scale[name]
    assert [(one.total, one.items, one.missing) for one in found] == [(total, told, 0)] * (len(STAFF) + theirs)
    assert not Task.objects.exists()


@pytest.mark.parametrize("said", ["2", "", NOT_SAID])
@pytest.mark.parametrize("mode", [Mode.LINK, *STAFF])
@pytest.mark.parametrize("name", SUICIDE)
def test_by_every_door_an_answer_about_suicide_that_is_not_no_calls_for_somebody(
    patient, staff, opened, name, mode, said
) -> None:
    item = SUICIDE[name]
    told = {str(n): str(point) for n, point in enumerate(GIVEN[name][0], 1)} | {item: said}
    client, where = staff(name, mode)
    if not where:
        assert (name, mode) == ("ham-d17", Mode.LINK), "it is rated by a clinician"
        return
    if mode == Mode.LINK:
        theirs, sitting = opened(Sitting.objects.get())
        for n in range(1, int(item)):
            theirs.post(f"/form/{n}/", {"question": str(n), "value": told[str(n)]}, secure=True)
        answer = theirs.post(f"/form/{item}/", {"question": item, "value": said}, secure=True)
        assert answer.get("Location") == ("/form/help/" if said else None)
        assert Task.objects.exists() is bool(said)
        unfinished.end_due(at=queries.last_answer(sitting) + calling().unfinished + timedelta(seconds=1))
    else:
        answer = client.post(where, filled(told), secure=True)
        assert answer.status_code == 422, "what follows it is asked, or the blank once more"
        assert makers.form(f"assessment:{name}", "en").question(item).words in page(answer)
        assert Task.objects.exists() is bool(said), "nobody waits for the rest of the form"
        client.post(where, filled(told, do="as_far"), secure=True)
    task = Task.objects.get(kind=Kind.SUICIDE)
    assert (task.level, task.patient_id) == (Level.NOW, patient.id)
    assert values(patient)[f"{name}.item-{item}"] == (2 if said == "2" else UNREADABLE)
