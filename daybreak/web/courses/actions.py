"""What can be done with a booking? (its course: `plans`)

Each action locks the patient, then (where a chair is taken) the site, asks permission, looks, writes and audits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from daybreak.knowledge.spans import span
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.courses import asks
from daybreak.web.courses.chairs import taken
from daybreak.web.courses.events import LONGEST, write
from daybreak.web.courses.models import (
    FREED,
    OVER,
    Booking,
    Chair,
    ChairEnd,
    Course,
    CourseEnd,
    Visit,
    WayHome,
    What,
    Why,
)
from daybreak.web.courses.plans import plan
from daybreak.web.courses.state import Standing, standing
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach import queries as reach
from daybreak.web.reach.models import ENDS
from daybreak.web.refusals import Conflict, Refused


@transaction.atomic
def book(
    patient: Patient,
    *,
    chair: Chair,
    starts: datetime,
    minutes: int,
    visit: str,
    step: int | None,
    interpreter: str,
    by: Person | None,
    at: datetime,
    key: UUID,
) -> Booking:
    """Book a visit; it is tentative while something is missing, and whoever has to get that is told.

    `by` None, here and below: the patient, by a link.
    """
    patient = locked(Patient, pk=patient.pk)
    site = locked(Site, pk=chair.room.site_id)
    if by is not None:
        require(by, Permission.BOOK_VISITS, at=at, site_id=site.id)
    if not patient.registrations.filter(site=site).exists():
        raise Refused("courses.not_known_there")
    content = {
        "patient": patient.id,
        "chair": chair.id,
        "starts": starts,
        "minutes": minutes,
        "visit": visit,
        "step": step,
        "interpreter": interpreter,
    }
    if earlier := keys.known(key, action="book", content=content):
        return Booking.objects.get(pk=earlier)
    if visit not in list(Visit) or len(interpreter) > 200:
        raise Refused("courses.choose_visit")
    _may_be_booked(patient, visit)
    records = patients.together(patient)
    course = Course.objects.filter(patient__in=records, end__isnull=True, site=site).first()
    if visit != Visit.TREATMENT:
        step = None
    elif course and step is not None and step not in {one.n for one in plan(course)}:
        raise Refused("courses.no_step", n=step)
    elif course and step is not None and _booked(course, step):
        raise Conflict("courses.step_is_booked", n=step)
    ends = _fits(patient, chair, starts, minutes, at=at)
    booking = Booking(
        **_common(patient, at),
        patient=patient,
        site=site,
        course=course if visit == Visit.TREATMENT else None,
        step=step if course else None,
        visit=visit,
        interpreter=interpreter.strip(),
        by=by,
    )
    booking.save(force_insert=True)
    trail.wrote(booking, action="booked", who=by and by.id, at=at, subject=patient.id, site=site.id)
    write(booking, 1, What.BOOKED, chair=chair, starts=starts, ends=ends, by=by, at=at)
    asks.missing(booking, by=by, at=at)
    _remember(key, "book", content, booking, at)
    return booking


@transaction.atomic
def move(
    booking: Booking,
    *,
    chair: Chair,
    starts: datetime,
    minutes: int,
    seen: int,
    by: Person | None,
    at: datetime,
    key: UUID,
) -> None:
    """Another chair or time. `seen`: the number of the next event when the page was shown."""
    booking, now = _begin(booking, by=by, at=at, site=True)
    content = {"booking": booking.id, "chair": chair.id, "starts": starts, "minutes": minutes}
    if keys.known(key, action="move_booking", content=content):
        return
    _unchanged(now, seen)
    if now.last not in (What.BOOKED, What.MOVED):
        raise Conflict("courses.begun_already")
    if chair.room.site_id != booking.site_id:
        raise Refused("courses.chair_elsewhere")
    _may_be_booked(booking.patient, booking.visit)
    ends = _fits(booking.patient, chair, starts, minutes, at=at, but=booking)
    row = write(booking, now.next, What.MOVED, chair=chair, starts=starts, ends=ends, by=by, at=at)
    asks.missing(booking, by=by, at=at)
    _remember(key, "move_booking", content, row, at)


@transaction.atomic
def happened(
    booking: Booking,
    what: str,
    *,
    why: str = "",
    text: str = "",
    seen: int,
    by: Person,
    at: datetime,
    key: UUID,
) -> None:
    """Arrived, late, not come, cancelled, left, or the last of these was a slip. A no-show opens a call of the same day, and
    a freed chair is free at once. That a visit was lost is taken back with a reason: the call is not needed then, and where
    somebody else has the chair by now the visit is tentative."""
    booking, now = _begin(booking, by=by, at=at, site=what == What.BACK)
    content = {"booking": booking.id, "what": what, "why": why, "text": text}
    if keys.known(key, action="booking_happened", content=content):
        return
    _unchanged(now, seen)
    if what not in _FOLLOWS.get(now.last, ()):
        raise Conflict("courses.not_now")
    if len(text) > LONGEST or (what in _WITH_REASON and why not in list(Why)):
        raise Refused("courses.why_missing")
    if what == What.NO_SHOW and at < now.starts:
        raise Refused("courses.too_early")
    if what == What.ARRIVED and zones.day_at(booking.site_id, at) < zones.day_at(booking.site_id, now.starts):
        raise Refused("courses.not_today")
    if what == What.BACK and now.free:
        _stands_again(booking, now, text)
    row = write(booking, now.next, What(what), why=why if what in _WITH_REASON else "", text=text.strip(), by=by, at=at)
    if what == What.NO_SHOW:
        asks.call_today(booking, by=by, at=at)
    if what == What.BACK and now.last == What.NO_SHOW:
        asks.came_after_all(booking, text=text.strip(), by=by, at=at)
    if what == What.BACK and now.free and now.starts > at:
        asks.missing(booking, by=by, at=at)
    _remember(key, "booking_happened", content, row, at)


@transaction.atomic
def way_home(
    booking: Booking, home: str, *, name: str, phone: str, seen: int, by: Person | None, at: datetime, key: UUID
) -> None:
    """How the patient gets home, as far as it is known; asked when they are reminded and when they come, never to book."""
    booking, now = _begin(booking, by=by, at=at)
    content = {"booking": booking.id, "home": home, "name": name, "phone": phone}
    if keys.known(key, action="way_home", content=content):
        return
    _unchanged(now, seen)
    if now.over:
        raise Conflict("courses.not_now")
    if home not in list(WayHome) or (home == WayHome.STAYS and by is None) or len(name) > 200 or len(phone) > 60:
        raise Refused("courses.home_missing")
    if home == WayHome.ACCOMPANIED and not (name.strip() and phone.strip()):
        raise Refused("courses.home_who")
    row = write(
        booking, now.next, What.WAY_HOME, home=home, with_name=name.strip(), with_phone=phone.strip(), by=by, at=at
    )
    _remember(key, "way_home", content, row, at)


@transaction.atomic
def interpreter(booking: Booking, name: str, *, seen: int, by: Person, at: datetime, key: UUID) -> None:
    """Who interprets at this visit, by name or number; nobody when it is empty. Refused: who takes the patient home."""
    booking, now = _begin(booking, by=by, at=at)
    content = {"booking": booking.id, "interpreter": name}
    if keys.known(key, action="interpreter", content=content):
        return
    _unchanged(now, seen)
    if now.over:
        raise Conflict("courses.not_now")
    if len(name) > 200:
        raise Refused("courses.interpreter_hint", in_field="interpreter")
    if now.goes_with(name):
        raise Refused("courses.interpreter_is_escort", in_field="interpreter")
    row = write(booking, now.next, What.INTERPRETER, text=name.strip(), by=by, at=at)
    _remember(key, "interpreter", content, row, at)


_FOLLOWS: Mapping[What, tuple[What, ...]] = {
    **dict.fromkeys(
        (What.BOOKED, What.MOVED), (What.ARRIVED, What.LATE, What.NO_SHOW, What.BY_PATIENT, What.BY_CLINIC)
    ),
    What.LATE: (What.ARRIVED, What.NO_SHOW, What.BY_PATIENT, What.BY_CLINIC, What.BACK),
    What.ARRIVED: (What.LEFT, What.BY_CLINIC, What.BY_PATIENT, What.BACK),
    **dict.fromkeys((What.LEFT, *FREED), (What.BACK,)),
}
_WITH_REASON = frozenset({What.LATE, What.NO_SHOW, What.BY_PATIENT, What.BY_CLINIC})


def follows(now: Standing) -> tuple[What, ...]:
    """What can happen to it next."""
    return _FOLLOWS.get(now.last, ())


def _begin(booking: Booking, *, by: Person | None, at: datetime, site: bool = False) -> tuple[Booking, Standing]:
    patient = locked(Patient, pk=booking.patient_id)
    if site:
        locked(Site, pk=booking.site_id)
    if by is not None:
        require(by, Permission.BOOK_VISITS, at=at, site_id=booking.site_id)
    booking = Booking.objects.select_related("course").get(pk=booking.pk)
    booking.patient = patient
    return booking, standing(booking)


def _unchanged(now: Standing, seen: int) -> None:
    if now.next != seen:
        raise Conflict("courses.changed")


def _may_be_booked(patient: Patient, visit: str) -> None:
    """Somebody who died or left is not booked; whose treatment is paused may still come to talk."""
    stands = reach.standing(patient)
    if stands is not None and (stands.kind in ENDS or visit == Visit.TREATMENT):
        raise Refused("courses.stopped")


def _booked(course: Course, step: int) -> bool:
    found = Booking.objects.filter(course=course, step=step).prefetch_related("events__chair")
    return any(not standing(one, one.events.all()).free for one in found)


def _stands_again(booking: Booking, now: Standing, text: str) -> None:
    """Refused without a reason, and where what the visit was for, or its patient's time, is there no longer."""
    if not text.strip():
        raise Refused("courses.back_why", in_field="text")
    _may_be_booked(booking.patient, booking.visit)
    if booking.course and CourseEnd.objects.filter(course=booking.course).exists():
        raise Refused("courses.over_already")
    if booking.course and booking.step is not None and _booked(booking.course, booking.step):
        raise Conflict("courses.step_is_booked", n=booking.step)
    theirs = Q(booking__patient__in=patients.together(booking.patient), starts__lt=now.ends, ends__gt=now.starts)
    if any(one.starts < now.ends and one.ends > now.starts for one in taken(theirs)):
        raise Conflict("courses.patient_taken")


