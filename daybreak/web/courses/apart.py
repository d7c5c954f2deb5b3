"""Is there, before a treatment, a dose of another ketamine product, and what is not settled between the two?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import DateField, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from daybreak.clinical.courses.apart import Dose, Gap, gap
from daybreak.clinical.records import KetamineExposure, on
from daybreak.web import zones
from daybreak.web.courses import who
from daybreak.web.courses.models import Booking, Course, Interval, Visit, What, WithoutInterval
from daybreak.web.courses.state import Standing, standings
from daybreak.web.patients import payloads
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Entry
from daybreak.web.protocols import reading

ENTRY, COURSE, SIGNED, REASON = "entry", "course", "signed", "reason"


def product(protocol: str) -> str:
    """The product of a protocol: `ketamine` or `esketamine`."""
    return str(reading.file(protocol)["product"])


@dataclass(slots=True)
class Known:
    """`doses` by record; the `days` that are signed, by site; by course, the newest dose that each written reason knew of."""

    doses: dict[UUID, list[Dose]] = field(default_factory=dict)
    days: dict[UUID, int] = field(default_factory=dict)
    reasons: dict[UUID, list[date | None]] = field(default_factory=dict)

    def gap(self, records: Iterable[UUID], *, site_id: UUID, protocol: str, first: date, course: UUID | None) -> Gap:
        """Without what a prescriber wrote a reason for, if the newest dose of the other product was known of then."""
        doses = [one for id in records for one in self.doses.get(id, ())]
        found = gap(doses, product=product(protocol), first=first, days=self.days.get(site_id))
        knew = self.reasons.get(course, ()) if course else ()
        reasoned = any(found.newest is None or (one is not None and found.newest <= one) for one in knew)
        return replace(found, unsigned=found.unsigned and not reasoned)


def before(records: Collection[UUID], *, site_id: UUID, protocol: str, first: date, course: UUID | None = None) -> Gap:
    """What stands against a treatment of this person under the protocol on that day, the first of the `course` where there is
    one."""
    known = _known(records, [site_id], {product(protocol)})
    return known.gap(records, site_id=site_id, protocol=protocol, first=first, course=course)


def of(course: Course, records: Collection[UUID], visits: Iterable[Standing] = ()) -> Gap:
    """The same of a course as it was planned; from what a gate read for its `visits`, where one did."""
    told = {"site_id": course.site_id, "protocol": course.protocol, "first": course.starts}
    theirs = (one.read["known"] for one in visits if one.booking.course == course and "known" in one.read)
    known = next(theirs, None) or _known(records, [course.site_id], {product(course.protocol)})
    return known.gap(records, **told, course=course.pk)


def unsigned(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """For which has the clinic signed no interval, and no prescriber written why it is right all the same?"""
    return {id for id, one in _gaps(visits).items() if one.unsigned}


def unknown(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """For which does nobody know the day of a dose of the other product well enough? Only the day itself answers it."""
    return {id for id, one in _gaps(visits).items() if one.unknown}


def soon(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """Which come too short a time after a dose of the other product?"""
    return {id for id, one in _gaps(visits).items() if one.soon}


def _gaps(visits: Sequence[Standing]) -> dict[UUID, Gap]:
    """By booking; read once for these visits, however many gates ask."""
    if new := [one for one in visits if "gap" not in one.read]:
        for one, found in zip(new, _read(new), strict=True):
            one.read["gap"] = found
    return {one.booking.id: one.read["gap"] for one in visits}


def _read(visits: Sequence[Standing]) -> list[Gap]:
    treated = [one for one in visits if one.booking.course]
    records = who.together(treated)
    products = {product(one.booking.course.protocol) for one in treated if one.booking.course}
    every = {id for those in records.values() for id in those}
    known = _known(every, {one.booking.site_id for one in treated}, products) if treated else Known()
    for one in treated:
        one.read["known"] = known

    def of_one(one: Standing) -> Gap:
        booking, course = one.booking, one.booking.course
        if course is None:
            return Gap()
        told = {"site_id": booking.site_id, "first": zones.day(one.starts, booking.site.zone)}
        return known.gap(records[booking.patient_id], **told, protocol=course.protocol, course=course.pk)

    return [of_one(one) for one in visits]


def _known(records: Collection[UUID], site_ids: Collection[UUID], products: Collection[str]) -> Known:
    """By one query, and two more where a course was under a protocol of another product: then its treatments are doses."""
    known, switched = Known(), False
    for what, id, text, n, day in _rows(records, site_ids):
        if what == ENTRY:
            one = payloads.read(Kind.KETAMINE, text, version=n)
            assert isinstance(one, KetamineExposure)
            known.doses.setdefault(id, []).append(Dose(one.drug, one.when))
        elif what == COURSE:
            switched |= {product(text)} != set(products)
        elif what == SIGNED:
            known.days[id] = n
        else:
            known.reasons.setdefault(id, []).append(day)
    for now, under in _done(records) if switched else ():
        on_day = on(zones.day(now.starts, now.booking.site.zone))
        known.doses.setdefault(now.booking.patient_id, []).append(Dose(product(under), on_day))
    return known


def _rows(records: Collection[UUID], site_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    """What kind of row, whose it is, its text, its number and its day."""
    mine = {"patient__in": list(records)}
    told = Entry.objects.filter(**mine, kind=Kind.KETAMINE, replaced_by__isnull=True, withdrawal__isnull=True)
    signed = Interval.objects.filter(site__in=list(site_ids), replaced_by__isnull=True)
    reasons = WithoutInterval.objects.filter(course__patient__in=list(records))
    text, n, day = Cast(Value(""), TextField()), Cast(Value(0), IntegerField()), Cast(Value(None), DateField())
    under, version, days = (
        Cast("protocol", TextField()),
        Cast("payload_version", IntegerField()),
        Cast("days", IntegerField()),
    )
    return told.values_list(Value(ENTRY), "patient_id", "payload", version, day).union(
        Course.objects.filter(**mine).values_list(Value(COURSE), "patient_id", under, n, day),
        signed.values_list(Value(SIGNED), "site_id", text, days, day),
        reasons.values_list(Value(REASON), "course_id", text, n, "newest"),
        all=True,
    )


def _done(records: Collection[UUID]) -> Iterator[tuple[Standing, str]]:
    """The treatments to which somebody came, each with the protocol of its course: that which was open, where it was booked
    before there was one. Without a course nothing is given."""
    came = Booking.objects.filter(patient__in=list(records), visit=Visit.TREATMENT, events__what=What.ARRIVED)
    every = standings(came)
    lone = {one.booking.site_id for one in every if one.booking.course is None}
    courses = (
        list(Course.objects.filter(patient__in=list(records), site__in=lone).select_related("end")) if lone else []
    )
    for now in every:
        if now.last in (What.ARRIVED, What.LEFT):
            course = now.booking.course or next((one for one in courses if _open(one, now)), None)
            if course is not None:
                yield now, course.protocol


def _open(course: Course, now: Standing) -> bool:
    ended = course.end.created if hasattr(course, "end") else None
    return course.site_id == now.booking.site_id and course.created <= now.ends and (not ended or now.starts < ended)
