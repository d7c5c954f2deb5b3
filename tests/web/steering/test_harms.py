"""Is what builds up asked about again by treatments or time, once, with what was given so far and never a guess?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.clinical.treatment.events import What as Done
from daybreak.knowledge import harms as knowledge
from daybreak.web import ids
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import What
from daybreak.web.forms import actions
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Mode
from daybreak.web.patients import queries as patients
from daybreak.web.steering import harms
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import booked, happens
from tests.web.treatment.conftest import booking, nurse, session, watched
from tests.web.treatment.steps import DEVICE, checked_in, does, taken

__all__ = ["booking", "nurse", "session", "watched"]
DAY = timedelta(days=1)
FIRST = NOW + 6 * DAY  # of the first treatment


def answer(patient, by, *, at, **said) -> None:
    sitting = actions.ask(patient, harms.FORM, mode=Mode.DESK, language="en", by=by, at=at, key=ids.new())
    told = dict.fromkeys(knowledge.items(), "no") | said
    actions.fill(sitting, told, minutes=2, by=by, at=at, key=ids.new())


def asked() -> list[str]:
    found = still_open(Task.objects.filter(source__startswith=harms.SOURCE))
    return [one.source.rpartition(" ")[2] for one in found]


def test_after_the_first_treatment_and_again_by_time_somebody_is_asked_once(course, patient, doctor) -> None:
    assert [harms.look(at=FIRST + DAY), harms.look(at=FIRST + 2 * DAY)] == [1, 0]
    assert asked() == ["never"]
    answer(patient, doctor, at=FIRST + 2 * DAY, urine_pain=NOT_SAID)
    assert harms.look(at=FIRST + 3 * DAY) == 0
    assert asked() == ["never"], "the part about the bladder has no whole answer"
    answer(patient, doctor, at=FIRST + 3 * DAY)
    assert (harms.look(at=FIRST + 4 * DAY), asked()) == (0, [])
    assert harms.look(at=FIRST + 93 * DAY) == 0
    assert harms.look(at=FIRST + 94 * DAY) == 1
    assert asked() == [f"{(FIRST + 3 * DAY).date()}"]


def test_by_the_number_of_treatments_and_a_yes_proposes_what_to_think_of(course, patient, doctor, desk, chair) -> None:
    answer(patient, doctor, at=FIRST, urine_pain="yes", urine_hurry="yes")
    for n in range(1, 9):
        happens(booked(patient, chair, desk, starts=FIRST + n * 3 * DAY), What.ARRIVED, desk)
    assert harms.look(at=FIRST + 25 * DAY) == 1
    address = f"/patients/{patient.id}/harms/"
    page = signed_in(doctor).get(address, secure=True).content.decode()
    for said in (
        "9 treatment(s) · dose unknown",
        "8 treatments or more since the last answer.",
        f"Last answered in full on {FIRST.date()}, with yes to 2",
        "since then 8 treatment(s)",
        "Urine test; a urologist if it lasts.",
        "After 12 treatments",
    ):
        assert said in page, said
    chinese = signed_in(doctor).get(address, secure=True, headers={"accept-language": "zh-hans"}).content.decode()
    assert "如持续请转泌尿科" in chinese


def test_of_whom_nothing_was_given_nothing_is_asked(patient, doctor, decided) -> None:
    assert harms.look(at=FIRST) == 0
    assert "No treatment yet" in signed_in(doctor).get(f"/patients/{patient.id}/harms/", secure=True).content.decode()


@pytest.mark.parametrize("partly", [False, True])
def test_what_was_given_in_a_session_is_summed_with_its_bounds(session, nurse, noon, partly) -> None:
    checked_in(session, nurse, noon)
    does(session, Done.CLEARED, nurse, noon)
    taken(session, nurse, noon)
    does(session, Done.TIMED_OUT, nurse, noon)
    told = DEVICE | ({"mg_low": "7", "mg_high": "28", "why": "sneezed"} if partly else {})
    does(session, Done.DOSE, nurse, noon, n=1, **told)
    page = signed_in(nurse).get(f"/patients/{session.patient_id}/harms/", secure=True).content.decode()
    assert f"1 treatment(s) · {'7–28' if partly else '28'} mg" in page
    (one,) = harms.doses(courses.of(session.patient), patients.together(session.patient))
    assert one.mg_high == 28
