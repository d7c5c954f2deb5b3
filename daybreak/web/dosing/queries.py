"""Which order holds for a treatment, what comes of it now, and which orders needed a reason?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from daybreak.clinical.treatment.dosing import Plan
from daybreak.clinical.treatment.ladders import Strength
from daybreak.web import zones
from daybreak.web.courses import who
from daybreak.web.courses.models import Booking, Course
from daybreak.web.courses.state import Standing, standing
from daybreak.web.dosing import worked
from daybreak.web.dosing.models import Order
from daybreak.web.patients.models import Patient

LAPSED = "dosing.lapsed_wording", "dosing.lapsed_refused", "dosing.lapsed_reasons"


@dataclass(frozen=True, slots=True)
class Ordered:
    """A signed order with what comes of it now. `lapsed`: ids of `words.yaml`, why it no longer holds as it was signed."""

    order: Order
    plan: Plan
    ground: worked.Ground
    lapsed: tuple[str, ...] = ()


def newest(course: Course, booking: Booking | None) -> Order | None:
    """The newest version of the order for a visit, or (None) for the course, taken back or not."""
    found = Order.objects.filter(course=course, booking=booking, replaced_by__isnull=True)
    return found.select_related("by", "booking", "course__site").first()


def in_force(
    patient: Patient,
    course: Course,
    booking: Booking | None,
    *,
    at: datetime,
    ground: worked.Ground | None = None,
    read: Sequence[Order] | None = None,
    visit: Standing | None = None,
) -> Ordered | None:
    """The order for the visit, else that of the course, with what comes of it on the day of the visit, else today. None: there
    is none, it was taken back, or the course is over. `read`: the versions of an open course, `visit`: how the booking stands,
    where they were read anyway."""
    rows = _standing(course, booking) if read is None else _of_these(read, booking)
    row = max(rows, key=lambda one: one.booking_id is not None, default=None)
    if row is None:
        return None
    row.course = course
    if ground is None:
        day = zones.day((visit or standing(booking)).starts if booking else at, course.site.zone)
        ground = worked.ground(course, patient, day=day, before=booking)
    typed = worked.typed_of(row)
    if typed.ladder not in {one.id for one in ground.ladders}:
        return None
    plan = ground.plan(typed)
    return Ordered(row, plan, ground, tuple(_lapsed(row, plan)))


def _standing(course: Course, booking: Booking | None) -> list[Order]:
    found = Order.objects.filter(course=course, course__end__isnull=True, replaced_by__isnull=True, over=False)
    return list(found.filter(Q(booking=booking) | Q(booking__isnull=True)).select_related("by", "booking"))


def _of_these(versions: Sequence[Order], booking: Booking | None) -> list[Order]:
    replaced, mine = {one.replaces_id for one in versions}, {None, booking and booking.pk}
    return [one for one in versions if one.id not in replaced and not one.over and one.booking_id in mine]


def order_for(booking: Booking, at: datetime) -> Ordered | None:
    """What may be given at this visit. None: no order, or none that holds as things are now; then nothing may be given."""
    visit = standing(booking)
    who.with_courses([visit])
    course = visit.booking.course
    found = in_force(booking.patient, course, booking, at=at, visit=visit) if course else None
    return found if found is not None and not found.lapsed else None


def _lapsed(row: Order, plan: Plan) -> list[str]:
    """What was signed under other words, is refused by now, or would need a reason that nobody wrote."""
    told: dict[str, Any] = json.loads(row.content)
    wording, refused, reasons = LAPSED
    found = [wording] if told["ladder"] != worked.wording(row.ladder) else []
    found += [refused] if plan.refused else []
    signed = {one["id"] for one in told["findings"] if one["strength"] == Strength.REASON}
    now = {one.reason.id for one in plan.findings if one.strength is Strength.REASON}
    return found + ([reasons] if now - signed else [])


def versions(course: Course) -> list[Order]:
    """Every version of every order of a course, the newest first."""
    found = Order.objects.filter(course=course).select_related("by", "booking")
    return list(found.order_by("-created", "-id"))


def deviations(site_id: UUID) -> tuple[list[Order], int]:
    """The orders of a site for which a reason was needed, the newest first, and how many orders there were in all."""
    every = Order.objects.filter(course__site=site_id, over=False)
    found = every.filter(deviates=True).select_related("by", "patient", "course")
    return list(found.order_by("-created", "-id")), every.count()


def visits(treatments: Sequence[Standing], course: Course, *, at: datetime) -> list[Standing]:
    """The treatments of the course that lie ahead or are going on, by time."""
    found = [one for one in treatments if one.booking.course_id == course.pk and not one.over and one.ends > at]
    return sorted(found, key=lambda one: one.starts)
