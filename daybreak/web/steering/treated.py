"""On which days was somebody treated in each course?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Min, Q

from daybreak.clinical.treatment.events import What as Done
from daybreak.web import zones
from daybreak.web.courses import who
from daybreak.web.courses.models import Course, Visit, What
from daybreak.web.courses.state import Standing
from daybreak.web.treatment.models import Session

CAME = (What.ARRIVED, What.LEFT)
GIVES = (Done.DOSE, Done.INFUSION_STARTED)


def given(visits: Iterable[Standing]) -> list[tuple[Standing, date]]:
    """Each visit at which somebody was treated, with its day by the clock of the site, in order. A visit with a session counts
    when something was given in it; one that was told of without a session, when the patient came."""
    came = [one for one in visits if one.booking.visit == Visit.TREATMENT and one.last in CAME]
    first = Min("events__happened", filter=Q(events__what__in=GIVES))
    rows = Session.objects.filter(booking__in=[one.booking.pk for one in came]).annotate(given=first)
    begun: dict[UUID, datetime | None] = dict(rows.values_list("booking", "given"))
    found = [(one, begun.get(one.booking.pk, one.starts)) for one in sorted(came, key=lambda one: one.starts)]
    return [(one, zones.day(moment, one.booking.site.zone)) for one, moment in found if moment is not None]


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
