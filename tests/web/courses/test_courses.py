"""Is a course planned only from a signed decision, where it was signed, and does it end with what was booked for it?"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from daybreak.knowledge.consents import documents_for
from daybreak.web import ids
from daybreak.web.courses import actions, asks, gates, plans, queries
from daybreak.web.courses.models import Booking, Course, Visit, What, Why
from daybreak.web.courses.state import standing
from daybreak.web.patients.models import Registration
from daybreak.web.people import grants
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.screening import actions as screening
from daybreak.web.screening.judging import judge
from daybreak.web.tasks import state as tasks
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, signed_in
from tests.web.consent import samples as consent
from tests.web.patients.samples import registered
from tests.web.screening.samples import SOON, US

START = NOW.date() + timedelta(days=6)  # a Monday


def begun(patient, doctor, **other) -> Course:
    told = {"starts": START, "closed": (5, 6), "by": doctor, "at": SOON, "key": ids.new()} | other
    return plans.begin(patient, other.pop("protocol", US), **{k: v for k, v in told.items() if k != "protocol"})


def booked(patient, chair, by, **other) -> Booking:
    told = {
        "chair": chair,
        "starts": NOW + timedelta(days=6),
        "minutes": 150,
        "visit": Visit.TREATMENT,
        "step": None,
        "interpreter": "",
        "by": by,
        "at": SOON,
        "key": ids.new(),
    } | other
    return actions.book(patient, **told)


def happens(booking, what, by, *, at=None, **other) -> None:
    told = {"why": "", "text": "", "seen": standing(booking).next, "key": ids.new()} | other
    actions.happened(booking, what, by=by, at=at or standing(booking).starts + timedelta(minutes=30), **told)


def missing(booking) -> list[str]:
    return [gate.id for gate in gates.missing([standing(booking)], at=SOON)[booking.id]]


def agreed(patient, doctor) -> None:
    """The patient has signed what belongs to the protocol of the course."""
    (document,) = documents_for(patient.courses.get().protocol)
    consent.signed(patient, doctor, document)


def test_a_course_is_planned_from_a_signed_decision_and_stays_as_it_was_planned(patient, doctor, decided) -> None:
    key = ids.new()
    course = begun(patient, doctor, key=key)
    assert begun(patient, doctor, key=key) == course
    plan = plans.plan(course)
    assert (course.decision, course.version) == (decided, decided.version)
    assert [one.day for one in plan[:3]] == [START, START + timedelta(days=3), START + timedelta(days=7)]
    assert {one.phase for one in plan} == {"induction", "optimisation", "maintenance"}
    with pytest.raises(Conflict, match="open course"):
        begun(patient, doctor)


def test_without_a_decision_to_treat_there_is_no_course(patient, doctor) -> None:
    with pytest.raises(Refused, match="no signed decision"):
        begun(patient, doctor)
    with pytest.raises(Refused, match="no signed decision"):
        begun(patient, doctor, protocol="nothing")


@pytest.mark.parametrize(
    ("told", "said"),
    [({"starts": NOW.date() - timedelta(days=1)}, "has passed"), ({"closed": tuple(range(7))}, "every day")],
)
def test_a_plan_that_cannot_be_is_refused(patient, doctor, decided, told, said) -> None:
    with pytest.raises(Refused, match=said):
        begun(patient, doctor, **told)


def test_a_nurse_plans_no_course(patient, decided, person) -> None:
    with pytest.raises(Forbidden):
        begun(patient, person("lee", Role.NURSE))


def test_ending_it_cancels_what_lies_ahead_and_says_why(patient, doctor, decided, chair) -> None:
    course = begun(patient, doctor)
    ahead = booked(patient, chair, doctor, step=1)
    talk = booked(patient, chair, doctor, visit=Visit.TALK, starts=NOW + timedelta(days=9))
    with pytest.raises(Refused, match="Choose why"):
        plans.end(course, "other", text=" ", by=doctor, at=SOON, key=ids.new())
    plans.end(course, "switched", text="to the vein", by=doctor, at=SOON, key=ids.new())
    assert standing(ahead).last == What.BY_CLINIC
    assert standing(talk).last == What.BOOKED
    with pytest.raises(Conflict):
        plans.end(course, "wish", text="", by=doctor, at=SOON, key=ids.new())


def test_slips_from_the_plan_are_seen(site, patient, doctor, decided, chair) -> None:
    course = begun(patient, doctor)
    first = booked(patient, chair, doctor, step=1, starts=NOW + timedelta(days=9))
    happens(first, What.ARRIVED, doctor)
    found = queries.slipped(course, queries.of(patient), at=NOW + timedelta(days=20))
    assert (found[1].days, found[2].done) == (3, None)
    page = signed_in(doctor).get(f"/patients/{patient.id}/course/", secure=True).content.decode()
    assert "3 days after its planned day" in page


def test_after_a_course_the_next_one_needs_a_decision_of_its_own(site, patient, doctor, decided) -> None:
    course = begun(patient, doctor)
    later = SOON + timedelta(hours=1)
    plans.end(course, "harm", text="", by=doctor, at=later, key=ids.new())
    with pytest.raises(Refused, match="new decision"):
        begun(patient, doctor, at=later)
    page = signed_in(doctor).get(f"/patients/{patient.id}/course/", secure=True).content.decode()
    assert "courses.decide" not in page
    assert f'value="{US}"' not in page
    seen = judge(patient, site, at=later + timedelta(hours=1)).seen
    told = {"protocol": US, "outcome": "treat", "review_on": None, "language": "en", "site": site, "seen": seen}
    screening.sign(patient, **told, by=doctor, at=later + timedelta(hours=1), key=ids.new())
    assert begun(patient, doctor, at=later + timedelta(hours=2)) != course


def test_the_course_is_planned_where_the_decision_was_signed(site, patient, doctor, decided, person) -> None:
    harbour = Site.objects.create(
        id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour", zone="UTC"
    )
    both = person("hana", Role.PRESCRIBER, at_site=harbour)
    grants.grant_role(both, Role.PRESCRIBER, site=site, by=None, at=NOW)
    earlier = Registration.objects.get(patient=patient)
    Registration.objects.create(
        id=UUID(int=earlier.id.int - 1),
        organisation_id=site.organisation_id,
        created=NOW,
        patient=patient,
        site=harbour,
        number="H1",
        by=both,
    )
    assert begun(patient, both).site_id == site.id


# --- a visit that is told of wrongly


def test_a_slip_is_taken_back_and_nobody_arrives_on_another_day(patient, desk, chair) -> None:
    booking = booked(patient, chair, desk)
    with pytest.raises(Refused, match="another day"):
        happens(booking, What.ARRIVED, desk, at=NOW)
    happens(booking, What.ARRIVED, desk)
    happens(booking, What.BACK, desk)
    assert standing(booking).last == What.BOOKED
    assert What.NO_SHOW in actions.follows(standing(booking))
    happens(booking, What.LATE, desk, why=Why.RIDE)
    happens(booking, What.ARRIVED, desk)
    happens(booking, What.BACK, desk)
    assert standing(booking).last == What.LATE
    happens(booking, What.NO_SHOW, desk, why=Why.NOT_SAID)
    with pytest.raises(Refused, match="Say in words"):
        happens(booking, What.BACK, desk)
    events = signed_in(desk).get(f"/patients/{patient.id}/bookings/{booking.id}/", secure=True).content.decode()
    assert "the last entry was a mistake" in events


def test_an_interpreter_is_found_later(site, doctor, desk, chair) -> None:
    other = registered(site, doctor, number="B2", family_name="Other", language="Polish")
    booking = booked(other, chair, desk, visit=Visit.TALK)
    assert missing(booking) == ["interpreter"]
    actions.interpreter(booking, "No. 4711", seen=2, by=desk, at=SOON, key=ids.new())
    assert missing(booking) == []
    with pytest.raises(Conflict):
        actions.interpreter(booking, "No. 1", seen=2, by=desk, at=SOON, key=ids.new())
    assert asks.settle(at=SOON) == 1
    assert tasks.state(Task.objects.get(source__startswith=f"booking {booking.id}")).closed.result == "done"


@pytest.mark.parametrize(
    ("language", "needed"),
    [("English", False), (" en ", False), ("英语", False), ("Mandarin", True), ("Chinese (Mandarin)", True),
     ("中文", True), ("none said", True)],
)  # fmt: skip
def test_every_language_but_english_asks_for_somebody_who_interprets(
    site, doctor, desk, chair, language, needed
) -> None:
    other = registered(site, doctor, number="B2", family_name="Other", language=language)
    assert missing(booked(other, chair, desk, visit=Visit.TALK)) == (["interpreter"] if needed else [])


@pytest.mark.parametrize("name", ["Kim Jae", "jae,  KIM"])
def test_the_escort_does_not_interpret(site, doctor, desk, chair, name) -> None:
    other = registered(site, doctor, number="B2", family_name="Other", language="Korean")
    booking = booked(other, chair, desk, visit=Visit.TALK)
    home = {"name": "Kim Jae", "phone": "1", "by": desk, "at": SOON}
    actions.way_home(booking, "accompanied", **home, seen=2, key=ids.new())
    with pytest.raises(Refused, match="takes the patient home") as refused:
        actions.interpreter(booking, name, seen=3, by=desk, at=SOON, key=ids.new())
    assert "陪同者" in refused.value.sentence("zh-Hans")
    actions.interpreter(booking, "Ada Lee, nurse", seen=3, by=desk, at=SOON, key=ids.new())
    assert missing(booking) == []
    actions.way_home(booking, "accompanied", **{**home, "name": "ada lee nurse"}, seen=4, key=ids.new())
    assert missing(booking) == ["interpreter"], "named as the escort afterwards"


def test_what_is_missing_is_asked_again_after_a_move_and_no_longer_after_a_cancellation(patient, desk, chair) -> None:
    booking = booked(patient, chair, desk)
    of = Task.objects.filter(source__startswith=f"booking {booking.id}")
    assert of.count() == 3
    actions.move(
        booking, chair=chair, starts=NOW + timedelta(days=8), minutes=150, seen=2, by=desk, at=SOON, key=ids.new()
    )
    assert of.count() == 3, "they are asked already"
    assert asks.settle(at=SOON) == 0
    happens(booking, What.BY_PATIENT, desk, why=Why.ILL, at=SOON)
    assert asks.settle(at=SOON) == 3
    assert {tasks.state(one).closed.result for one in of} == {"not_needed"}


def test_a_step_is_booked_once_until_its_booking_is_lost(patient, doctor, desk, chair, decided) -> None:
    begun(patient, doctor)
    first = booked(patient, chair, desk, step=1)
    with pytest.raises(Conflict, match="booked already"):
        booked(patient, chair, desk, step=1, starts=NOW + timedelta(days=8))
    happens(first, What.BY_PATIENT, desk, why=Why.ILL, at=SOON)
    assert booked(patient, chair, desk, step=1, starts=NOW + timedelta(days=8))


@pytest.mark.parametrize(("kind", "talks"), [("died", False), ("pregnant", True)])
def test_whose_treatment_has_stopped_is_not_booked_for_it(patient, doctor, desk, chair, kind, talks) -> None:
    late = booked(patient, chair, desk, starts=NOW + timedelta(hours=2))
    happens(late, What.LATE, desk, why=Why.RIDE)
    standings.say(patient, kind, since=None, note="", seen=0, by=doctor, at=NOW + timedelta(hours=3), key=ids.new())
    assert standing(late).last == What.BY_CLINIC
    with pytest.raises(Refused, match="stopped or paused"):
        booked(patient, chair, desk)
    if talks:
        assert booked(patient, chair, desk, visit=Visit.TALK)
    else:
        with pytest.raises(Refused, match="stopped or paused"):
            booked(patient, chair, desk, visit=Visit.TALK)