def may_take(length: timedelta) -> None:
    """Refused when no visit is as short, or as long."""
    least, most, minute = span("visit-least"), span("visit-most"), timedelta(minutes=1)
    if not least <= length <= most:
        raise Refused("courses.length", least=least // minute, most=most // minute)


def _fits(
    patient: Patient, chair: Chair, starts: datetime, minutes: int, *, at: datetime, but: Booking | None = None
) -> datetime:
    """The end of the visit. Refused when it lies behind us, or chair or patient are taken then."""
    length = timedelta(minutes=minutes)
    may_take(length)
    if starts <= at:
        raise Refused("courses.in_past")
    if ChairEnd.objects.filter(chair=chair).exists():
        raise Refused("courses.chair_gone", name=chair.name)
    ends = starts + length
    near = Q(starts__lt=ends, ends__gt=starts)
    records = patients.together(patient)
    for one in taken(near & (Q(chair=chair) | Q(booking__patient__in=records))):
        if one.booking.pk == (but and but.pk) or one.starts >= ends or one.ends <= starts:
            continue
        if one.booking.patient_id in records:
            raise Conflict("courses.patient_taken")
        if one.chair.pk == chair.pk and one.last not in OVER:
            raise Conflict("courses.chair_is_taken", name=chair.name)
    return ends


def _common(patient: Patient, at: datetime) -> dict[str, Any]:
    return {"id": ids.new(), "organisation_id": patient.organisation_id, "created": at}


def _remember(key: UUID, action: str, content: Mapping[str, Any], row: Any, at: datetime) -> None:
    keys.remember(key, action=action, content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
