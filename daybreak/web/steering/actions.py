"""How does a prescriber judge whether the treatment of a course helps, and what follows at once?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.courses import plans
from daybreak.web.courses.events import LONGEST
from daybreak.web.courses.models import Course, CourseEnd
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.steering.models import Decision, Judgement
from daybreak.web.steering.signals import SOURCE
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open


@transaction.atomic
def judge(
    course: Course,
    decision: str,
    *,
    why: str,
    reason: str = "",
    looks_after: str = "",
    seen: UUID | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Judgement:
    """Whatever it says, the dose waits for it no longer. STOP ends the course for a coded `reason`, and says who looks after
    the patient from then on. `seen`: the last judgement when the page was shown."""
    patient = locked(Patient, pk=course.patient_id)
    require(by, Permission.PLAN_COURSES, at=at, site_id=course.site_id)
    content = {"course": course.id, "decision": decision, "why": why, "reason": reason, "looks_after": looks_after}
    if earlier := keys.known(key, action="judge_course", content=content):
        return Judgement.objects.get(pk=earlier)
    if CourseEnd.objects.filter(course=course).exists():
        raise Conflict("courses.over_already")
    last = Judgement.objects.filter(course=course).order_by("-created", "-id").first()
    if (last and last.pk) != seen:
        raise Conflict("steering.judged_meanwhile")
    stops = decision == Decision.STOP
    if decision not in list(Decision):
        raise Refused("steering.choose", in_field="decision")
    if not why.strip() or len(why) > LONGEST:
        raise Refused("steering.say_why", in_field="why", most=LONGEST)
    if stops and (not looks_after.strip() or len(looks_after) > LONGEST):
        raise Refused("steering.say_who", in_field="looks_after", most=LONGEST)
    row = Judgement(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        course=course,
        decision=decision,
        why=why.strip(),
        looks_after=looks_after.strip() if stops else "",
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="course_judged", who=by.id, at=at, subject=patient.id, site=course.site_id)
    for task in still_open(Task.objects.filter(source__startswith=f"{SOURCE}{course.pk} ")):
        tasks.done(source=task.source, by=by, at=at)
    if stops:
        plans.end(course, reason, text=why, by=by, at=at, key=ids.derived(key, 1))
    keys.remember(
        key, action="judge_course", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row
