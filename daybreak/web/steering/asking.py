"""Who is asked to judge a course before the day on which the dose would wait for it, and who asks how it goes after its end?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from daybreak.clinical.followup.reviews import Due
from daybreak.web.courses import who
from daybreak.web.courses.models import Booking, Course, Visit
from daybreak.web.courses.state import standings
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach import followed
from daybreak.web.reach import queries as reach
from daybreak.web.reach.models import ENDS
from daybreak.web.steering import gate, signals
from daybreak.web.steering.models import Decision, Judgement
from daybreak.web.steering.treated import treated
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level, Task

AFTER = "after course "


def look(*, at: datetime) -> int:
    """Once for each judgement that is due soon, or now; how many were asked for. The clock looks."""
    courses = list(Course.objects.filter(end__isnull=True).select_related("site", "patient").order_by("id"))
    visits = standings(Booking.objects.filter(patient__in={one.patient_id for one in courses}, visit=Visit.TREATMENT))
    who.with_courses(visits)
    days, known = treated(visits), gate.judged({one.pk for one in courses})
    count = 0
    for one in courses:
        found = gate.asked(one, days.get(one.pk, ()), known[one.pk][0], zone=one.site.zone, at=at)
        count += sum(_ask(one, each, at=at) for each in found)
    return count


@transaction.atomic
def _ask(course: Course, one: Due, *, at: datetime) -> int:
    locked(Patient, pk=course.patient_id)
    source = f"{signals.SOURCE}{course.pk} {one.rule.id} {one.on.isoformat()}"
    if Task.objects.filter(source=source).exists():
        return 0
    tasks.make(
        source=source,
        kind=Kind.REVIEW,
        what="steering.task_gates" if one.rule.gates else "steering.task_prompt",
        values={"on": one.on.isoformat()},
        site=course.site,
        patient=course.patient,
        level=Level.BY,
        due=max(due.end_of(one.on, course.site.zone), due.today(course.site.zone, at)),
        permission=Permission.PLAN_COURSES,
        role=Role.PRESCRIBER,
        where=f"/patients/{course.patient_id}/judgement/",
        by=None,
        at=at,
        via="clock",
    )
    return 1


def after(*, at: datetime) -> int:
    """After a course that a prescriber stopped somebody calls, as after any end of a treatment; how many calls are due. About
    whom it is said that nothing goes to them any more, `followed` asks, or nobody."""
    rows = Judgement.objects.filter(decision=Decision.STOP, created__lte=at, created__gt=at - followed.longest())
    return sum(_after(row, at=at) for row in rows.select_related("course"))


@transaction.atomic
def _after(row: Judgement, *, at: datetime) -> bool:
    patient = locked(Patient, pk=row.course.patient_id)
    last = reach.standing(patient)
    if last is not None and last.kind in ENDS:
        return False
    return followed.ask(patient, f"{AFTER}{row.course_id}", row.created, at=at)
