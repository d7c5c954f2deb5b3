"""Does somebody pay for a booked treatment: a payer that said yes, or the patient who has signed for the sum?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch

from daybreak.web import zones
from daybreak.web.authorisation.models import Authorisation, What
from daybreak.web.authorisation.queries import COVERED, of_many, paid_by
from daybreak.web.authorisation.state import TREATMENTS, State
from daybreak.web.courses import who
from daybreak.web.courses.models import Booking, BookingEvent, Visit
from daybreak.web.courses.state import Standing, standing

A_DAY = timedelta(days=1)
Found = Sequence[tuple[Authorisation, State]]


def nobody_pays(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """For which is there neither an approval of this treatment with something left on the day, nor the patient's signature?

    Of an approval of so many treatments, those that are booked from today on take theirs in the order of their days. The
    records of one person count as one.
    """
    every = _of_persons(visits)
    counted = {id for id, found in every.items() if any(now.counts for _, now in found)}
    surplus = _surplus(_ahead(visits, counted, at=at), every)

    def paid(one: Standing) -> bool:
        found, day = every.get(one.booking.patient_id, ()), _day(one)
        payer = paid_by(found, site_id=one.booking.site_id, protocol=_protocol(one), day=day)
        if payer == COVERED and one.booking.id in surplus:
            payer = paid_by(found, site_id=one.booking.site_id, protocol=_protocol(one), day=None)
        return payer is not None

    return {one.booking.id for one in visits if not paid(one)}


def _of_persons(visits: Sequence[Standing]) -> dict[UUID, Found]:
    """By record, what stands on any record of the same person, the newest first; every record of each person has its line."""
    records = who.together(visits)
    every = {id: those for those in records.values() for id in those}
    found = of_many(every)
    return {
        id: sorted((one for each in those for one in found.get(each, ())), key=lambda one: one[0].id, reverse=True)
        for id, those in every.items()
    }


def _ahead(visits: Sequence[Standing], patient_ids: set[UUID], *, at: datetime) -> list[Standing]:
    """Every treatment of these patients that is booked for today or later, by time."""
    if not patient_ids:
        return []
    later = BookingEvent.objects.filter(starts__gt=at - A_DAY, booking__patient__in=patient_ids).values("booking")
    found = Booking.objects.filter(pk__in=later, visit=Visit.TREATMENT).select_related("course", "patient", "site")
    events = Prefetch("events", BookingEvent.objects.select_related("chair"))
    read = [standing(one, one.events.all()) for one in found.prefetch_related(events)]
    known = {one.booking.id: one for one in visits}
    who.with_courses([one for one in read if one.booking.id not in known])
    every = [known.get(one.booking.id, one) for one in read]
    ahead = [one for one in every if not one.free and _day(one) >= zones.day(at, one.booking.site.zone)]
    return sorted(ahead, key=lambda one: (one.starts, one.booking.id))


def _surplus(ahead: Iterable[Standing], every: Mapping[UUID, Found]) -> set[UUID]:
    """The bookings for which nothing is left, once those before them have theirs. What is used on its day is counted there;
    an approval by units or mg says nothing of how many treatments it is."""
    taken: dict[tuple[UUID, int], int] = {}
    surplus = set()
    for one in ahead:
        day = _day(one)
        here = [
            (row, now)
            for row, now in every[one.booking.patient_id]
            if (row.site_id, row.protocol) == (one.booking.site_id, _protocol(one)) and now.open
        ]
        if any(event.what == What.USED and event.day == day for _, now in here for event in now.events):
            continue
        hold = [
            (approval, (row.id, n))
            for row, now in here
            for n, approval in reversed(list(enumerate(now.approvals)))
            if approval.on(day)
        ]
        if any(approval.left and approval.told["unit"] != TREATMENTS for approval, _ in hold):
            continue
        which = next((key for approval, key in hold if approval.left >= taken.get(key, 0) + 1), None)
        if which is None:
            surplus.add(one.booking.id)
        else:
            taken[which] = taken.get(which, 0) + 1
    return surplus


def _day(one: Standing) -> date:
    return zones.day(one.starts, one.booking.site.zone)


def _protocol(one: Standing) -> str | None:
    return one.booking.course.protocol if one.booking.course else None
