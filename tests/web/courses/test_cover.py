"""When whoever a course is under prescribes at its site no longer, is somebody named asked to take it over, until they have?"""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.courses import cover, plans
from daybreak.web.courses.models import Course, Taken
from daybreak.web.onsite import lacking
from daybreak.web.outbox.models import Message
from daybreak.web.people import actions as people
from daybreak.web.people import grants
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from daybreak.web.words import word
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import begun, booked
from tests.web.onsite.test_onsite import planned
from tests.web.screening.samples import SOON

MINUTE = timedelta(minutes=1)


@pytest.fixture
def course(patient, doctor, decided) -> Course:
    return begun(patient, doctor)


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


def asked() -> list[Task]:
    return list(Task.objects.filter(what="courses.task_take_over").order_by("id"))


def fresh(course) -> Course:
    return Course.objects.get(pk=course.pk)


def test_a_named_prescriber_is_asked_once_and_taking_it_over_is_the_answer(
    site, patient, course, doctor, ines, desk, chair
) -> None:
    visit = booked(patient, chair, desk, step=1)
    assert cover.look(at=SOON) == 0
    grants.disable(doctor, by=None, at=SOON)
    assert [cover.look(at=SOON + MINUTE) for _ in range(2)] == [1, 0]
    (task,) = asked()
    assert (task.owner, task.role, task.patient, task.level) == (ines, Role.PRESCRIBER, patient, "by")
    assert task.due == visit.events.get().starts - timedelta(days=2)
    assert json.loads(task.values) == {"name": doctor.display_name, "n": "1"}
    assert Message.objects.filter(person=ines).count() == 1
    assert not Task.objects.filter(what="courses.task_nobody_prescribes").exists()
    client, where = signed_in(ines), f"/patients/{patient.id}/course/"
    for language in ("en", "zh-hans"):
        shown = html.unescape(client.get(where, secure=True, headers={"accept-language": language}).content.decode())
        assert word("courses.take_over_explained", language, name=doctor.display_name) in shown
    told = {"do": "take_over", "course": str(course.id), "seen": str(doctor.id), "key": str(ids.new())}
    assert client.post(where, told | {"seen": "x"}, secure=True).status_code == 422
    for _ in range(2):
        assert client.post(where, told, secure=True)["Location"] == where
    assert (Taken.objects.count(), cover.prescriber(fresh(course))) == (1, ines)
    assert (state(task).closed.by, state(task).closed.result) == (ines, "done")
    assert cover.look(at=SOON + 2 * MINUTE) == 0
    shown = html.unescape(client.get(where, secure=True).content.decode())
    assert word("courses.taken_by", "en", name=ines.display_name) in shown
    assert f". {word('courses.taken_by', 'en', name=ines.display_name)}" in shown, "two sentences"
    regions = re.findall(r'(?:role="region"|<section[^>]*) aria-label(?:ledby)?="([^"]*)"', shown)
    assert len(regions) == len(set(regions)) > 2
    assert word("courses.take_over", "en") not in shown


def test_who_may_take_it_over_and_from_whom(course, doctor, ines, person) -> None:
    told = {"by": ines, "at": SOON}
    with pytest.raises(Forbidden):
        plans.take_over(course, seen=doctor.id, by=person("lee", Role.NURSE), at=SOON, key=ids.new())
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    hana = person("hana", Role.PRESCRIBER, at_site=harbour)
    with pytest.raises(Forbidden):
        plans.take_over(course, seen=doctor.id, by=hana, at=SOON, key=ids.new())
    with pytest.raises(Refused, match="under your name already"):
        plans.take_over(course, seen=doctor.id, by=doctor, at=SOON, key=ids.new())
    plans.take_over(course, seen=doctor.id, key=ids.new(), **told)
    with pytest.raises(Conflict):
        plans.take_over(course, seen=doctor.id, by=doctor, at=SOON, key=ids.new())
    plans.end(fresh(course), "completed", text="", key=ids.new(), **told)
    with pytest.raises(Conflict, match="over already"):
        plans.take_over(course, seen=ines.id, by=doctor, at=SOON, key=ids.new())


def test_done_without_a_name_is_asked_again_and_a_role_given_back_ends_it(course, doctor, ines) -> None:
    grants.disable(doctor, by=None, at=SOON)
    cover.look(at=SOON)
    tasks.close(asked()[0], result="done", text="", by=ines, at=SOON, key=ids.new())
    assert cover.look(at=SOON + MINUTE) == 1
    grants.give(doctor, Role.PRESCRIBER, course.site, by=None, at=SOON + 2 * MINUTE)
    assert cover.look(at=SOON + 3 * MINUTE) == 0
    assert [state(one).closed.result for one in asked()] == ["done", "not_needed"]


def test_where_nobody_prescribes_any_more_whoever_gives_roles_is_told_once(course, doctor, person) -> None:
    person("ada", Role.ADMINISTRATOR)
    grants.disable(doctor, by=None, at=SOON)
    for _ in range(2):
        cover.look(at=SOON + MINUTE)
    (task,) = asked()
    assert (task.owner, task.role) == (None, Role.PRESCRIBER)
    (bare,) = Task.objects.filter(what="courses.task_nobody_prescribes")
    assert (bare.role, bare.patient, json.loads(bare.values)) == (Role.ADMINISTRATOR, None, {"n": "1"})
    person("ines", Role.PRESCRIBER, at=SOON + 2 * MINUTE)
    cover.look(at=SOON + 3 * MINUTE)
    assert (state(bare).open, state(task).open) == (False, True)


def test_the_days_for_which_they_were_planned_ask_too(site, patient, doctor, ines, desk, chair) -> None:
    starts = NOW + timedelta(days=6, hours=2)
    booked(patient, chair, desk, starts=starts, minutes=60, at=NOW)
    hours = (starts - timedelta(hours=1), starts + timedelta(hours=2))
    planned(site, doctor, doctor, day=starts.date(), hours=hours, seen=0)
    assert lacking.look(at=SOON) == 0
    grants.disable(doctor, by=None, at=SOON)
    for _ in range(2):
        lacking.look(at=SOON + MINUTE)
    (task,) = Task.objects.filter(what="onsite.no_prescriber_on")
    planned(site, ines, ines, day=starts.date(), hours=hours, seen=1)
    assert state(task).closed.result == "done"
    lacking.look(at=SOON + 2 * MINUTE)
    assert Task.objects.filter(what="onsite.no_prescriber_on").count() == 1


def test_looking_asks_as_little_for_many_courses(course, doctor, ines, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(6):
        assert cover.look(at=SOON) == 0
