"""Is it known who is at a site and until when, from their own word, and is it said when a treatment loses its prescriber?"""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from daybreak.web import ids
from daybreak.web.courses.models import What
from daybreak.web.onsite import actions, queries
from daybreak.web.onsite.cover import uncovered_now
from daybreak.web.onsite.models import Planned, Stay
from daybreak.web.people import actions as people
from daybreak.web.people import grants
from daybreak.web.people.models import Room, Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import booked, happens
from tests.web.courses.test_today import other

HOUR = timedelta(hours=1)


@pytest.fixture
def lee(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def harbour(site):
    people.found(organisation="Dawn", site="Harbour", rooms=["R"], at=NOW)
    return Site.objects.get(name="Harbour")


def here(site, by, *, at=NOW, until=NOW + 8 * HOUR, **other) -> Stay:
    last = queries.last_stay(by)
    told = {"room": None, "seen": (last.seq if last else 0) + 1, "key": ids.new()} | other
    return actions.be_here(site, until=until, by=by, at=at, **told)


def leaves(by, *, at, **other) -> Stay:
    return actions.leave(**{"seen": queries.last_stay(by).seq + 1, "key": ids.new()} | other, by=by, at=at)


def planned(site, person, by, hours=(NOW + HOUR, NOW + 9 * HOUR), **other) -> Planned:
    day = NOW.date()
    seen = Planned.objects.filter(site=site, day=day).count()
    told = {"seen": seen, "at": NOW, "key": ids.new()} | other
    return actions.plan(site, person, told.pop("day", day), hours=hours, by=by, **told)


def names(site, at) -> list[str]:
    return [one.person.login for one in queries.on_site(site, at)]


def test_who_is_there_until_when_and_in_which_room(site, lee) -> None:
    key, room = ids.new(), site.rooms.get()
    first = here(site, lee, room=room, key=key)
    assert actions.be_here(site, room=room, until=NOW + 8 * HOUR, seen=1, by=lee, at=NOW, key=key) == first
    (one,) = queries.on_site(site, NOW + HOUR)
    assert (one.person, one.room, one.until, one.roles) == (lee, "Room 1", NOW + 8 * HOUR, {Role.NURSE})
    here(site, lee, at=NOW + HOUR, until=NOW + 2 * HOUR)
    assert names(site, NOW + 1.5 * HOUR) == ["lee"]
    assert names(site, NOW + 0.5 * HOUR) == ["lee"], "what was said then still holds for then"
    leaves(lee, at=NOW + 1.6 * HOUR)
    assert names(site, NOW + 1.7 * HOUR) == []
    with pytest.raises(Conflict, match="left already"):
        leaves(lee, at=NOW + 1.8 * HOUR)


def test_whoever_did_not_say_that_they_left_is_not_certainly_there(site, lee) -> None:
    here(site, lee, until=NOW + HOUR)
    assert names(site, NOW + HOUR) == []
    assert [one.overdue for one in queries.said_here(site, NOW + HOUR)] == [True]
    assert queries.said_here(site, NOW + timedelta(days=1)) == []


def test_one_person_is_at_one_place(site, harbour, lee) -> None:
    grants.grant_role(lee, Role.NURSE, site=harbour, by=None, at=NOW)
    here(site, lee)
    here(harbour, lee, at=NOW + HOUR)
    assert (names(site, NOW + HOUR), names(harbour, NOW + HOUR)) == ([], ["lee"])


def test_whose_roles_are_over_is_not_there(site, lee) -> None:
    here(site, lee)
    grants.disable(lee, by=None, at=NOW + HOUR)
    assert names(site, NOW + 2 * HOUR) == []


@pytest.mark.parametrize(("until", "says"), [(NOW, "next 16 hours"), (NOW + 17 * HOUR, "next 16 hours")])
def test_until_is_a_time_of_this_day(site, lee, until, says) -> None:
    with pytest.raises(Refused, match=says):
        here(site, lee, until=until)


def test_what_is_not_possible_is_refused(site, harbour, lee, doctor, person) -> None:
    with pytest.raises(Forbidden):
        here(harbour, lee)
    with pytest.raises(Refused, match="not at this site"):
        here(site, lee, room=Room.objects.get(site=harbour))
    here(site, lee)
    with pytest.raises(Conflict, match="meanwhile"):
        here(site, lee, seen=1)
    with pytest.raises(Forbidden):
        planned(site, lee, lee)
    with pytest.raises(Refused, match="no role at this site"):
        planned(site, person("hana", Role.NURSE, at_site=harbour), doctor)
    with pytest.raises(Refused, match="end after"):
        planned(site, lee, doctor, hours=(NOW + HOUR, NOW))
    with pytest.raises(Refused, match="is over"):
        planned(site, lee, doctor, day=NOW.date() - timedelta(days=1))
    planned(site, lee, doctor)
    with pytest.raises(Conflict, match="meanwhile"):
        planned(site, lee, doctor, seen=0)


def test_a_plan_is_changed_by_a_new_row_and_nothing_is_overwritten(site, lee, doctor) -> None:
    planned(site, lee, doctor)
    planned(site, lee, doctor, hours=(NOW + 2 * HOUR, NOW + 3 * HOUR))
    assert [(one.begins, one.ends) for one in queries.planned(site, NOW.date(), at=NOW)] == [
        (NOW + 2 * HOUR, NOW + 3 * HOUR)
    ]
    planned(site, lee, doctor, hours=None)
    assert queries.planned(site, NOW.date(), at=NOW) == []
    assert Planned.objects.count() == 3
    here(site, lee)
    for model in (Planned, Stay):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(created=NOW)


# --- no treatment without a prescriber


@pytest.fixture
def treatment(site, patient, desk, chair):
    """Today from eleven to one."""
    return booked(patient, chair, desk, starts=NOW + 2 * HOUR, minutes=120, at=NOW)


def test_when_the_only_prescriber_leaves_it_is_said_and_becomes_a_task(site, treatment, doctor, lee) -> None:
    here(site, doctor)
    here(site, lee)
    assert uncovered_now(site, NOW) == []
    leaves(lee, at=NOW + HOUR / 2)
    assert not Task.objects.filter(what="onsite.no_prescriber").exists()
    key = ids.new()
    for _ in range(2):
        actions.leave(seen=2, by=doctor, at=NOW + HOUR, key=key)
    assert [one.booking for one in uncovered_now(site, NOW + HOUR)] == [treatment]
    task = Task.objects.get(what="onsite.no_prescriber")
    assert (task.level, task.role, task.due) == ("today", Role.PRESCRIBER, NOW + 2 * HOUR)
    assert '"first": "11:00"' in task.values
    assert "Keller" not in task.values
    here(site, lee, at=NOW + 1.1 * HOUR)
    assert state(task).open, "a nurse is no prescriber"
    here(site, doctor, at=NOW + 1.2 * HOUR)
    assert state(task).closed.by == doctor


def test_leaving_earlier_than_said_is_the_same_and_while_somebody_is_there_it_cannot_wait(
    site,
    treatment,
    desk,
    doctor,
) -> None:
    here(site, doctor)
    happens(treatment, What.ARRIVED, desk, at=NOW + HOUR)
    here(site, doctor, at=NOW + 2 * HOUR, until=NOW + 3 * HOUR)
    assert Task.objects.get(what="onsite.no_prescriber").level == "now"
    here(site, doctor, at=NOW + 2.1 * HOUR, until=NOW + 2.5 * HOUR)
    assert Task.objects.filter(what="onsite.no_prescriber").count() == 1, "it was without one already"


def test_another_who_is_there_or_planned_covers_and_a_half_of_it_does_not(site, treatment, doctor, person) -> None:
    ines = person("ines", Role.PRESCRIBER)
    here(site, doctor)
    here(site, ines, until=NOW + 3 * HOUR)
    leaves(doctor, at=NOW + HOUR / 2)
    assert [one.booking for one in uncovered_now(site, NOW + HOUR)] == [treatment], "until noon is not until one"
    planned(site, doctor, ines, hours=(NOW + 3 * HOUR, NOW + 5 * HOUR))
    assert uncovered_now(site, NOW + HOUR) == []
    assert [one.booking for one in uncovered_now(site, NOW + 3.5 * HOUR)] == [treatment], "planned and not come"
    here(site, ines, at=NOW + 3.5 * HOUR, until=NOW + 4 * HOUR)
    assert uncovered_now(site, NOW + 3.5 * HOUR) == []


def test_no_prescriber_is_needed_for_an_assessment_or_what_is_over(site, patient, desk, chair) -> None:
    booked(patient, chair, desk, visit="assessment", starts=NOW + HOUR, minutes=30, at=NOW)
    over = booked(patient, chair, desk, starts=NOW + 2 * HOUR, minutes=30, at=NOW)
    assert [one.booking for one in uncovered_now(site, NOW)] == [over]
    happens(over, What.BY_PATIENT, desk, why="ill", at=NOW)
    assert uncovered_now(site, NOW) == []


# --- the pages


def posted(client, site, **told):
    return client.post("/onsite/", {"site": str(site.id), "key": str(ids.new())} | told, secure=True)


def page(client, address="/onsite/") -> str:
    return html.unescape(client.get(address, secure=True).content.decode())


def test_one_comes_and_leaves_by_hand_and_today_shows_it(site, noon, patient, desk, chair, doctor, lee) -> None:
    booked(patient, chair, desk, starts=noon + HOUR, minutes=60, at=noon)
    client = signed_in(doctor)
    assert "You have not said that you are here." in page(client)
    assert "Nobody who prescribes" in page(signed_in(lee), "/today/")
    room = site.rooms.get()
    told = {"do": "here", "seen": "1", "until": "23:00", "room": str(room.id)}
    assert posted(client, site, **told).status_code == 302
    assert posted(client, site, **told).status_code == 409
    assert "If you leave now" in page(client)
    shown = page(signed_in(lee), "/today/")
    assert "Okafor" in shown
    assert "until 23:00" in shown
    assert "Nobody who prescribes" not in shown
    assert posted(client, site, do="leave", seen="2").status_code == 302
    assert Task.objects.filter(what="onsite.no_prescriber").count() == 1
    assert posted(client, site, do="here", seen="3", until="late").status_code == 422
    assert posted(client, site, do="here", seen="", until="23:00").status_code == 400


def test_the_day_is_planned_by_whoever_keeps_the_rota(site, noon, doctor, lee, desk) -> None:
    client = signed_in(doctor)
    told = {"do": "plan", "person": str(lee.pk), "begins": "00:30", "ends": "23:30", "seen": "0"}
    assert posted(client, site, **told).status_code == 422, "more than a person can do"
    assert posted(client, site, **told | {"begins": "11:00", "ends": "23:00"}).status_code == 302
    assert "11:00 – 23:00" in page(signed_in(lee))
    assert "has not said that they are here" in page(signed_in(desk), "/today/")
    assert "Lee" in page(signed_in(desk), "/calendar/")
    assert 'value="23:00"' in page(signed_in(lee)), "the plan is proposed"
    assert posted(signed_in(lee), site, **told | {"begins": "11:00", "ends": "12:00", "seen": "1"}).status_code == 403
    assert posted(client, site, do="unplan", person=str(lee.pk), seen="1").status_code == 302
    assert "Nobody is planned" in page(signed_in(lee))


def test_another_site_sees_nothing_of_it_and_cannot_be_chosen(site, harbour, lee, person) -> None:
    now = datetime.now(UTC)
    here(site, lee, at=now, until=now + HOUR)
    hana = signed_in(person("hana", Role.NURSE, at_site=harbour))
    shown = page(hana, f"/onsite/?site={site.id}")
    assert "Lee" not in shown
    assert "Main Street" not in shown
    assert posted(hana, site, do="here", seen="1", until="23:00").status_code == 422
    assert Stay.objects.filter(person__login="hana").count() == 0


def test_the_pages_ask_as_little_for_many_as_for_one(
    site,
    noon,
    doctor,
    desk,
    chair,
    person,
    django_assert_max_num_queries,
) -> None:
    for n in range(4):
        nurse = person(f"nurse{n}", Role.NURSE)
        here(site, nurse, at=noon, until=noon + HOUR)
        booked(other(site, doctor, n + 3), chair, desk, starts=noon + (n + 1) * HOUR, minutes=30, at=noon)
    for client, address in (
        (signed_in(desk), "/today/"),
        (signed_in(doctor), "/onsite/"),
        (signed_in(desk), "/calendar/"),
    ):
        client.get(address, secure=True)
        with django_assert_max_num_queries(15):
            client.get(address, secure=True)
