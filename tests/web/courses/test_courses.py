"""Is a course planned only from a signed decision, is booking always possible, and does nothing happen twice on one chair?"""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from daybreak.knowledge.consents import documents_for
from daybreak.web import ids
from daybreak.web.courses import actions, asks, chairs, gates, plans, queries
from daybreak.web.courses.models import Booking, Chair, Course, Visit, WayHome, What, Why
from daybreak.web.courses.state import standing
from daybreak.web.patients.models import Details, Registration
from daybreak.web.people import actions as people
from daybreak.web.people import grants
from daybreak.web.people.models import Room, Site
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.screening import actions as screening
from daybreak.web.screening.judging import judge
from daybreak.web.tasks import state as tasks
from daybreak.web.tasks.models import Task
from tests.web.authorisation.samples import signed_for
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


# --- the course


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
    with pytest.raises(Conflict):
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


# --- booking


def agreed(patient, doctor) -> None:
    """The patient has signed what belongs to the protocol of the course."""
    (document,) = documents_for(patient.courses.get().protocol)
    consent.signed(patient, doctor, document)


def test_booking_is_always_possible_and_tentative_until_what_is_missing_is_there(
    site, patient, doctor, desk, chair
) -> None:
    booking = booked(patient, chair, desk)
    assert missing(booking) == ["decision", "payment", "consent"]
    task = Task.objects.get(role=Role.PRESCRIBER)
    assert (task.role, task.due) == (Role.PRESCRIBER, NOW + timedelta(days=4))
    page = signed_in(desk).get(f"/patients/{patient.id}/bookings/{booking.id}/", secure=True).content.decode()
    assert "tentative" in page


def test_it_turns_firm_by_itself(site, patient, doctor, desk, chair, decided) -> None:
    begun(patient, doctor)
    booking = booked(patient, chair, desk, step=1)
    assert missing(booking) == ["payment", "consent"]
    told = {task.role for task in Task.objects.filter(source__startswith="booking")}
    assert told == {Role.FRONT_DESK, Role.NURSE}
    signed_for(patient, site, desk)
    agreed(patient, doctor)
    assert missing(booking) == []


def test_a_consent_that_ends_before_the_day_leaves_it_tentative(patient, doctor, desk, chair, decided) -> None:
    begun(patient, doctor)
    agreed(patient, doctor)
    assert "consent" not in missing(booked(patient, chair, desk, step=1))
    late = booked(patient, chair, desk, step=2, starts=NOW + timedelta(days=300))
    assert "consent" in missing(late)


def test_the_calendar_asks_as_little_for_many_as_for_one(
    site, patient, doctor, desk, chair, django_assert_max_num_queries
) -> None:
    for n in range(6):
        other = registered(site, doctor, number=f"C{n}", family_name=f"Many{n}")
        booked(other, chair, desk, starts=NOW + timedelta(days=400, hours=n), minutes=30)
    day = (NOW + timedelta(days=400)).date()
    client = signed_in(desk)
    with django_assert_max_num_queries(15):
        page = client.get(f"/calendar/?day={day}", secure=True).content.decode()
    assert page.count("tentative") == 6


def test_another_language_asks_for_an_interpreter(patient, doctor, desk, chair) -> None:
    now = Details.objects.get(patient=patient)
    told = {f.attname: getattr(now, f.attname) for f in Details._meta.concrete_fields}
    Details.objects.create(**told | {"id": ids.new(), "replaces_id": now.id, "language": "Vietnamese"})
    booking = booked(patient, chair, desk, visit=Visit.ASSESSMENT)
    assert missing(booking) == ["interpreter"]
    other = booked(patient, chair, desk, visit=Visit.TALK, starts=NOW + timedelta(days=8), interpreter="No. 4711")
    assert missing(other) == []


def test_a_language_that_nobody_wrote_down_is_missing_and_not_ours(site, doctor, desk, chair) -> None:
    silent = registered(site, doctor, number="B2", family_name="Other")
    booking = booked(silent, chair, desk, visit=Visit.ASSESSMENT)
    assert missing(booking) == ["language"]
    assert Task.objects.get(source=f"booking {booking.id} language 2").where == f"/patients/{silent.id}/details/"
    page = signed_in(desk).get(f"/patients/{silent.id}/bookings/{booking.id}/", secure=True).content.decode()
    assert "language is not written down" in html.unescape(page)
    when = NOW + timedelta(days=8)
    assert missing(booked(silent, chair, desk, visit=Visit.TALK, starts=when, interpreter="No. 4711")) == []


