"""When the plan of a day loses the prescriber of booked treatments, is somebody asked in time, and until there is one?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.courses import actions as courses
from daybreak.web.onsite import lacking
from daybreak.web.people.roles import Role
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from tests.web.conftest import NOW
from tests.web.courses.test_courses import booked, happens
from tests.web.onsite.test_onsite import HOUR, here, lee, planned

__all__ = ["lee"]
DAY = NOW.date() + timedelta(days=6)
STARTS = NOW + timedelta(days=6, hours=2)  # 11:00
HOURS = (STARTS - HOUR, STARTS + 4 * HOUR)


@pytest.fixture
def treatment(site, patient, desk, chair, doctor):
    """In six days, with a prescriber planned for that day."""
    row = booked(patient, chair, desk, starts=STARTS, minutes=120, at=NOW)
    planned(site, doctor, doctor, day=DAY, hours=HOURS, seen=0)
    return row


def asked() -> list[Task]:
    return list(Task.objects.filter(what__startswith="onsite.no_prescriber").order_by("id"))


def test_taking_the_prescriber_out_of_a_day_asks_for_another_until_one_is_planned(
    site, treatment, doctor, lee, person
) -> None:
    assert asked() == [], "a day that nobody has planned yet asks nobody"
    planned(site, lee, doctor, day=DAY, hours=HOURS, seen=1)
    planned(site, lee, doctor, day=DAY, hours=None, seen=2)
    assert asked() == [], "a nurse is no prescriber"
    key = ids.new()
    for _ in range(2):
        planned(site, doctor, doctor, day=DAY, hours=None, seen=3, key=key)
    (task,) = asked()
    assert (task.level, task.role, task.due) == ("by", Role.PRESCRIBER, STARTS - timedelta(days=2))
    assert task.where == f"/onsite/?site={site.id}&day={DAY}"
    assert '"n": "1", "first": "11:00"' in task.values
    ines = person("ines", Role.PRESCRIBER)
    planned(site, ines, doctor, day=DAY, hours=(STARTS, STARTS + HOUR), seen=4)
    assert state(task).open, "half of it is not covered"
    lacking.settle(at=NOW)
    assert state(task).open
    planned(site, ines, doctor, day=DAY, hours=HOURS, seen=5)
    assert (state(task).closed.by, state(task).closed.result) == (doctor, "done")


def test_shorter_hours_are_the_same_and_a_visit_that_moves_away_ends_it(site, treatment, doctor, desk, chair) -> None:
    planned(site, doctor, doctor, day=DAY, hours=(STARTS, STARTS + HOUR), seen=1)
    planned(site, doctor, doctor, day=DAY, hours=(STARTS, STARTS + HOUR / 2), seen=2)
    (task,) = asked()
    assert lacking.settle(at=NOW) == 0
    courses.move(
        treatment, chair=chair, starts=STARTS - timedelta(days=1), minutes=60, seen=2, by=desk, at=NOW, key=ids.new()
    )
    assert [lacking.settle(at=NOW) for _ in range(2)] == [1, 0]
    assert (state(task).closed.by, state(task).closed.result) == (None, "not_needed")


def test_of_today_it_is_a_task_of_today_and_of_now_when_somebody_is_here(
    site, patient, desk, chair, doctor, person
) -> None:
    row = booked(patient, chair, desk, starts=NOW + 2 * HOUR, minutes=60, at=NOW)
    planned(site, doctor, doctor)
    planned(site, doctor, doctor, hours=None)
    (task,) = asked()
    assert (task.what, task.level, task.due) == ("onsite.no_prescriber", "today", NOW + 2 * HOUR)
    here(site, person("ines", Role.PRESCRIBER))
    assert state(task).closed.result == "done"
    happens(row, "arrived", desk, at=NOW + HOUR)
    here(site, person("omar", Role.PRESCRIBER), at=NOW + HOUR, until=NOW + 2.5 * HOUR)
    assert len(asked()) == 1
