"""Which treatments of one person lie nearer together than their plan has them, and what did a prescriber write of it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daybreak.clinical.courses.plan import interval, too_near
from daybreak.knowledge.schedules import days, phases
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.courses import who
from daybreak.web.courses.events import LONGEST
from daybreak.web.courses.models import Booking, NearReason, Visit
from daybreak.web.courses.plans import plan
from daybreak.web.courses.state import Standing, standing
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused


@dataclass(frozen=True, slots=True)
class Near:
    """`one` lies too near to `other`, on the days `first` and `second`, where the plan has at least `least` days between
    (None: they have no plan). `reason`: why that is right all the same, of as many days or fewer."""

    one: Standing
    other: Standing
    first: date
    second: date
    least: int | None
    reason: NearReason | None = None

    @property
    def apart(self) -> int:
        """So many days."""
        return (self.second - self.first).days


def of(visits: Sequence[Standing], *, at: datetime) -> dict[UUID, list[Near]]:
    """By booking, what each treatment is too near to; read once for these visits. Of two that lie ahead it is the one that
    was given its time last; of one that lies ahead and one that has begun the former, of two that have begun the later."""
    treated = [one for one in visits if one.booking.visit == Visit.TREATMENT]
    if any("near" not in one.read for one in treated):
        theirs: dict[UUID, list[Standing]] = {}
        for one in who.treatments(treated):
            theirs.setdefault(one.booking.patient_id, []).append(one)
        records = who.together(treated)
        for one in treated:
            one.read["near"] = []
        found = [
            each
            for one in treated
            for record in records[one.booking.patient_id]
            for each in _of_one(one, theirs.get(record, ()), at=at)
        ]
        for each in _reasoned(found):
            each.one.read["near"].append(each)
    return {one.booking.id: one.read["near"] for one in treated}


def near(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """Which have another treatment too near, on another day, without a reason?"""
    return {id for id, found in of(visits, at=at).items() if any(one.apart for one in _open(found))}


def same_day(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """Which have another treatment on their day, without a reason?"""
    return {id for id, found in of(visits, at=at).items() if any(not one.apart for one in _open(found))}


def told(now: Standing) -> dict[str, str]:
    """Both days and the plan's interval, of what is nearest on another day."""
    nearest = min((one for one in _open(now.read["near"]) if one.apart), key=lambda one: one.apart)
    return {"first": f"{nearest.first}", "second": f"{nearest.second}", "days": f"{nearest.least}"}


def told_day(now: Standing) -> dict[str, str]:
    """The day."""
    return {"day": f"{next(one.first for one in _open(now.read['near']) if not one.apart)}"}


@transaction.atomic
def go_on(
    booking: Booking, other: Booking, reason: str, *, seen: str, by: Person, at: datetime, key: UUID
) -> NearReason:
    """Why two treatments are right although they are nearer together than planned. `seen`: so many days, as was shown."""
    patient = locked(Patient, pk=booking.patient_id)
    require(by, Permission.PLAN_COURSES, at=at, site_id=booking.site_id)
    content = {"booking": booking.id, "other": other.id, "reason": reason}
    if earlier := keys.known(key, action="near_reason", content=content):
        return NearReason.objects.get(pk=earlier)
    now = standing(booking)
    pair = next((one for one in _open(of([now], at=at).get(booking.id, ())) if one.other.booking.pk == other.pk), None)
    if now.over or pair is None or str(pair.apart) != seen:
        raise Conflict("courses.near_changed")
    if not reason or len(reason) > LONGEST:
        raise Refused("courses.interval_reason", in_field="near_why", most=LONGEST)
    row = NearReason(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        booking=booking,
        other=other,
        days=pair.apart,
        reason=reason,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="near_reason", who=by.id, at=at, subject=patient.id, site=booking.site_id)
    keys.remember(key, action="near_reason", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _open(found: Iterable[Near]) -> list[Near]:
    return [one for one in found if one.reason is None]


def _of_one(one: Standing, every: Iterable[Standing], *, at: datetime) -> Iterable[Near]:
    mine = _interval(one)
    for other in every:
        first, second = sorted((one, other), key=_order)
        found = Near(one, other, _day(first), _day(second), mine)
        if one.free or other.free or found.apart >= (mine or 1) or not _yields(one, other, at=at):
            continue
        theirs = _interval(other)  # the days before a new phase are still those of the last
        found = replace(found, least=min(mine, theirs) if mine and theirs else mine)
        if too_near(found.apart, least=found.least, planned=_planned(first, second), window=days("window")):
            yield found


def _yields(one: Standing, other: Standing, *, at: datetime) -> bool:
    if one.starts <= at:
        return _order(other) < _order(one)
    return other.starts <= at or other.placed < one.placed


def _interval(one: Standing) -> int | None:
    course = one.booking.course
    if course is None:
        return None
    steps = plan(course)
    known = next((step for step in steps if step.n == one.booking.step), None)
    begun = [step for step in steps if step.day <= _day(one)]
    name = (known or (begun or steps[:1])[-1]).phase
    return next((interval(each) for each in phases(course.protocol) if each.name == name), None)


def _planned(first: Standing, second: Standing) -> int | None:
    course = first.booking.course
    if course is None or second.booking.course != course:
        return None
    on = {step.n: step.day for step in plan(course)}
    planned = [on.get(one.booking.step or 0) for one in (first, second)]
    return abs((planned[1] - planned[0]).days) if planned[0] and planned[1] else None


def _reasoned(found: Sequence[Near]) -> list[Near]:
    """Each with its reason. One that was written of more days does not speak of fewer."""
    if not found:
        return []
    concerned = {each.booking.pk for one in found for each in (one.one, one.other)}
    rows = list(NearReason.objects.filter(booking__in=concerned, other__in=concerned).select_related("by"))

    def reason(one: Near) -> NearReason | None:
        both = {one.one.booking.pk, one.other.booking.pk}
        return next((row for row in rows if {row.booking_id, row.other_id} == both and row.days <= one.apart), None)

    return [replace(one, reason=reason(one)) for one in found]


def _order(one: Standing) -> tuple[datetime, UUID]:
    return one.starts, one.booking.pk


def _day(one: Standing) -> date:
    return zones.day(one.starts, one.booking.site.zone)