def test_the_same_key_with_another_interpreter_is_another_request(patient, chair, desk) -> None:
    key = ids.new()
    first = booked(patient, chair, desk, key=key, interpreter="No. 4711")
    assert booked(patient, chair, desk, key=key, interpreter="No. 4711") == first
    with pytest.raises(Conflict):
        booked(patient, chair, desk, key=key, interpreter="")


def test_a_chair_and_a_patient_are_taken_once(site, patient, doctor, desk, chair) -> None:
    booked(patient, chair, desk)
    other = registered(site, doctor, number="B2", family_name="Other")
    with pytest.raises(Conflict, match="Chair 1 is taken"):
        booked(other, chair, desk, starts=NOW + timedelta(days=6, minutes=149))
    second = Chair.objects.create(
        id=ids.new(), organisation_id=site.organisation_id, created=NOW, room=chair.room, name="2", by=desk
    )
    with pytest.raises(Conflict, match="another visit"):
        booked(patient, second, desk, starts=NOW + timedelta(days=6, minutes=-10), minutes=30)
    assert booked(other, chair, desk, starts=NOW + timedelta(days=6, minutes=150))
    assert booked(other, second, desk, starts=NOW + timedelta(days=6, minutes=-60), minutes=60)


def test_a_freed_chair_is_free_at_once(site, patient, doctor, desk, chair) -> None:
    first = booked(patient, chair, desk)
    actions.happened(first, What.BY_PATIENT, why=Why.ILL, text="", seen=2, by=desk, at=SOON, key=ids.new())
    assert booked(registered(site, doctor, number="B2", family_name="Other"), chair, desk)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"minutes": 1}, "takes from"),
        ({"minutes": 5000}, "takes from"),
        ({"starts": NOW - timedelta(days=1)}, "has passed"),
        ({"visit": "party"}, "Choose what"),
    ],
)
def test_what_cannot_be_booked_is_said(patient, desk, chair, told, said) -> None:
    with pytest.raises(Refused, match=said):
        booked(patient, chair, desk, **told)
    assert not Booking.objects.exists()


def test_moving_is_seen_by_whoever_else_had_it_open(patient, desk, chair) -> None:
    booking = booked(patient, chair, desk)
    told = {"chair": chair, "minutes": 60, "by": desk, "at": SOON}
    actions.move(booking, starts=NOW + timedelta(days=7), seen=2, key=ids.new(), **told)
    with pytest.raises(Conflict, match="Somebody else"):
        actions.move(booking, starts=NOW + timedelta(days=8), seen=2, key=ids.new(), **told)
    assert standing(booking).starts == NOW + timedelta(days=7)
    actions.move(booking, starts=NOW + timedelta(days=7, minutes=15), seen=3, key=ids.new(), **told)  # over itself


def test_who_does_not_come_is_called_the_same_day(patient, desk, chair) -> None:
    booking = booked(patient, chair, desk, visit=Visit.ASSESSMENT)
    with pytest.raises(Refused, match="not begun"):
        happens(booking, What.NO_SHOW, desk, why=Why.NOT_SAID, at=SOON)
    with pytest.raises(Refused, match="Choose why"):
        happens(booking, What.NO_SHOW, desk)
    happens(booking, What.NO_SHOW, desk, why=Why.NOT_SAID)
    task = Task.objects.get(source=f"no-show {booking.id}")
    assert (task.level, task.role) == ("today", Role.NURSE)
    page = signed_in(desk).get(f"/patients/{patient.id}/bookings/{booking.id}/", secure=True).content.decode()
    assert "calls the patient today" in page
    with pytest.raises(Conflict):
        happens(booking, What.ARRIVED, desk)


def test_late_arrived_left(patient, desk, chair) -> None:
    booking = booked(patient, chair, desk)
    happens(booking, What.LATE, desk, why=Why.RIDE, at=SOON)
    happens(booking, What.ARRIVED, desk)
    actions.way_home(booking, WayHome.ACCOMPANIED, name="Ben", phone="555", seen=4, by=desk, at=NOW, key=ids.new())
    happens(booking, What.LEFT, desk)
    now = standing(booking)
    assert (now.last, now.way_home.with_name, now.over) == (What.LEFT, "Ben", True)
    with pytest.raises(Conflict):
        actions.way_home(booking, WayHome.RIDE, name="", phone="", seen=6, by=desk, at=NOW, key=ids.new())


def test_who_accompanies_has_a_name_and_a_phone(patient, desk, chair) -> None:
    booking = booked(patient, chair, desk)
    with pytest.raises(Refused, match="who accompanies"):
        actions.way_home(booking, WayHome.ACCOMPANIED, name="Ben", phone="", seen=2, by=desk, at=NOW, key=ids.new())


