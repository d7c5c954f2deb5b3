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


def treated(visits: Sequence[Standing]) -> dict[UUID, list[date]]:
    """By course, each day in order, by the clock of its site. A visit with a session counts when something was given in it;
    one that was told of without a session, when the patient came."""
    came = [one for one in visits if one.booking.visit == Visit.TREATMENT and one.last in CAME and one.booking.course]
    first = Min("events__happened", filter=Q(events__what__in=GIVES))
    rows = Session.objects.filter(booking__in=[one.booking.pk for one in came]).annotate(given=first)
    given: dict[UUID, datetime | None] = dict(rows.values_list("booking", "given"))
    found: dict[UUID, list[date]] = {}
    for one in sorted(came, key=lambda one: one.starts):
        moment = given.get(one.booking.pk, one.starts)
        if moment is not None and one.booking.course is not None:
            found.setdefault(one.booking.course.pk, []).append(zones.day(moment, one.booking.site.zone))
    return found


def newest(courses: Iterable[Course], visits: Sequence[Standing]) -> tuple[Course, list[date]] | None:
    """The newest course in which anything was given, with its days; of `courses` the newest first."""
    who.with_courses(visits)
    days = treated(visits)
    return next(((one, days[one.pk]) for one in courses if one.pk in days), None)
