"""Does a dose wait for the judgement that is missing, whatever it says, and is a prescriber asked once and in time?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.clinical.treatment.commands import Command
from daybreak.clinical.treatment.events import What as Done
from daybreak.web import ids
from daybreak.web.careplan import actions as plans
from daybreak.web.courses import gates
from daybreak.web.courses.models import Course
from daybreak.web.courses.state import standing
from daybreak.web.people.roles import Role
from daybreak.web.reach import followed, standings
from daybreak.web.reach.models import STOPPED
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.steering import actions, asking, signals, since
from daybreak.web.steering.models import Judgement, Signal
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open
from daybreak.web.treatment import context, queries
from daybreak.web.treatment.models import Session
from tests.web.assessments.test_results import rate
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import booked
from tests.web.steering.test_states import phq
from tests.web.treatment.conftest import booking, nurse, session, watched

__all__ = ["booking", "nurse", "session", "watched"]
DAY = timedelta(days=1)
FIRST = NOW + 6 * DAY  # of the first treatment


def judged(course, by, *, decision="continue", at=FIRST, **other) -> Judgement:
    told = {"why": "Sleeps again.", "seen": None, "key": ids.new()} | other
    return actions.judge(course, decision, by=by, at=at, **told)


def held(row, *, days: int) -> bool:
    """So many days after the first treatment."""
    found = gates.missing([standing(row)], at=FIRST + days * DAY)[row.id]
    return "judgement" in [one.id for one in found]


def sources(start: str) -> list[str]:
    return sorted(Task.objects.filter(source__startswith=start).values_list("source", flat=True))


def test_from_the_end_of_week_four_on_the_dose_waits_for_the_judgement_and_for_no_certain_one(
    course, patient, desk, chair, doctor
) -> None:
    later = booked(patient, chair, desk, starts=FIRST + 28 * DAY, step=9)
    assert [held(later, days=one) for one in (20, 27, 28, 40)] == [False, False, True, True]
    judged(course, doctor, at=FIRST + 20 * DAY)
    assert held(later, days=28), "four weeks were not over"
    seen = Judgement.objects.get().pk
    judged(course, doctor, decision="change", at=FIRST + 28 * DAY, seen=seen)
    assert [held(later, days=one) for one in (28, 118, 119)] == [False, False, True]


def test_a_prescriber_is_asked_once_a_week_before_and_the_judgement_answers(course, doctor) -> None:
    assert asking.look(at=FIRST + 20 * DAY) == 0
    assert [asking.look(at=FIRST + 21 * DAY), asking.look(at=FIRST + 30 * DAY)] == [1, 0]
    (task,) = Task.objects.filter(source__startswith=signals.SOURCE)
    assert task.due.date() == (FIRST + 28 * DAY).date()
    judged(course, doctor, at=FIRST + 22 * DAY)
    assert not still_open(Task.objects.filter(pk=task.pk)).exists()
    assert asking.look(at=FIRST + 90 * DAY) == 0


def test_a_rating_that_calls_holds_the_next_dose_until_somebody_judged_it(course, patient, desk, chair, doctor) -> None:
    later = booked(patient, chair, desk, starts=FIRST + 24 * DAY, step=8)
    for weeks, points in ((0, 2), (-1, 0), (-2, 2), (-3, 2)):
        rate(patient, doctor, "phq-9", phq(points), weeks=weeks)
    at = FIRST + 16 * DAY
    assert [signals.look(at=at), signals.look(at=at)] == [1, 0]
    row = Signal.objects.get()
    assert (row.course, row.scale) == (course, "phq-9")
    assert sources(f"{signals.SOURCE}{course.pk} signal") != []
    assert held(later, days=17)
    page = signed_in(doctor).get(f"/patients/{patient.id}/judgement/", secure=True).content.decode()
    for said in ("The next dose waits for a judgement", "may be going", "Relapse", "16 → 16"):
        assert said in page, said
    judged(course, doctor, at=at + DAY)
    assert not held(later, days=17)
    assert not still_open(Task.objects.filter(source__startswith=signals.SOURCE)).exists()
    rate(patient, doctor, "phq-9", phq(2), weeks=-4)
    assert signals.look_at_new(at=NOW + 28 * DAY) == 1, "the next rating that shows it asks again"
    assert signals.look_at_new(at=NOW + 29 * DAY) == 0


def test_who_stops_says_who_looks_after_the_patient_and_somebody_asks_in_the_weeks_after(
    course, patient, doctor
) -> None:
    told = {"decision": "stop", "reason": "no_benefit", "at": FIRST + 28 * DAY}
    with pytest.raises(Refused, match="looks after"):
        judged(course, doctor, **told)
    with pytest.raises(Refused):
        judged(course, doctor, **told | {"reason": ""}, looks_after="Dr. Ames")
    judged(course, doctor, **told, looks_after="Dr. Ames, from Monday")
    end = Course.objects.get(pk=course.pk).end
    assert (end.reason, end.text) == ("no_benefit", "Sleeps again.")
    with pytest.raises(Conflict):
        judged(course, doctor)
    days = (28 + one for one in (1, 2, 3, 7, 14, 28, 29))
    assert [asking.after(at=FIRST + one * DAY) for one in days] == [0, 1, 0, 1, 1, 1, 0]
    assert sources(asking.AFTER) == [f"{asking.AFTER}{course.pk} {one}" for one in (1, 2, 3, 4)]


def test_who_said_that_the_treatment_ended_is_called_once_for_both(course, patient, doctor) -> None:
    at = FIRST + 28 * DAY
    judged(course, doctor, decision="stop", reason="no_benefit", at=at, looks_after="Dr. Ames")
    told = {"since": None, "note": "", "seen": 0, "by": doctor, "at": at, "key": ids.new()}
    standings.say(patient, STOPPED, **told)
    assert asking.after(at=at + 7 * DAY) == 0
    assert followed.look(at=at + 7 * DAY) == 1


def test_a_nurse_judges_nothing_and_nobody_over_the_judgement_of_somebody_else(course, doctor, person) -> None:
    with pytest.raises(Forbidden):
        judged(course, person("ann", Role.NURSE))
    key = ids.new()
    row = judged(course, doctor, key=key)
    assert judged(course, doctor, key=key) == row
    with pytest.raises(Conflict, match="meanwhile"):
        judged(course, doctor)
    for told in ({"decision": "more"}, {"why": " "}, {"why": "x" * 1001}):
        with pytest.raises(Refused):
            judged(course, doctor, seen=row.pk, **told)


def test_on_one_page_any_prescriber_records_it(course, patient, doctor, person) -> None:
    other = signed_in(person("osei", Role.PRESCRIBER))
    address = f"/patients/{patient.id}/judgement/"
    page = other.get(address, secure=True).content.decode()
    assert "Cannot be known" in page
    sent = {"course": course.pk, "seen": "", "decision": "stop", "why": "<b>", "key": ids.new()}
    again = other.post(address, sent, secure=True)
    assert again.status_code == 422
    assert "&lt;b&gt;</textarea>" in again.content.decode(), "nothing typed is lost"
    assert other.post(address, sent | {"decision": "continue"}, secure=True).status_code == 302
    chinese = other.get(address, secure=True, headers={"accept-language": "zh-hans"}).content.decode()
    assert "按计划继续" in chinese


def test_the_server_holds_the_dose_of_a_session_and_the_judgement_opens_it(session, doctor, noon) -> None:
    def why() -> list[str]:
        now = queries.now(session)
        found = context.find(now, at=noon)
        return [one.id for one in found.context.why["visit"]] + [
            one.id for one in context.why_not(now, Command(Done.CLEARED, {}), at=noon, moment=noon)
        ]

    assert "steering.gate_judgement" not in why()
    common = {"organisation_id": session.organisation_id, "created": NOW}
    Signal.objects.create(id=ids.new(), course=session.course, scale="phq-9", day=NOW.date(), **common)
    assert why().count("steering.gate_judgement") == 2
    judged(session.course, doctor, at=noon)
    assert "steering.gate_judgement" not in why()


def test_plan_and_a_signal_stand_at_the_time_out_and_the_plan_beside_the_ratings(session, doctor, nurse, noon) -> None:
    address = f"/sessions/{session.id}/?step=time_out"
    client = signed_in(nurse)

    def page(where: str = address) -> str:
        return client.get(where, secure=True).content.decode()

    assert not {one for one in ("plan of care", "may be going") if one in page()}
    told = {"goals": "to swim again", "sets_off": "a thing of the family"}
    review = {"review_on": NOW.date(), "together": True, "seen": None}
    plans.write(session.patient, told, **review, by=doctor, at=NOW, key=ids.new())
    common = {"organisation_id": session.organisation_id, "created": NOW}
    Signal.objects.create(id=ids.new(), course=session.course, scale="phq-9", day=NOW.date(), **common)
    for said in ("to swim again", "may be going", "Nobody has judged it yet"):
        assert said in page(), said
    assert "a thing of the family" not in page()
    judged(session.course, doctor, at=noon)
    assert "Sleeps again." in page()
    assert "Nobody has judged it yet" not in page()
    assert "to swim again" in page(f"/patients/{session.patient_id}/judgement/")
    later = {
        name: getattr(session, name) for name in ("organisation_id", "patient", "site", "course", "protocol", "by")
    }
    booking = booked(session.patient, session.chair, doctor, starts=noon + 3 * DAY, step=2)
    next_one = Session(id=ids.new(), booking=booking, chair=session.chair, created=noon + 3 * DAY, **later)
    assert since.the_last(session, "en") is not None
    assert since.the_last(next_one, "en") is None, "it was talked about at the time-out of the treatment before"
