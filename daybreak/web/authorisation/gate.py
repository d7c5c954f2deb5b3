"""Does somebody pay for a booked treatment: a payer that said yes, or the patient who has signed for the sum?"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from daybreak.web import zones
from daybreak.web.authorisation.models import Authorisation, What
from daybreak.web.authorisation.queries import COVERED, of_many, paid_by
from daybreak.web.authorisation.state import TREATMENTS, Approval, State, used_of
from daybreak.web.courses import queries as courses
from daybreak.web.courses import who
from daybreak.web.courses.models import What as Happened
from daybreak.web.courses.state import Standing
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient

Found = Sequence[tuple[Authorisation, State]]
Key = tuple[UUID, int]  # an approval: its authorisation, and which one of it


def nobody_pays(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """For which is there neither an approval of this treatment with something left on the day, nor the patient's signature?

    Of an approval of so many treatments, what took place has taken its own, also where nobody wrote down that it was used,
    and those that are booked from today on take theirs in the order of their days. The records of one person count as one.
    """
    every = _of_persons(visits)
    counted = {id for id, found in every.items() if any(now.counts for _, now in found)}
    treated = _treated(visits, counted)
    taken: dict[Key, int] = {}
    for records in who.together(visits).values():
        theirs = [one for one in treated if one.booking.patient_id in records]
        taken |= _unwritten(every[records[0]], theirs, at=at)
    ahead = [one for one in treated if not one.free and _day(one) >= _today(one, at)]
    surplus = _surplus(ahead, every, taken)

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


def took_place(
    patient: Patient, authorisation: Authorisation, found: Found, *, at: datetime
) -> tuple[int, Decimal] | None:
    """How many treatments took place before today on the days of the newest approval, and how many were written down as used
    then; None where the two are the same, or it says nothing of treatments. `found`: all of the patient, the newest first,
    since a treatment is of one of them only."""
    now = next(now for row, now in found if row.id == authorisation.id)
    if not now.counts or now.approval is None or now.approval.told["unit"] != TREATMENTS:
        return None
    who.with_courses(visits := courses.of(patient))
    treated = _treated(visits, set(patients.together(patient)))
    n = len(now.approvals) - 1
    came = _came(found, treated, at=at).get((authorisation.id, n), 0)
    used = _used_before(authorisation, now, n, treated, at=at)
    return (came, used) if came != used else None


def _treated(visits: Sequence[Standing], patient_ids: set[UUID]) -> list[Standing]:
    """Every treatment of these patients by time, each with its course."""
    if not patient_ids:
        return []
    every = [one for one in who.treatments(visits) if one.booking.patient_id in patient_ids]
    known = {one.booking.id for one in visits}
    who.with_courses([one for one in every if one.booking.id not in known])
    return every


def _unwritten(found: Found, treated: Sequence[Standing], *, at: datetime) -> dict[Key, int]:
    """By approval, how many more treatments of one patient took place before today than were written down as used."""
    came = _came(found, treated, at=at)
    return {
        (row.id, n): max(0, math.ceil(came[row.id, n] - _used_before(row, now, n, treated, at=at)))
        for row, now in found
        for n in range(len(now.approvals))
        if (row.id, n) in came
    }


def _came(found: Found, treated: Iterable[Standing], *, at: datetime) -> dict[Key, int]:
    """How many took place before today of each approval of treatments that holds on their days, the newest as far as it goes."""
    came: dict[Key, int] = {}
    for one in treated:
        day = _day(one)
        if one.last not in (Happened.ARRIVED, Happened.LEFT) or day >= _today(one, at):
            continue
        for approval, key in _hold(found, one):
            if approval.told["unit"] == TREATMENTS and came.get(key, 0) < Decimal(approval.told["amount"]):
                came[key] = came.get(key, 0) + 1
                break
    return came


def _used_before(row: Authorisation, now: State, n: int, treated: Iterable[Standing], *, at: datetime) -> Decimal:
    """What was used of that approval before today. Written with today's day, more than today's treatments are earlier ones."""
    today = zones.day(at, row.site.zone)
    used = [one for one in now.events if one.what == What.USED and used_of(now.approvals, one.day) == n]
    before = sum((Decimal(json.loads(one.told)["amount"]) for one in used if one.day < today), Decimal(0))
    on_it = sum((Decimal(json.loads(one.told)["amount"]) for one in used if one.day == today), Decimal(0))
    todays = sum(1 for one in treated if not one.free and _day(one) == today and _of_it(row, one))
    return before + max(Decimal(0), on_it - todays)


def _hold(found: Found, one: Standing) -> list[tuple[Approval, Key]]:
    """The approvals of that treatment that hold on its day, each with its place, the newest first."""
    day = _day(one)
    here = [(row, now) for row, now in found if _of_it(row, one) and now.open]
    return [
        (approval, (row.id, n))
        for row, now in here
        for n, approval in reversed(list(enumerate(now.approvals)))
        if approval.on(day)
    ]


def _of_it(row: Authorisation, one: Standing) -> bool:
    return (row.site_id, row.protocol) == (one.booking.site_id, _protocol(one))


def _surplus(ahead: Iterable[Standing], every: Mapping[UUID, Found], taken: dict[Key, int]) -> set[UUID]:
    """The bookings for which nothing is left, once those before them have theirs. What is used on its day is counted there;
    an approval by units or mg says nothing of how many treatments it is."""
    surplus = set()
    for one in ahead:
        day = _day(one)
        here = [now for row, now in every[one.booking.patient_id] if _of_it(row, one) and now.open]
        if any(event.what == What.USED and event.day == day for now in here for event in now.events):
            continue
        hold = _hold(every[one.booking.patient_id], one)
        if any(approval.left and approval.told["unit"] != TREATMENTS for approval, _ in hold):
            continue
        which = next((key for approval, key in hold if approval.left >= taken.get(key, 0) + 1), None)
        if which is None:
            surplus.add(one.booking.id)
        else:
            taken[which] = taken.get(which, 0) + 1
    return surplus


def _today(one: Standing, at: datetime) -> date:
    return zones.day(at, one.booking.site.zone)


def _day(one: Standing) -> date:
    return zones.day(one.starts, one.booking.site.zone)


def _protocol(one: Standing) -> str | None:
    return one.booking.course.protocol if one.booking.course else None
