"""How does a course begin, come under another name and end, and what is its plan?

Each action locks the patient, asks permission, looks, writes and audits.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from daybreak.clinical.courses.plan import Step, steps
from daybreak.knowledge.schedules import phases
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.courses import apart, cover, gates
from daybreak.web.courses.events import LONGEST, cancel_all
from daybreak.web.courses.intervals import TooSoon, newest
from daybreak.web.courses.models import Course, CourseEnd, EndReason, Taken, Why
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused


@transaction.atomic
def begin(
    patient: Patient, protocol: str, *, starts: date, closed: tuple[int, ...], by: Person, at: datetime, key: UUID
) -> Course:
    """A course under a protocol for which there is a signed decision to treat. One open course a patient."""
    patient = locked(Patient, pk=patient.pk)
    may_at(patient, Permission.PLAN_COURSES, by=by, at=at)
    content = {"patient": patient.id, "protocol": protocol, "starts": starts, "closed": closed}
    if earlier := keys.known(key, action="begin_course", content=content):
        return Course.objects.get(pk=earlier)
    if Course.objects.filter(patient__in=patients.together(patient), end__isnull=True).exists():
        raise Conflict("courses.one_is_open")
    decision = gates.decided(patients.together(patient), plans_at(patient, by=by, at=at), protocol)
    if decision is None:
        raise Refused("courses.no_decision")
    site_id, since = decision.site_id, last_end(patient)
    if since is not None and decision.created <= since:
        raise Refused("courses.decide_again")
    if starts < zones.day_at(site_id, at):
        raise Refused("courses.starts_in_past", in_field="starts", typed=starts.isoformat())
    try:
        plan = steps(phases(protocol), start=starts, closed=closed)
    except LookupError:
        raise Refused("courses.no_schedule") from None
    except ValueError:
        raise Refused("courses.never_open") from None
    _far_enough(patient, protocol, plan[0].day, site_id=site_id)
    row = Course(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site_id=site_id,
        protocol=protocol,
        version=decision.version,
        decision=decision,
        starts=starts,
        plan=json.dumps([[one.n, one.phase, one.day.isoformat()] for one in plan]),
        by=by,
    )
    row.patient = patient
    row.save(force_insert=True)
    trail.wrote(row, action="course_begun", who=by.id, at=at, subject=patient.id, site=site_id)
    keys.remember(
        key, action="begin_course", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


def _far_enough(patient: Patient, protocol: str, first: date, *, site_id: UUID) -> None:
    """Refused within the interval that the clinic signed after a dose of another product. What is not known is a gate."""
    if dose := apart.before(patients.together(patient), site_id=site_id, protocol=protocol, first=first).soon:
        raise TooSoon(dose, apart.product(protocol), first, days=newest(site_id))


def plans_at(patient: Patient, *, by: Person, at: datetime) -> list[UUID]:
    """The sites of the patient at which the person may plan a course."""
    allowed = patients.permissions(by, at=at)
    sites = patient.registrations.values_list("site_id", flat=True)
    return [id for id in sites if Permission.PLAN_COURSES in allowed.get(id, ())]


def last_end(patient: Patient) -> datetime | None:
    """When the last course ended. The next one needs a decision of its own: what came of the last is known only then."""
    found: datetime | None = CourseEnd.objects.filter(course__patient__in=patients.together(patient)).aggregate(
        last=Max("created")
    )["last"]
    return found


def plan(course: Course) -> tuple[Step, ...]:
    """The steps of a course as they were planned."""
    return tuple(Step(n, phase, date.fromisoformat(day)) for n, phase, day in json.loads(course.plan))


@transaction.atomic
def take_over(course: Course, *, seen: UUID, by: Person, at: datetime, key: UUID) -> Taken:
    """From now on the course is under one's own name. `seen`: under whose it was when the page was shown."""
    patient = locked(Patient, pk=course.patient_id)
    require(by, Permission.PLAN_COURSES, at=at, site_id=course.site_id)
    content = {"course": course.id, "by": by.id}
    if earlier := keys.known(key, action="take_over_course", content=content):
        return Taken.objects.get(pk=earlier)
    now = cover.prescriber(Course.objects.get(pk=course.pk))
    if CourseEnd.objects.filter(course=course).exists():
        raise Conflict("courses.over_already")
    if now.pk != seen:
        raise Conflict("courses.changed")
    if now.pk == by.pk:
        raise Refused("courses.yours_already")
    row = Taken(id=ids.new(), organisation_id=patient.organisation_id, created=at, course=course, by=by)
    row.save(force_insert=True)
    trail.wrote(row, action="course_taken", who=by.id, at=at, subject=patient.id, site=course.site_id)
    cover.taken_over(course, by=by, at=at)
    about = {"answer": row.id, "organisation_id": row.organisation_id, "at": at}
    keys.remember(key, action="take_over_course", content=content, **about)
    return row


@transaction.atomic
def end(course: Course, reason: str, *, text: str, by: Person, at: datetime, key: UUID) -> CourseEnd:
    """The course is over; what is booked for it and has not begun is cancelled with it."""
    patient = locked(Patient, pk=course.patient_id)
    site_id = may_at(patient, Permission.PLAN_COURSES, by=by, at=at)
    content = {"course": course.id, "reason": reason, "text": text}
    if earlier := keys.known(key, action="end_course", content=content):
        return CourseEnd.objects.get(pk=earlier)
    if CourseEnd.objects.filter(course=course).exists():
        raise Conflict("courses.over_already")
    if reason not in list(EndReason) or len(text) > LONGEST or (reason == EndReason.OTHER and not text.strip()):
        raise Refused("courses.reason_missing", most=LONGEST)
    row = CourseEnd(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        course=course,
        reason=reason,
        text=text.strip(),
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="course_ended", who=by.id, at=at, subject=patient.id, site=site_id)
    cancel_all(patient, why=Why.OTHER, text="", course=course, by=by, at=at)
    keys.remember(key, action="end_course", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row
