"""Is every scale that we can score a form for staff, in words only where words may be shown, and does it page as it must?"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.knowledge import scales
from daybreak.knowledge.store import load
from daybreak.web import ids
from daybreak.web.assessments import wordings
from daybreak.web.assessments.asked import MAKER, total_of
from daybreak.web.assessments.scoring import scored
from daybreak.web.forms import actions, makers
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Mode
from daybreak.web.patients import records
from daybreak.web.patients.models import PATIENT, PERSON, Entry
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, signed_in
from tests.web.forms.samples import FOLLOWED
from tests.web.patients.samples import registered

CALM = {f"suicide-followup.{one}": "no" for one in ("intent", "plan", "act", "worse")}


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, nurse):
    return registered(site, nurse)


def asked(patient, by, name, mode=Mode.DESK):
    return actions.ask(patient, f"assessment:{name}", mode=mode, language="en", by=by, at=NOW, key=ids.new())


def filled(patient, by, name, told):
    return actions.fill(asked(patient, by, name), told, minutes=12, by=by, at=NOW, key=ids.new())


def values(patient):
    return {one.kind: one.value for one in records.chart(patient).observations}


def numbers(count, points=1, **other):
    return {str(n): str(points) for n in range(1, 1 + count)} | {key[1:]: value for key, value in other.items()}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_scale_is_a_form_whose_answers_are_those_of_the_scale(language) -> None:
    assert {name.partition(".")[0] for name in MAKER.ids()} == set(scales.ids())
    for name in MAKER.ids():
        made = MAKER.form(name, language)
        assert made.title
        assert made.attribution
        for question in made.questions:
            assert question.words
            assert len({option.value for option in question.options}) == len(question.options)
    with pytest.raises(LookupError):
        MAKER.form("phq-9.total", language)
    with pytest.raises(LookupError):
        MAKER.form("no-scale", language)


def test_no_word_of_a_protected_scale_is_shown_and_the_patient_never_gets_numbers(patient, nurse) -> None:
    for name in scales.ids():
        if scales.data(name)["licence"]["tier"] != "ship":
            asked_here = [one for one in MAKER.form(name, "en").questions if not one.follows]
            words = {re.sub(r"\d+", "#", one.words) for one in asked_here}
            assert words <= {
                "Item #",
                "Question # of the screener",
                "Question #: was it in the past three months?",
                "Retired or without a job",
                "Did several of these happen at the same time?",
                "How much of a problem was it?",
            }
            assert not MAKER.alone(name)
    with pytest.raises(Refused):
        asked(patient, nurse, "madrs", Mode.LINK)


def test_what_a_clinician_rates_is_theirs_and_the_item_about_suicide_calls(patient, nurse) -> None:
    ending = filled(patient, nurse, "ham-d17", numbers(17) | FOLLOWED)
    assert values(patient) == {"ham-d17": 17, "ham-d17.item-3": 1} | CALM
    assert {row.origin for row in Entry.objects.all()} == {PERSON}
    assert ending.minutes == 12
    assert Task.objects.count() == 1


def test_what_a_patient_answers_to_staff_stays_the_patients(patient, nurse) -> None:
    filled(patient, nurse, "qids-sr16", numbers(16, 0))
    assert {row.origin for row in Entry.objects.all()} == {PATIENT}
    assert values(patient) == {"qids-sr16": 0, "qids-sr16.item-12": 0}
    assert not Task.objects.exists()


@pytest.mark.parametrize(("suicide", "calls", "kept"), [("0", False, 0), ("2", True, 2), (NOT_SAID, True, UNREADABLE)])
def test_a_total_alone_asks_for_the_item_about_suicide(patient, nurse, suicide, calls, kept) -> None:
    with pytest.raises(Refused):
        filled(patient, nurse, "madrs.total", {"total": "30"})
    followed = FOLLOWED if calls else {}
    filled(patient, nurse, "madrs.total", {"total": "30", "10": suicide} | followed)
    assert values(patient) == {"madrs": 30, "madrs.item-10": kept} | (CALM if calls else {})
    assert Task.objects.exists() is calls


@pytest.mark.parametrize("typed", ["61", "-1", "3.5", "many", ""])
def test_an_impossible_total_is_refused(patient, nurse, typed) -> None:
    with pytest.raises(Refused):
        filled(patient, nurse, "madrs.total", {"total": typed, "10": "0"})
    assert not Entry.objects.exists()


def test_the_screener_asks_on_after_a_yes_and_calls(patient, nurse) -> None:
    sitting = asked(patient, nurse, "c-ssrs-screen")
    client = signed_in(nurse)
    where = f"/patients/{patient.id}/forms/{sitting.id}/"
    told = {"do": "fill", "key": str(ids.new()), "q-q1": "no", "q-q2": "yes", "q-q6": "no"}
    answer = client.post(where, told, secure=True)
    assert answer.status_code == 422
    assert "Question 3 of the screener" in answer.content.decode()
    assert Task.objects.count() == 1  # the yes was kept, and called, before the rest was asked
    rest = {"q-q3": "yes", "q-q4": "no", "q-q5": "no", "key": str(ids.new())}
    assert client.post(where, told | rest, secure=True).status_code == 302
    assert values(patient)["c-ssrs-screen.risk"] == "moderate"
    assert values(patient)["c-ssrs-screen.q3"] == "yes"
    assert Task.objects.count() == 1


def test_a_screener_without_any_yes_calls_nobody(patient, nurse) -> None:
    filled(patient, nurse, "c-ssrs-screen", {"q1": "no", "q2": "no", "q6": "no"})
    assert values(patient)["c-ssrs-screen.risk"] == "none"
    assert not Task.objects.exists()


def test_answers_about_substances_bear_their_label(patient, nurse) -> None:
    filled(patient, nurse, "dast-10", {str(n): "N" for n in range(1, 11)})
    assert values(patient) == {"dast-10": Decimal(1)}  # "always able to stop" runs the other way
    assert {row.sensitivity for row in Entry.objects.all()} == {"substance_use"}
    assert all(one.sensitive for one in MAKER.form("dast-10", "en").questions)


@pytest.mark.parametrize(
    ("scale", "answers", "total"),
    [
        ("moaa-s", {"1": "3"}, 3),
        ("wsas", numbers(5, 2, _retired="no"), 10),
        ("wsas", numbers(5, 2, _1=NOT_SAID, _retired="yes"), 8),
        ("mdq", {**{str(n): "Y" for n in range(1, 14)}, "same-time": "yes", "trouble": "serious"}, 13),
        ("isi", {"total": "15"}, 15),
        ("phq-9", {"1": "2"}, None),
    ],
)
def test_totals(scale, answers, total) -> None:
    assert total_of(scale, answers) == total


def test_the_disorder_of_mood_needs_the_same_time_and_a_problem() -> None:
    every = {str(n): "Y" for n in range(1, 14)}
    said = [{}, {"same-time": "no"}, {"same-time": "yes", "trouble": "serious"}]
    found = [scored("mdq", every | one).result["positive"] for one in said]
    assert found == [None, False, True]


# --- the clinic's own licensed wording


@pytest.fixture
def folder(settings, tmp_path):
    settings.WORDINGS = tmp_path

    def write(name="madrs.en", **other):
        lines = {
            "scale": "madrs",
            "language": "en",
            "stem": '"Rate what you see"',
            "items": [f"Licensed words {n}" for n in range(1, 11)],
            "answers": [str(n) for n in range(7)],
            "attribution": '"Licence 4711"',
            "source": "{id: own-licence, where: contract}",
            "standing": "local_policy",
        } | other
        (tmp_path / f"{name}.yaml").write_text("".join(f"{key}: {value}\n" for key, value in lines.items()))
        wordings.own.cache_clear()
        makers._form.cache_clear()

    yield write
    wordings.own.cache_clear()
    makers._form.cache_clear()


def test_a_clinic_shows_the_wording_that_it_holds_a_licence_for(folder, patient, nurse) -> None:
    folder()
    made = MAKER.form("madrs", "zh-hans")
    assert (made.language, made.attribution) == ("en", "Licence 4711")
    assert made.questions[9].words == "Licensed words 10"
    assert made.questions[9].safety
    assert "madrs.total" not in MAKER.ids()
    filled(patient, nurse, "madrs", numbers(10, 0, _10="1") | FOLLOWED)
    assert values(patient) == {"madrs": 1, "madrs.item-10": 1} | CALM
    assert Task.objects.exists()


@pytest.mark.parametrize(
    ("name", "other", "said"),
    [
        ("madrs.en", {"answers": ["a", "b"]}, "do not have as many answers"),
        ("madrs.en", {"items": ["one"]}, "1 items, the scale 10"),
        ("madrs.de", {}, "name it madrs.en.yaml"),
        ("other.en", {"scale": "other"}, "there is no scale 'other'"),
        ("madrs.en", {"standing": "trust me"}, "standing"),
        (
            "isi.zh-hans",
            {"scale": "isi", "language": "zh-Hans", "items": ["x"] * 7, "answers": list("01234")},
            "English",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_left_out_and_named(folder, caplog, name, other, said) -> None:
    folder(name, **other)
    assert wordings.every() == load("wordings")
    assert said in caplog.text
