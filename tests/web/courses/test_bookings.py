"""Is booking always possible, does nothing happen twice on one chair, and is what became of a visit written down?"""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.web import ids
from daybreak.web.courses import actions, chairs, plans
from daybreak.web.courses.models import Booking, Chair, Course, Visit, WayHome, What, Why
from daybreak.web.courses.state import standing
from daybreak.web.patients.models import Details
from daybreak.web.people import actions as people
from daybreak.web.people.models import Room, Site
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Task
from tests.web.authorisation.samples import signed_for
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import START, agreed, begun, booked, happens, missing
from tests.web.patients.samples import registered
from tests.web.screening.samples import SOON, US


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
