"""Does the board of today say who is here, who should be, what is missing, and which chair is free next?"""

from __future__ import annotations

import html
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from daybreak.web.audit.models import Entry
from daybreak.web.courses import chairs, queries
from daybreak.web.courses.board import HOUR, SLOT, board
from daybreak.web.courses.models import What, Why
from daybreak.web.people import actions as people
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.presence.models import Session
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import booked, happens
from tests.web.patients.samples import registered

MORNING = NOW + timedelta(days=6)  # 09:00
UTC_ZONE = ZoneInfo("UTC")


def day(site, at=MORNING, zone=UTC_ZONE):
    return board(queries.chairs([site.id]), queries.on(site, at.date()), zone=zone, at=at)


def other(site, doctor, n: int = 2, **told):
    return registered(site, doctor, number=f"B{n}", family_name=f"Other{n}", **told)


def today(person, **about) -> str:
    return html.unescape(signed_in(person, **about).get("/today/", secure=True).content.decode())


def test_a_line_covers_the_day_without_holes_or_overlaps(site, patient, doctor, desk, chair) -> None:
    booked(patient, chair, desk, starts=MORNING + timedelta(minutes=7), minutes=30)
    booked(other(site, doctor), chair, desk, starts=MORNING + timedelta(minutes=37), minutes=20)
    booked(other(site, doctor, 3), chair, desk, starts=MORNING + 9 * HOUR, minutes=50)
    now = day(site)
    (line,) = now.lines
    assert now.hours[0] == MORNING
    assert now.hours[-1] == MORNING + 9 * HOUR
    assert [(cell.slots, cell.visit is None) for cell in line.cells] == [(3, False), (1, False), (32, True), (4, False)]
    assert sum(cell.slots for cell in line.cells) == len(now.hours) * (HOUR // SLOT)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
def test_hours_are_those_of_the_site(site, patient, desk, chair, zone) -> None:
    booked(patient, chair, desk)
    first = day(site, zone=ZoneInfo(zone)).hours[0].astimezone(ZoneInfo(zone))
    assert (first.minute, first <= MORNING) == (0, True)


def test_next_free_time(site, patient, doctor, desk, chair) -> None:
    first = booked(patient, chair, desk, minutes=60)
    booked(other(site, doctor), chair, desk, starts=MORNING + HOUR, minutes=60)

    def free(at):
        (line,) = day(site, at=at).lines
        return line.free_from, line.free_until

    assert free(MORNING - HOUR) == (MORNING - HOUR, MORNING)
    assert free(MORNING) == (MORNING + 2 * HOUR, None)
    happens(first, What.ARRIVED, desk)
    assert free(MORNING + 1.5 * HOUR) == (None, None), "somebody still sits there"
    happens(first, What.LEFT, desk, at=MORNING + HOUR)
    assert free(MORNING + HOUR / 2) == (MORNING + HOUR / 2, MORNING + HOUR)


def test_a_freed_chair_is_free_and_names_who_freed_it(site, patient, doctor, desk, chair) -> None:
    gone = booked(patient, chair, desk, minutes=60)
    happens(gone, What.NO_SHOW, desk, why=Why.NOT_SAID)
    (line,) = day(site, at=MORNING + HOUR / 2).lines
    assert [[one.booking for one in cell.freed] for cell in line.cells] == [[gone]]
    booked(other(site, doctor), chair, desk, minutes=60, at=MORNING - HOUR)
    (line,) = day(site).lines
    assert [cell.freed for cell in line.cells] == [(), ()]


def test_a_chair_that_is_gone_stays_on_the_day_on_which_somebody_sat_there(site, patient, desk, chair, person) -> None:
    booked(patient, chair, desk)
    happens(queries.of(patient)[0].booking, What.ARRIVED, desk)
    happens(queries.of(patient)[0].booking, What.LEFT, desk)
    chairs.close(chair, by=person("ida", Role.ADMINISTRATOR), at=MORNING + 9 * HOUR)
    assert [line.chair for line in day(site).lines] == [chair]


def test_the_page_says_how_everybody_stands(site, noon, patient, doctor, desk, chair, person) -> None:
    lee = person("lee", Role.NURSE)
    before = {"at": noon - 9 * HOUR, "minutes": 60}
    due = booked(patient, chair, desk, starts=noon - HOUR / 2, **before)
    page = today(lee)
    assert "not here yet: 1" in page
    assert "Keller Anna" in page
    assert "A signed decision to treat" in page
    assert "free from" in page
    happens(due, What.ARRIVED, desk, at=noon)
    page = today(desk)
    assert "here: 1" in page
    assert "A signed decision to treat" in page, "what is missing still is when the patient is there"
    happens(due, What.LEFT, desk, at=noon)
    late = booked(other(site, doctor), chair, desk, starts=noon + HOUR, at=noon, minutes=30)
    happens(late, What.LATE, desk, why=Why.RIDE, at=noon)
    page = today(lee)
    assert "will be late" in page
    assert "left: 1" in page
    assert f'href="/patients/{late.patient_id}/bookings/{late.id}/"' in page
    assert Entry.objects.filter(action="read", object_type="today", site=site.id).count() == 3


def test_it_is_read_in_chinese(site, noon, patient, desk, chair) -> None:
    booked(patient, chair, desk, starts=noon + HOUR, at=noon)
    client = signed_in(desk)
    client.post("/language/", {"language": "zh-hans", "next": "/"}, secure=True)
    page = client.get("/today/", secure=True).content.decode()
    assert "稍后到达：1" in page
    assert "暂定" in page


def test_another_site_and_another_role_see_nothing_of_it(site, noon, patient, desk, chair, person) -> None:
    booked(patient, chair, desk, starts=noon + HOUR, at=noon)
    people.found(organisation="Dawn", site="Harbour", rooms=["R"], at=NOW)
    hana = person("hana", Role.NURSE, at_site=Site.objects.get(name="Harbour"))
    page = signed_in(hana).get(f"/today/?site={site.id}", secure=True).content.decode()
    assert "Keller" not in page
    assert "Main Street" not in page
    assert signed_in(person("ada2", Role.ADMINISTRATOR)).get("/today/", secure=True).status_code == 403


def test_it_asks_as_little_for_many_as_for_one(
    site, noon, patient, doctor, desk, chair, django_assert_max_num_queries
) -> None:
    for n in range(3, 11):
        booked(other(site, doctor, n), chair, desk, starts=noon + n * HOUR / 4, minutes=10, at=noon)
    client = signed_in(desk)
    client.get("/today/", secure=True)
    with django_assert_max_num_queries(15):
        page = client.get("/today/", secure=True).content.decode()
    assert page.count("<bdi>Other") == 8


def test_a_page_that_looks_by_itself_keeps_no_session_awake(site, desk) -> None:
    ago = time.time() - 300
    client = signed_in(desk, seen=ago)
    client.get("/today/", secure=True, headers={"daybreak-by-itself": "1"})
    assert Session.objects.get().seen.timestamp() == pytest.approx(ago, abs=1)
    client.get("/today/", secure=True)
    assert Session.objects.get().seen.timestamp() > ago + 200


def test_the_script_asks_for_the_part_that_is_there(site, desk, chair) -> None:
    page = today(desk)
    assert 'id="now"' in page
    assert 'data-every="60"' in page
