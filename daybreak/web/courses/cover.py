"""Which open courses are under somebody who prescribes at their site no longer, and who is asked to take them over?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from daybreak.knowledge.schedules import days
from daybreak.web.courses.models import Booking, Course, Taken
from daybreak.web.courses.state import Standing, standing
from daybreak.web.locks import locked
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.letters import WAITS
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import MAY, Permission, may, where_they_may
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.tasks.queries import still_open
from daybreak.web.tasks.state import state

TAKEN = Prefetch("taken", Taken.objects.select_related("by"))
SOURCE, NOBODY = "course cover ", "courses without a prescriber "


def prescriber(course: Course) -> Person:
    """Under whose name the course is now."""
    taken = sorted(course.taken.all(), key=lambda one: (one.created, one.pk))
    return taken[-1].by if taken else course.by


def look(*, at: datetime) -> int:
    """Ask somebody named for each such course, and end what is asked no longer; how many were asked. The clock looks."""
    courses = list(_open().select_related("site", "by").prefetch_related(TAKEN).order_by("id"))
    prescribes = where_they_may({prescriber(one) for one in courses}, Permission.PLAN_COURSES, at=at)
    lost = {one.pk: one for one in courses if (prescriber(one).pk, one.site_id) not in prescribes}
    for task in still_open(Task.objects.filter(source__startswith=SOURCE)):
        if UUID(task.source.split(" ")[2]) not in lost:
            tasks.done(source=task.source, by=None, at=at, result=tasks.NOT_NEEDED)
    _nobody(lost.values(), at=at)
    return sum(_ask(one.pk, one.patient_id, at=at) for one in lost.values())


def taken_over(course: Course, *, by: Person, at: datetime) -> None:
    """What was asked is done, in the transaction of whoever takes it over."""
    for task in still_open(Task.objects.filter(source__startswith=f"{SOURCE}{course.pk} ")):
        tasks.done(source=task.source, by=by, at=at)


def _open() -> QuerySet[Course]:
    return Course.objects.filter(end__isnull=True)


@transaction.atomic
def _ask(course_id: UUID, patient_id: UUID, *, at: datetime) -> int:
    """Once for each prescriber who was lost; again when the task was called done and nobody took the course over."""
    locked(Patient, pk=patient_id)
    course = _open().select_related("site", "by", "patient").prefetch_related(TAKEN).filter(pk=course_id).first()
    if course is None:
        return 0
    was = prescriber(course)
    if may(was, Permission.PLAN_COURSES, at=at, site_id=course.site_id):
        return 0
    source = f"{SOURCE}{course.pk} {was.pk} "
    before = list(Task.objects.filter(source__startswith=source).order_by("id"))
    if before:
        closed = state(before[-1]).closed
        if closed is None or (closed.result == tasks.NOT_NEEDED and closed.by_id is not None):
            return 0
    ahead = _ahead(course, at=at)
    starts = ahead[0].starts if ahead else None
    named = _longest_there(course.site, at=at)
    task = tasks.make(
        source=f"{source}{len(before) + 1}",
        kind=Kind.OTHER,
        what="courses.task_take_over",
        values={"name": was.display_name, "n": str(len(ahead))},
        site=course.site,
        patient=course.patient,
        level=Level.BY,
        due=due.before(starts, lead=timedelta(days=days("tentative")), at=at)
        if starts
        else due.today(course.site.zone, at),
        permission=Permission.PLAN_COURSES,
        role=Role.PRESCRIBER,
        owner=named,
        where=f"/patients/{course.patient_id}/course/",
        by=None,
        at=at,
        via="clock",
    )
    if named is not None:
        outbox.post(named, WAITS, about=task.id, at=at, organisation_id=task.organisation_id)
    return 1


def _ahead(course: Course, *, at: datetime) -> list[Standing]:
    found = Booking.objects.filter(course=course).prefetch_related("events__chair")
    every = [standing(one, one.events.all()) for one in found]
    return sorted((one for one in every if not one.over and one.starts > at), key=lambda one: one.starts)


def _longest_there(site: Site, *, at: datetime) -> Person | None:
    held = [one for one in all_in_force(at=at) if one.site_id == site.pk and one.role == Role.PRESCRIBER]
    first = min(held, key=lambda one: (one.starts, one.pk), default=None)
    return first.person if first else None


def _nobody(lost: Collection[Course], *, at: datetime) -> None:
    """Where nobody is left who could be asked, whoever gives roles is: of how many courses, of nobody's record."""
    waiting = {one.site_id: one for one in still_open(Task.objects.filter(source__startswith=NOBODY))}
    there = {one.site_id for one in all_in_force(at=at) if Permission.PLAN_COURSES in MAY[Role(one.role)]}
    bare = {one.site_id: one.site for one in lost if one.site_id not in there}
    for site_id, task in waiting.items():
        if site_id not in bare:
            tasks.done(source=task.source, by=None, at=at, result=tasks.NOT_NEEDED)
    for site in (one for id, one in bare.items() if id not in waiting):
        before = Task.objects.filter(source__startswith=f"{NOBODY}{site.pk} ").count()
        tasks.make(
            source=f"{NOBODY}{site.pk} {before + 1}",
            kind=Kind.OTHER,
            what="courses.task_nobody_prescribes",
            values={"n": str(sum(one.site_id == site.pk for one in lost))},
            site=site,
            level=Level.TODAY,
            due=due.today(site.zone, at),
            permission=Permission.MANAGE_PEOPLE,
            role=Role.ADMINISTRATOR,
            where="/clinic/people/",
            by=None,
            at=at,
            via="clock",
        )
