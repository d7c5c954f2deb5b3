"""Does a session go from coming to going home by its gates, and is what was done without them written beside it?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from daybreak.clinical.answers import Term
from daybreak.clinical.treatment.commands import deviations
from daybreak.clinical.treatment.events import Outcome, Phase, What
from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.courses.models import What as Visited
from daybreak.web.courses.state import standing
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.treatment import actions, alarms, context, duties, queries, signed
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.saying import NotNow
from tests.web.conftest import signed_in
from tests.web.courses.test_courses import booked
from tests.web.courses.test_today import other
from tests.web.onsite.test_onsite import leaves
from tests.web.treatment.steps import DEVICE, MINUTE, checked_in, cleared, does, dosed, stands, well


def why(session, what, by, at, **told) -> list[str]:
    with pytest.raises(NotNow) as refused:
        does(session, what, by, at, **told)
    return [one.id for one in refused.value.reasons]


def tasks() -> set[str]:
    return set(Task.objects.filter(source__startswith="session ").values_list("what", flat=True))


def test_every_duty_that_an_end_or_an_answer_leaves_is_called_by_its_name() -> None:
    named = {one["id"] for end in sessions.ends().values() for one in end["duties"]}
    named |= {one["id"] for one in sessions.leaving() if not one["gates"]}
    asked = [one for moment in ("before", "leaving") for one in sessions.questions("esketamine", moment)]
    named |= {one["id"] for one in asked if any(each["task"] for each in one["answers"])}
    assert named <= set(duties.TASKS)
    assert {one["id"] for one in asked} >= duties.SUICIDE


def test_from_coming_to_going_home(session, nurse, noon) -> None:
    assert stands(session).phase is Phase.ARRIVED
    assert standing(session.booking).last == Visited.ARRIVED
    last = dosed(session, nurse, noon)
    home = last + timedelta(minutes=120)
    well(session, nurse, home)
    does(session, What.READY, nurse, home)
    does(session, What.ENDED, nurse, home, outcome="discharged")
    assert stands(session).outcome is Outcome.DISCHARGED
    assert standing(session.booking).last == Visited.LEFT
    assert tasks() == {"treatment.task_next_day"}
    now = queries.now(session)
    assert not deviations(now.events, context.rules(session, at=home))
    assert [one.seq for one in now.events] == list(range(1, now.next))
    assert Line.objects.filter(subject=session.patient_id, action="treatment_dose").count() == 2


def test_it_begins_once_for_a_booking_of_today_that_is_a_treatment(booking, nurse, noon, patient, chair, desk) -> None:
    with pytest.raises(Conflict, match="another day"):
        actions.begin(booking, by=nurse, at=noon + timedelta(days=1), key=ids.new())
    with pytest.raises(Forbidden):
        actions.begin(booking, by=desk, at=noon, key=ids.new())
    key = ids.new()
    session = actions.begin(booking, by=nurse, at=noon, key=key)
    assert actions.begin(booking, by=nurse, at=noon, key=key) == session
    with pytest.raises(Conflict, match="begun already"):
        actions.begin(booking, by=nurse, at=noon, key=ids.new())


def test_one_person_is_in_one_session_and_a_chair_has_one(
    session, site, nurse, doctor, desk, chair, noon, person
) -> None:
    talk = booked(session.patient, chair, desk, visit="talk", minutes=60, starts=noon + 4 * 60 * MINUTE, at=noon)
    with pytest.raises(Conflict, match="no treatment"):
        actions.begin(talk, by=nurse, at=noon, key=ids.new())
    second = booked(session.patient, chair, desk, starts=noon + 7 * 60 * MINUTE, step=2, at=noon)
    with pytest.raises(NotNow, match="another session"):
        actions.begin(second, by=nurse, at=noon, key=ids.new())
    stranger = booked(other(site, doctor, 9), chair, desk, starts=noon + 6 * 60 * MINUTE, minutes=60, at=noon)
    with pytest.raises(Refused, match="no course"):
        actions.begin(stranger, by=nurse, at=noon, key=ids.new())


def test_nothing_is_cleared_before_everything_is_asked(session, nurse, noon) -> None:
    lacking = why(session, What.CLEARED, nurse, noon)
    assert {"session.not-identified", "session.not-asked", "session.no-baseline"} <= set(lacking)
    assert "session.no-consent" not in lacking
    checked_in(session, nurse, noon)
    does(session, What.CLEARED, nurse, noon)
    assert why(session, What.DOSE, nurse, noon, n=1, **DEVICE) == [
        "session.no-time-out",
        "session.no-stock",
    ]


def test_the_pressure_of_this_hour_is_judged_by_the_protocol_and_weighed_by_a_prescriber(
    session, nurse, doctor, noon
) -> None:
    checked_in(session, nurse, noon)
    does(session, What.CHECK, nurse, noon + MINUTE, row="pressure", value={"systolic": "160", "diastolic": "85"})
    assert "pressure" in " ".join(_said(session, nurse, noon + MINUTE)).casefold()
    with pytest.raises(Forbidden):
        does(session, What.PRESSURE_DECIDED, nurse, noon + MINUTE, go=True, why="usual")
    with pytest.raises(Refused, match="why"):
        does(session, What.PRESSURE_DECIDED, doctor, noon + MINUTE, go=True)
    does(session, What.PRESSURE_DECIDED, doctor, noon + MINUTE, go=True, why="usual for her, no symptoms")
    does(session, What.CLEARED, nurse, noon + MINUTE)
    later = noon + timedelta(minutes=40)
    does(session, What.TIMED_OUT, nurse, later)
    assert why(session, What.DOSE, nurse, later, n=1, **DEVICE), "half an hour later it is old"


def _said(session, by, at) -> list[str]:
    with pytest.raises(NotNow) as refused:
        does(session, What.CLEARED, by, at)
    return [refused.value.sentence("en"), refused.value.sentence("zh-Hans")]


def test_a_prescriber_who_leaves_takes_the_next_dose_with_them(session, nurse, doctor, noon) -> None:
    cleared(session, nurse, noon)
    leaves(doctor, at=noon)
    assert why(session, What.DOSE, nurse, noon, n=1, **DEVICE) == ["session.no-prescriber", "session.alarm"]
    evening = noon + timedelta(hours=5, minutes=45)  # the nurse is here until eight hours after noon
    assert "session.no-prescriber" in why(session, What.DOSE, nurse, evening, n=1, **DEVICE)


def test_a_paused_dose_does_not_go_on_without_a_prescriber(session, nurse, doctor, noon) -> None:
    cleared(session, nurse, noon)
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    does(session, What.PAUSED, nurse, noon)
    leaves(doctor, at=noon)
    assert why(session, What.RESUMED, nurse, noon) == ["session.alarm"]
    alarms.acknowledge(session, alarms.UNCOVERED, did="calls another", by=nurse, at=noon, key=ids.new())
    assert why(session, What.RESUMED, nurse, noon) == ["session.no-prescriber"]


def test_no_more_is_given_than_one_dose_of_the_order(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    for mg in ("28.1", "56"):
        told = {**DEVICE, "mg_high": mg}
        assert why(session, What.DOSE, nurse, noon, n=1, **told) == ["session.more-than-ordered"]
    assert does(session, What.DOSE, nurse, noon, n=1, **DEVICE)


@pytest.mark.parametrize(("what", "reason"), [("order", "session.no-order"), ("watch", "session.no-limits")])
def test_without_what_a_prescriber_signs_no_dose_begins(session, nurse, noon, monkeypatch, what, reason) -> None:
    cleared(session, nurse, noon)
    monkeypatch.setattr(signed, what, lambda *_, **__: None)
    assert reason in why(session, What.DOSE, nurse, noon, n=1, **DEVICE)


def test_an_emergency_calls_and_holds_every_new_dose(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    does(session, What.EMERGENCY_OPENED, nurse, noon)
    does(session, What.EMERGENCY_OPENED, nurse, noon)
    (task,) = Task.objects.filter(what="treatment.task_emergency")
    assert task.level == Level.NOW
    assert why(session, What.DOSE, nurse, noon, n=1, **DEVICE) == ["session.emergency"]


def test_an_answer_about_suicide_that_is_no_plain_no_is_a_task_at_once(session, nurse, doctor, noon) -> None:
    does(session, What.ANSWERED, nurse, noon, question="suicide", answer="not_said")
    (task,) = Task.objects.filter(kind=Kind.SUICIDE)
    assert (task.level, task.role) == (Level.NOW, Role.PRESCRIBER)
    does(session, What.ANSWERED, nurse, noon, question="suicide", answer="no")
    assert Task.objects.filter(kind=Kind.SUICIDE).count() == 1
    with pytest.raises(Forbidden):
        does(session, What.ANSWERED, nurse, noon, question="suicide", decided="go", why="talked")
    does(session, What.ANSWERED, nurse, noon, question="bladder", answer="yes")
    assert "treatment.task_bladder" in tasks()


def test_a_report_is_never_refused_for_a_gate_and_stays_a_deviation(session, nurse, noon) -> None:
    told = {"n": 1, **DEVICE}
    key = ids.new()
    about = {"happened": noon, "by": nurse, "at": noon + 20 * MINUTE, "key": key}
    row = actions.report(session, What.DOSE, told, **about)
    assert actions.report(session, What.DOSE, told, **about) == row
    assert (row.late, row.happened, row.received) == (True, noon, noon + 20 * MINUTE)
    now = queries.now(session)
    found = {one.reason.id for one in deviations(now.events, context.rules(session, at=noon))}
    assert found == {"session.not-now"}
    part = {**told, "mg_low": "14", "full": False, "why": "sneezed"}
    actions.correct(session, row.seq, part, why="looked again", by=nurse, at=noon + 20 * MINUTE, key=ids.new())
    kept = deviations(queries.now(Session.objects.get(pk=session.pk)).events, context.rules(session, at=noon))
    assert {one.reason.values["phase"] for one in kept} == {Term("phase.arrived")}, "it was missing all the same"
    assert "treatment.task_deviation" in tasks()
    with pytest.raises(Refused, match="here and now"):
        actions.report(session, What.CLEARED, happened=noon, by=nurse, at=noon, key=ids.new())
    with pytest.raises(Refused):
        actions.report(session, What.DOSE, told, happened=noon + 9 * MINUTE, by=nurse, at=noon, key=ids.new())
    with pytest.raises(NotNow, match="After a dose"):
        does(session, What.ENDED, nurse, noon + 21 * MINUTE, outcome="cancelled", why="x")


@pytest.mark.parametrize(
    ("outcome", "left", "made"),
    [
        ("against_advice", Visited.LEFT, {"left_early", "next_day"}),
        ("unseen", Visited.LEFT, {"find", "left_early", "next_day"}),
        ("transferred", Visited.LEFT, {"hospital", "serious"}),
        ("died", Visited.LEFT, {"serious", "all_messages"}),
    ],
)
def test_every_end_after_a_dose_leaves_its_duties(session, nurse, noon, outcome, left, made) -> None:
    last = dosed(session, nurse, noon)
    does(session, What.ENDED, nurse, last + 10 * MINUTE, outcome=outcome, why="has to go")
    assert tasks() == {f"treatment.task_{one}" for one in made}
    assert standing(session.booking).last == left
    assert why(session, What.CHECK, nurse, last + 11 * MINUTE, row="moaa-s", value=5) == ["session.not-now"]


@pytest.mark.parametrize(
    ("told", "left", "made"),
    [
        ({"outcome": "cancelled", "who": "patient"}, Visited.BY_PATIENT, {"new_date"}),
        ({"outcome": "cancelled", "who": "clinic"}, Visited.BY_CLINIC, {"new_date"}),
        (
            {"outcome": "not_today", "home": "ride", "safe": "yes", "suicide_asked": "yes"},
            Visited.BY_CLINIC,
            {"call_tomorrow", "new_date"},
        ),
        (
            {"outcome": "not_today", "home": "ride", "safe": "yes", "suicide_asked": "no"},
            Visited.BY_CLINIC,
            {"call_tomorrow", "new_date", "suicide_unasked"},
        ),
    ],
)
def test_no_dose_today_has_its_own_ending(session, nurse, noon, told, left, made) -> None:
    does(session, What.ENDED, nurse, noon, why="a fever", **told)
    assert tasks() == {f"treatment.task_{one}" for one in made}
    assert standing(session.booking).last == left
    assert not stands(session).exposures


@pytest.mark.parametrize(("outcome", "looked_at"), [("discharged", True), ("unseen", False)])
def test_who_was_let_go_without_the_gates_of_it_is_looked_at(session, nurse, noon, outcome, looked_at) -> None:
    at = dosed(session, nurse, noon) + 10 * MINUTE
    actions.report(session, What.ENDED, {"outcome": outcome, "why": "x"}, happened=at, by=nurse, at=at, key=ids.new())
    assert ("treatment.task_deviation" in tasks()) is looked_at


def test_those_who_begin_at_one_site_are_judged_one_after_the_other(session, nurse, noon, monkeypatch) -> None:
    cleared(session, nurse, noon)
    locks, really, judged = [], actions.locked, context.why_not
    monkeypatch.setattr(actions, "locked", lambda model, **which: locks.append(model) or really(model, **which))

    def asks(*about, **more):
        assert locks == [Session, Site], "the session first, then the site, and only then how many are watched"
        return judged(*about, **more)

    monkeypatch.setattr(context, "why_not", asks)
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)


def test_going_home_without_the_hand_out_is_a_task_and_holds_nobody(session, nurse, noon) -> None:
    home = dosed(session, nurse, noon) + timedelta(minutes=120)
    well(session, nurse, home)
    does(session, What.ANSWERED, nurse, home, question="hand_out", answer="no")
    does(session, What.READY, nurse, home)
    does(session, What.ENDED, nurse, home, outcome="discharged")
    assert tasks() == {"treatment.task_next_day", "treatment.task_hand_out"}


def test_a_correction_counts_and_the_first_word_stays(session, nurse, noon) -> None:
    dosed(session, nurse, noon)
    told = {"n": 2, **DEVICE, "mg_low": "0", "full": False, "why": "sneezed"}
    seq = next(one.seq for one in queries.now(session).events if one.told.get("n") == 2)
    with pytest.raises(Refused, match="why"):
        actions.correct(session, seq, told, why=" ", by=nurse, at=noon, key=ids.new())
    key = ids.new()
    row = actions.correct(session, seq, told, why="it was on her sleeve", by=nurse, at=noon, key=key)
    assert actions.correct(session, seq, told, why="it was on her sleeve", by=nurse, at=noon, key=key) == row
    assert stands(session).exposures[1].mg_low == 0
    assert '"mg_low": "28"' in SessionEvent.objects.get(session=session, seq=seq).told
    signed_by = next(one.seq for one in queries.now(session).events if one.what == What.CLEARED)
    for wrong in (signed_by, 999):
        with pytest.raises(Refused, match="cannot be corrected"):
            actions.correct(session, wrong, {}, why="x", by=nurse, at=noon, key=ids.new())


@pytest.mark.parametrize(
    ("what", "told", "said"),
    [
        (
            What.CHECK,
            {"row": "pressure", "value": {"systolic": "12", "diastolic": "80"}},
            "“12” is no figure.*40 to 300",
        ),
        (What.CHECK, {"row": "spo2", "value": "NaN"}, "NaN"),
        (What.CHECK, {"row": "breaths", "value": "71"}, "0 to 70"),
        (What.CHECK, {"row": "spo2"}, "no figure"),
        (What.CHECK, {"row": "moaa-s", "value": 7}, "levels"),
        (What.CHECK, {"row": "hunger", "value": 1}, "nothing of that name"),
        (What.ANSWERED, {"question": "hunger"}, "no such question"),
        (What.ANSWERED, {"question": "ill", "answer": "perhaps"}, "one of the answers"),
        (What.DOSE, {"mg_low": "28", "mg_high": "27"}, "mg"),
        (What.DOSE, {"mg_low": "0", "mg_high": "28", "full": False}, "in full"),
        (What.INFUSION_STARTED, {"mg_high": "0"}, "mg"),
        (What.STOPPED, {}, "why"),
        (What.RESCUE, {"kind": "sedative"}, "name it"),
        (What.RESCUE, {"kind": "sedative", "drug": "midazolam"}, "how many mg"),
        (What.RESCUE, {"kind": "sedative", "drug": "midazolam", "mg": "0", "route": "iv"}, "how many mg"),
        (What.RESCUE, {"kind": "sedative", "drug": "midazolam", "mg": "1"}, "which way"),
        (What.RESCUE, {"kind": "oxygen", "drug": "oxygen", "route": "mask"}, "ordered"),
        (What.EVENT, {"text": " "}, "what happened"),
        (What.EVENT, {"text": "x" * 1001}, "longer than"),
        (What.ENDED, {"outcome": "gone"}, "how the session ended"),
    ],
)
def test_what_cannot_be_is_refused_by_name(session, nurse, noon, what, told, said) -> None:
    with pytest.raises(Refused, match=said):
        does(session, what, nurse, noon, **told)


def test_twice_is_once_and_another_content_under_the_same_key_is_refused(session, nurse, noon) -> None:
    key = ids.new()
    told = {"row": "moaa-s", "value": 5}
    row = actions.act(session, What.CHECK, told, by=nurse, at=noon, key=key)
    assert actions.act(session, What.CHECK, told, by=nurse, at=noon, key=key) == row
    with pytest.raises(Conflict):
        actions.act(session, What.CHECK, {"row": "moaa-s", "value": 4}, by=nurse, at=noon, key=key)


def test_the_database_keeps_every_event(session) -> None:
    for change in (SessionEvent.objects.all().delete, lambda: Session.objects.update(protocol="x")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_an_open_session_is_found_and_one_that_ended_is_not(session, nurse, site, noon) -> None:
    assert [one.session for one in queries.open_at(site.id)] == [session]
    does(session, What.ENDED, nurse, noon, outcome="cancelled", who="patient", why="x")
    assert queries.open_at(site.id) == []
    actions.report(session, What.DOSE, {"n": 1, **DEVICE}, happened=noon, by=nurse, at=noon + MINUTE, key=ids.new())
    assert [one.session for one in queries.open_of([session.patient_id])] == [session]


def test_what_was_done_without_a_gate_is_counted_for_the_clinic(session, nurse, doctor, noon) -> None:
    page = "/clinic/doses/"
    assert "0 / 0" in signed_in(doctor).get(page, secure=True).content.decode()
    checked_in(session, nurse, noon)
    told = {"happened": noon, "by": nurse, "at": noon + MINUTE, "key": ids.new()}
    actions.report(session, What.DOSE, {"n": 1, **DEVICE}, **told)
    shown = signed_in(doctor).get(page, secure=True).content.decode()
    assert "1 / 1" in shown
    assert f"/sessions/{session.id}/" in shown
    assert "Not now: the session is" in shown
    assert Line.objects.filter(action="read", object_type="doses", subject=session.patient_id).exists()


def test_applications_of_a_racemic_spray_lie_as_far_apart_as_its_source_says(session, doctor, nurse, noon) -> None:
    assert signed.between_devices(session) == 5 * MINUTE, "by the protocol"
    other_ = Session.objects.get(pk=session.pk)
    other_.protocol = "ketamine-iv-consensus"
    assert signed.between_devices(other_) == 5 * MINUTE, "by the ladder of what was ordered"
