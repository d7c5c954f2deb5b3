"""Are two treatments nearer together than planned tentative, until one is moved or a prescriber writes why?"""

from __future__ import annotations

import html
import json
from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.courses import actions, asks, gates, near, queries
from daybreak.web.courses.models import NearReason, What, Why
from daybreak.web.courses.state import standing
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Forbidden
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import START, begun, booked, happens, missing
from tests.web.screening.samples import SOON

DAY = timedelta(days=1)


def test_the_one_that_was_booked_last_waits_until_one_is_moved(patient, doctor, desk, chair, decided) -> None:
    course = begun(patient, doctor)
    second = booked(patient, chair, desk, step=2, starts=NOW + 8 * DAY)  # a day early is no slip
    first = booked(patient, chair, desk, step=1, starts=NOW + 7 * DAY)
    assert ("near" in missing(second), "near" in missing(first)) == (False, True)
    (task,) = still_open(Task.objects.filter(source__startswith=f"booking {first.id} near"))
    assert (task.role, json.loads(task.values)["days"]) == (Role.PRESCRIBER, "3")
    page = f"/patients/{patient.id}/bookings/{first.id}/"
    shown = html.unescape(signed_in(desk).get(page, secure=True).content.decode())
    assert f"Treatments on {START + DAY} and {START + 2 * DAY}: the plan has at least 3 days between" in shown
    moves = {"chair": chair, "minutes": 150, "by": desk, "at": SOON}
    actions.move(first, starts=NOW + 8 * DAY + timedelta(hours=4), seen=2, key=ids.new(), **moves)
    assert {"near", "same_day"} & set(missing(first)) == {"same_day"}
    actions.move(first, starts=NOW + 9 * DAY, seen=3, key=ids.new(), **moves)
    (task,) = still_open(Task.objects.filter(source__startswith=f"booking {first.id} near"))
    assert json.loads(task.values)["second"] == f"{START + 3 * DAY}", "asked in the words of now"
    actions.move(first, starts=NOW + 6 * DAY, seen=4, key=ids.new(), **moves)
    assert not {"near", "same_day"} & set(missing(first)), "two days apart, beside the plan's three by one"
    assert asks.settle(at=SOON) == 2
    happens(first, What.ARRIVED, desk)
    assert queries.slipped(course, queries.of(patient), at=NOW + 6 * DAY) == {}


def test_who_pressed_first_and_was_written_last_waits(patient, doctor, desk, chair, decided) -> None:
    begun(patient, doctor)
    held = booked(patient, chair, desk, step=1, at=SOON + timedelta(seconds=1))
    kept_waiting = booked(patient, chair, desk, step=2, starts=NOW + 6 * DAY + timedelta(hours=4), at=SOON)
    assert ("same_day" in missing(held), "same_day" in missing(kept_waiting)) == (False, True)
    assert still_open(Task.objects.filter(source__startswith=f"booking {kept_waiting.id} same_day")).exists()


def test_a_prescriber_writes_why_and_it_speaks_of_these_days(
    patient, doctor, desk, chair, decided, person, django_assert_max_num_queries
) -> None:
    begun(patient, doctor)
    first = booked(patient, chair, desk, step=1)
    twice = booked(patient, chair, desk, step=2, starts=NOW + 6 * DAY + timedelta(hours=4))
    assert "same_day" in missing(twice)
    client, page = signed_in(doctor), f"/patients/{patient.id}/course/"
    with django_assert_max_num_queries(18):
        assert client.get(f"/calendar/?day={START}", secure=True).content.decode().count("Two treatments on one") == 1
    shown = client.get(page, secure=True).content.decode()
    assert f"Two treatments on one day, {START}" in html.unescape(shown)
    zh = client.get(page, secure=True, headers={"Accept-Language": "zh-Hans"}).content.decode()
    assert f"同一天（{START}）有两次治疗" in zh
    sent = {"do": "near", "booking": twice.id, "other": first.id, "near_why": "half a dose was lost", "seen": "0"}
    assert client.post(page, sent | {"seen": "1", "key": ids.new()}, secure=True).status_code == 409
    assert client.post(page, sent | {"near_why": "", "key": ids.new()}, secure=True).status_code == 422
    assert client.post(page, sent | {"other": ids.new(), "key": ids.new()}, secure=True).status_code == 404
    with pytest.raises(Forbidden):
        near.go_on(twice, first, "x", seen="0", by=desk, at=SOON, key=ids.new())
    assert "near_why" not in signed_in(person("lee", Role.NURSE)).get(page, secure=True).content.decode()
    sent["key"] = ids.new()
    for _ in range(2):
        assert client.post(page, sent, secure=True).status_code == 302
    assert NearReason.objects.get().days == 0
    assert "same_day" not in missing(twice)
    assert "half a dose was lost" in client.get(page, secure=True).content.decode()
    third = booked(patient, chair, desk, step=3, starts=NOW + 7 * DAY)
    assert "near" in missing(third), "the reason was not about this one"


def test_what_took_place_comes_first_and_what_did_not_is_nothing(patient, doctor, desk, chair, decided) -> None:
    course = begun(patient, doctor)
    second = booked(patient, chair, desk, step=2, starts=NOW + 9 * DAY)
    extra = booked(patient, chair, desk, starts=NOW + 8 * DAY)
    assert ("near" in missing(second), "near" in missing(extra)) == (False, True)
    happens(extra, What.ARRIVED, desk)
    later = standing(extra).ends
    assert "near" in [one.id for one in gates.missing([standing(second)], at=later)[second.id]]
    assert asks.anew(at=later) > 0
    happens(extra, What.LEFT, desk)
    happens(extra, What.BACK, desk, at=later)
    happens(extra, What.BY_CLINIC, desk, why=Why.GATE, at=later)
    assert "near" not in [one.id for one in gates.missing([standing(second)], at=later)[second.id]]
    found = queries.slipped(course, queries.of(patient), at=NOW + 20 * DAY)
    assert found[1].done is None, "a visit for no step is none of the plan"


def test_a_visit_that_nobody_came_to_shifts_nothing_after_it(patient, doctor, desk, chair, decided) -> None:
    course = begun(patient, doctor)
    for step, day in ((1, 6), (3, 13)):
        happens(booked(patient, chair, desk, step=step, starts=NOW + day * DAY), What.ARRIVED, desk)
    found = queries.slipped(course, queries.of(patient), at=NOW + 13 * DAY)
    assert [(n, one.left_out) for n, one in found.items()] == [(2, True)]
    shown = signed_in(doctor).get(f"/patients/{patient.id}/course/", secure=True).content.decode()
    assert "left out" in shown
    assert "before its planned day" not in shown
