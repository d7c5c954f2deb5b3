"""On which days was somebody treated in each course?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from daybreak.web import zones
from daybreak.web.courses import who
from daybreak.web.courses.models import Course
from daybreak.web.courses.state import Standing
from daybreak.web.treatment.given import treated as every


def given(visits: Iterable[Standing]) -> list[tuple[Standing, date]]:
    """Each visit at which somebody was treated, with its day by the clock of the site, in order."""
    return [(one.visit, zones.day(one.first, one.visit.booking.site.zone)) for one in every(visits)]


def treated(visits: Iterable[Standing]) -> dict[UUID, list[date]]:
    """By course, each day in order."""
    found: dict[UUID, list[date]] = {}
    for one, day in given(visits):
        if one.booking.course is not None:
            found.setdefault(one.booking.course.pk, []).append(day)
    return found


def newest(courses: Iterable[Course], visits: Sequence[Standing]) -> tuple[Course, list[date]] | None:
    """The newest course in which anything was given, with its days; of `courses` the newest first."""
    who.with_courses(visits)
    days = treated(visits)
    return next(((one, days[one.pk]) for one in courses if one.pk in days), None)
