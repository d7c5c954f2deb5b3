"""At which visits was somebody treated, from when until when?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min, Q, QuerySet

from daybreak.clinical.treatment.events import EXPOSES, GIVES
from daybreak.web.courses.models import Visit, What
from daybreak.web.courses.state import Standing
from daybreak.web.treatment.models import Session

CAME = (What.ARRIVED, What.LEFT)


@dataclass(frozen=True, slots=True)
class Treated:
    """A visit, when the first exposure began, and when anything was last said of one; without a session, when it began."""

    visit: Standing
    first: datetime
    last: datetime


def with_times(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """The same, each knowing when the first exposure began (`first`) and when anything was last said of one (`last`); None:
    nothing was given. Of what was corrected both words count."""
    return sessions.annotate(
        first=Min("events__happened", filter=Q(events__what__in=GIVES)),
        last=Max("events__happened", filter=Q(events__what__in=EXPOSES)),
    )


def treated(visits: Iterable[Standing]) -> list[Treated]:
    """In order, of those to which the patient came. A visit with a session counts when something was given in it; one that was
    told of without a session, as it was told."""
    came = [one for one in visits if one.booking.visit == Visit.TREATMENT and one.last in CAME]
    rows = with_times(Session.objects.filter(booking__in=[one.booking.pk for one in came]))
    times = {booking: (first, last) for booking, first, last in rows.values_list("booking", "first", "last")}
    found = [(one, *times.get(one.booking.pk, (one.starts, one.starts))) for one in came]
    given = [Treated(one, first, last or first) for one, first, last in found if first is not None]
    return sorted(given, key=lambda one: one.first)
