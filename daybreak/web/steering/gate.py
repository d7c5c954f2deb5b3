"""For which visits is a judgement missing, so that the dose waits for it? The judgement is asked for, whatever it says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from daybreak.clinical.followup.reviews import Due, due
from daybreak.knowledge import steering
from daybreak.web import zones
from daybreak.web.courses import who
from daybreak.web.courses.models import Course
from daybreak.web.courses.state import Standing
from daybreak.web.steering.treated import treated


def judged(course_ids: Collection[UUID]) -> dict[UUID, tuple[datetime | None, datetime | None]]:
    """By course, when it was judged last, and when a rating called for it last."""
    rows = with_judged(Course.objects.filter(pk__in=course_ids))
    return {id: (last, called) for id, last, called in rows.values_list("pk", "last", "called")}


def with_judged(courses: QuerySet[Course]) -> QuerySet[Course]:
    """The same, each knowing both."""
    return courses.annotate(last=Max("judgements__created"), called=Max("signals__created"))


def calls(last: datetime | None, called: datetime | None) -> bool:
    """Did a rating call for a judgement, and nobody judged since?"""
    return called is not None and (last is None or last < called)


def asked(course: Course, days: Sequence[date], last: datetime | None, *, zone: str, at: datetime) -> tuple[Due, ...]:
    """What is asked for now, of a course with these days of treatment that was judged last at that moment."""
    rules = steering.judgements(course.protocol)
    return due(rules, treated=days, judged=last and zones.day(last, zone), today=zones.day(at, zone))


def unjudged(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """Those of a course of which a judgement that holds doses up is due by now, or that a rating called for."""
    courses = {one.booking.course.pk: one for one in visits if one.booking.course is not None}
    if not courses:
        return set()
    days, known = _days(visits), judged(courses)
    held = {id for id, one in courses.items() if _held(one, days.get(id, ()), known[id], at=at)}
    return {one.booking.id for one in visits if one.booking.course and one.booking.course.pk in held}


def _held(now: Standing, days: Sequence[date], known: tuple[datetime | None, datetime | None], *, at: datetime) -> bool:
    course, site = now.booking.course, now.booking.site
    assert course is not None
    if calls(*known):
        return True
    today = zones.day(at, site.zone)
    return any(one.rule.gates and one.on <= today for one in asked(course, days, known[0], zone=site.zone, at=at))


def _days(visits: Sequence[Standing]) -> Mapping[UUID, list[date]]:
    every = who.treatments(visits)
    who.with_courses(every)
    return treated(every)