def test_the_word_that_stops_everything_cancels_what_is_booked(patient, doctor, desk, chair) -> None:
    booking = booked(patient, chair, desk)
    standings.say(patient, "died", since=None, note="", seen=0, by=doctor, at=SOON, key=ids.new())
    assert standing(booking).last == What.BY_CLINIC


def test_a_chair_with_somebody_on_it_stays(patient, desk, chair, person) -> None:
    booked(patient, chair, desk)
    ada = person("ida", Role.ADMINISTRATOR)
    with pytest.raises(Conflict, match="Move them first"):
        chairs.close(chair, by=ada, at=SOON)
    with pytest.raises(Conflict, match="already"):
        chairs.add(chair.room, "Chair 1", by=ada, at=SOON)
    with pytest.raises(Forbidden):
        chairs.add(chair.room, "Chair 2", by=desk, at=SOON)


# --- the pages


def test_from_the_plan_to_the_chair_by_hand(site, patient, doctor, desk, chair, decided) -> None:
    signed_for(patient, site, desk)
    client = signed_in(doctor)
    where = f"/patients/{patient.id}/course/"
    starts = datetime.now(UTC).date() + timedelta(days=3)
    told = {"do": "begin", "protocol": US, "starts": starts.isoformat(), "closed": ["5", "6"], "key": str(ids.new())}
    assert "Esketamine" in client.get(where, secure=True).content.decode()
    for _ in range(2):
        assert client.post(where, told, secure=True)["Location"] == where
    day = plans.plan(Course.objects.get())[0].day
    agreed(patient, doctor)
    client = signed_in(desk)
    page = client.get(f"/patients/{patient.id}/bookings/new/?step=1", secure=True).content.decode()
    assert f"{day}T09:00" in page
    new = client.get(f"/patients/{patient.id}/bookings/new/", secure=True).content.decode()
    assert f"{day}T09:00" in new, "the next visit of the plan is proposed"
    told = {"visit": "treatment", "step": "1", "starts": f"{day}T10:30", "minutes": "150", "chair": str(chair.id)}
    done = client.post(f"/patients/{patient.id}/bookings/new/", told | {"key": str(ids.new())}, secure=True)
    page = html.unescape(client.get(done["Location"], secure=True).content.decode())
    assert "firm" in page
    assert "10:30" in page
    board = client.get(f"/calendar/?day={day}", secure=True).content.decode()
    assert "Keller" in board
    assert "Keller" not in client.get(f"/calendar/?day={day + timedelta(days=1)}", secure=True).content.decode()
    seen = {"seen": "2", "key": str(ids.new()), "do": "way_home", "home": "accompanied", "name": "Ben", "phone": "555"}
    assert client.post(done["Location"], seen, secure=True).status_code == 302
    assert "Ben, 555" in client.get(done["Location"], secure=True).content.decode()
    late = {"seen": "2", "key": str(ids.new()), "do": "cancelled_by_patient", "why": "ill"}
    assert client.post(done["Location"], late, secure=True).status_code == 409


def test_elsewhere_nothing_of_it_is_there(site, patient, desk, chair, person) -> None:
    booking = booked(patient, chair, desk)
    people.found(organisation="Dawn", site="Harbour", rooms=["R"], at=NOW)
    harbour = Site.objects.get(name="Harbour")
    hana = person("hana", Role.NURSE, at_site=harbour)
    client = signed_in(hana)
    assert client.get(f"/patients/{patient.id}/bookings/{booking.id}/", secure=True).status_code == 404
    assert "Keller" not in client.get(f"/calendar/?site={site.id}&day={START}", secure=True).content.decode()
    with pytest.raises(Forbidden):
        booked(patient, chair, hana)
    there = chairs.add(
        Room.objects.get(site=harbour), "C", by=person("abe", Role.ADMINISTRATOR, at_site=harbour), at=NOW
    )
    with pytest.raises(Refused, match="not registered"):
        booked(patient, there, hana)


def test_an_administrator_puts_chairs_into_rooms(site, person) -> None:
    client = signed_in(person("ada", Role.ADMINISTRATOR))
    room = site.rooms.get()
    window = {"room": str(room.id), "name": "Window"}
    client.post("/clinic/chairs/", {**window, "key": str(ids.new())}, secure=True)
    assert "Window" in client.get("/clinic/chairs/", secure=True).content.decode()
    assert client.post("/clinic/chairs/", {**window, "key": str(ids.new())}, secure=True).status_code == 409
    client.post("/clinic/chairs/", {"chair": str(Chair.objects.get().id)}, secure=True)
    assert "Window" not in client.get("/clinic/chairs/", secure=True).content.decode()
