"""When was who treated, what was asked and answered since, and what is due of whom?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from daybreak.clinical.followup.schedule import Due, Treatment, due
from daybreak.knowledge.checkins import occasions
from daybreak.web import zones
from daybreak.web.checkins.models import CheckIn
from daybreak.web.courses.models import Booking, BookingEvent, Course, Visit, What
from daybreak.web.courses.plans import plan
from daybreak.web.courses.state import standings
from daybreak.web.forms.models import Ended, Ending
from daybreak.web.treatment.given import treated


def due_now(*, at: datetime) -> Iterator[tuple[Course, list[Due]]]:
    """Of each course that is open, or ended not long ago, what can be answered now and was not asked yet."""
    longest = max((one.stops for one in occasions() if one.stops), default=timedelta(0))
    courses = list(Course.objects.filter(Q(end=None) | Q(end__created__gt=at - longest)).select_related("end", "site"))
    ids = [one.id for one in courses]
    done, planned = _done(ids), _planned(ids, at=at)
    asked, answered = _asked(ids), _answered({one.patient_id for one in courses}, since=at - longest)
    for course in courses:
        phases = _Phases(course)
        every = due(
            occasions(),
            done=[phases.treatment(*one) for one in done[course.id]],
            planned=[phases.treatment(*one) for one in planned[course.id]],
            ended=course.end.created if hasattr(course, "end") else None,
            answered=answered[course.patient_id],
            asked=asked[course.id],
            until=at,
        )
        gone = {(one.occasion, one.key) for one in asked[course.id]}
        waits = [one for one in every if one.closes > at and (one.occasion, one.key) not in gone]
        if waits:
            yield course, waits


class _Phases:
    """In which phase of its plan a course is: by the step of the visit, without one by its day."""

    def __init__(self, course: Course) -> None:
        self.steps, self.zone = plan(course), course.site.zone

    def treatment(self, key: UUID, at: datetime, step: int | None) -> Treatment:
        day = zones.day(at, self.zone)
        until = [one for one in self.steps if (one.n <= step if step else one.day <= day)]
        return Treatment(str(key), at, (until or self.steps[:1])[-1].phase)


def _done(courses: list[UUID]) -> dict[UUID, list[tuple[UUID, datetime, int | None]]]:
    """By course, its treatments by the key of their booking, with when anything was last said of what was given."""
    found: dict[UUID, list[tuple[UUID, datetime, int | None]]] = defaultdict(list)
    for one in treated(standings(Booking.objects.filter(course__in=courses, visit=Visit.TREATMENT))):
        booking = one.visit.booking
        found[booking.course_id].append((booking.id, one.last, booking.step))
    return found


def _planned(courses: list[UUID], *, at: datetime) -> dict[UUID, list[tuple[UUID, datetime, int | None]]]:
    found: dict[UUID, list[tuple[UUID, datetime, int | None]]] = defaultdict(list)
    soon = at + max((one.before for one in occasions() if one.before), default=timedelta(0))
    places = BookingEvent.objects.filter(starts__gt=at, starts__lte=soon, booking__visit=Visit.TREATMENT)
    for one in standings(Booking.objects.filter(course__in=courses, pk__in=places.values("booking"))):
        if one.last in (What.BOOKED, What.MOVED) and one.starts > at:
            found[one.booking.course_id].append((one.booking.id, one.starts, one.booking.step))
    return found


def _asked(courses: list[UUID]) -> dict[UUID, list[Due]]:
    found: dict[UUID, list[Due]] = defaultdict(list)
    rows = CheckIn.objects.filter(course__in=courses)
    for course, *told in rows.values_list("course", "occasion", "key", "sitting__form", "opens", "closes"):
        found[course].append(Due(*told))
    return found


def _answered(patients: set[UUID], *, since: datetime) -> dict[UUID, dict[str, list[datetime]]]:
    """By patient and form, when it was answered to the end, by whatever door."""
    found: dict[UUID, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    rows = Ending.objects.filter(sitting__patient__in=patients, how=Ended.FINISHED, created__gt=since)
    for patient, form, moment in rows.values_list("sitting__patient", "sitting__form", "created"):
        found[patient][form].append(moment)
    return found
