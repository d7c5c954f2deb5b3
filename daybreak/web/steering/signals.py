"""Does the newest rating of somebody in treatment show that what was gained is going, and who is told?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from daybreak.clinical.records import Chart
from daybreak.web import ids, zones
from daybreak.web.assessments.results import results
from daybreak.web.audit import trail
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import Course
from daybreak.web.forms.models import Ending
from daybreak.web.locks import locked
from daybreak.web.patients import records
from daybreak.web.patients.kinds import Kind as RecordKind
from daybreak.web.patients.models import Entry, Patient
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.steering import states, treated
from daybreak.web.steering.models import Signal
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level

SOURCE = "judgement "
JUST_NOW = timedelta(minutes=5)  # longer than from one look of the clock to the next


def shown(course: Course, days: Sequence[date], chart: Chart, *, at: datetime) -> list[states.Course]:
    """What each scale shows of a course with these days of treatment; those that say nothing of it left out."""
    found = results(course.patient, chart).by_scale
    today = zones.day(at, course.site.zone)
    each = (states.course(scale, rows, treated=days, today=today) for scale, rows in found.items())
    return [one for one in each if one is not None]


def look(*, at: datetime) -> int:
    """Of every open course; how many signals were written. The clock looks."""
    return sum(of_course(one, at=at) for one in list(_open()))


def look_at_new(*, at: datetime) -> int:
    """The same, of those about whom something was answered or written just now."""
    since = at - JUST_NOW
    answered = Ending.objects.filter(created__gte=since).values("sitting__patient")
    written = Entry.objects.filter(created__gte=since, kind=RecordKind.OBSERVATION).values("patient")
    return sum(of_course(one, at=at) for one in _open().filter(Q(patient__in=answered) | Q(patient__in=written)))


def _open() -> QuerySet[Course]:
    return Course.objects.filter(end__isnull=True).select_related("patient", "site").order_by("id")


def of_course(course: Course, *, at: datetime) -> int:
    """One of each scale for the rating that shows it; a prescriber is asked, and the next dose waits for the answer."""
    begun = treated.newest([course], courses.of(course.patient))
    if begun is None:
        return 0
    calling = [one for one in shown(course, begun[1], records.chart(course.patient), at=at) if one.calls]
    return sum(_write(course, one, at=at) for one in calling)


@transaction.atomic
def _write(course: Course, one: states.Course, *, at: datetime) -> int:
    patient = locked(Patient, pk=course.patient_id)
    day = one.found[-1].day
    if Signal.objects.filter(course=course, scale=one.scale, day=day).exists():
        return 0
    row = Signal(
        id=ids.new(), organisation_id=course.organisation_id, created=at, course=course, scale=one.scale, day=day
    )
    row.save(force_insert=True)
    about = {"subject": patient.id, "site": course.site_id}
    trail.wrote(row, action="response_going", who=None, at=at, via="clock", **about)
    until = zones.day(at, course.site.zone) + timedelta(days=one.review.days)
    tasks.make(
        source=f"{SOURCE}{course.pk} signal {row.pk}",
        kind=Kind.REVIEW,
        what="steering.task_signal",
        site=course.site,
        patient=course.patient,
        level=Level.BY,
        due=due.end_of(until, course.site.zone),
        permission=Permission.PLAN_COURSES,
        role=Role.PRESCRIBER,
        where=f"/patients/{course.patient_id}/judgement/",
        by=None,
        at=at,
        via="clock",
    )
    return 1
