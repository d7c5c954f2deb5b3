"""How does a prescriber order a dose, or take an order back?

Each action locks the patient, asks permission, looks, writes and audits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.dosing import Plan
from daybreak.clinical.treatment.ladders import Finding, Strength
from daybreak.knowledge.sentences import language as spoken
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.courses.models import Booking, Course, CourseEnd
from daybreak.web.courses.state import standing
from daybreak.web.dosing import queries, worked
from daybreak.web.dosing.models import RECORD, SCALE, Order
from daybreak.web.dosing.worked import Typed
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.words import known, word

LONGEST = 1000


class NoSuchDose(Refused):
    """The order is refused; each sentence says why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self._findings = [one for one in findings if one.strength is Strength.REFUSES]
        super().__init__("dosing.refused", why=self._why("en"))

    def _why(self, language: str) -> str:
        return " ".join(spoken(known(language)).say(one.reason) for one in self._findings)

    def _said(self, language: str) -> str:
        return word(self.id, language, why=self._why(language))


@transaction.atomic
def order(
    course: Course,
    typed: Typed,
    *,
    booking: Booking | None,
    reason: str,
    seen: str,
    replaces: UUID | None,
    language: str,
    by: Person,
    at: datetime,
    key: UUID,
) -> Order:
    """Order a dose for the treatments of a course, or for one visit. `seen`: what the page showed of it (`worked.seen`);
    `replaces`: the version that it showed, None when there was none."""
    patient, course, booking = _begin(course, booking, by=by, at=at)
    content = {"course": course.id, "booking": booking and booking.id, "typed": repr(typed), "reason": reason}
    if earlier := keys.known(key, action="dose_order", content=content | {"by": by.id}):
        return Order.objects.get(pk=earlier)
    last = _last(course, booking, replaces)
    plan = _worked(course, patient, booking, typed, at=at)
    if worked.seen(typed, plan) != seen:
        raise Conflict("dosing.look_again")
    if plan.refused:
        raise NoSuchDose(plan.findings)
    if (plan.deviates and not reason) or len(reason) > LONGEST:
        raise Refused("dosing.reason_missing", in_field="reason", most=LONGEST)
    if typed.weight_from not in ("", RECORD, SCALE) or (typed.weight_kg is None) != (typed.weight_from == ""):
        raise Refused("error.bad_request")
    assert plan.dose_mg is not None
    row = Order(
        **_common(patient, course, booking, by=by, at=at),
        **_kept(typed),
        dose_mg=f"{plan.dose_mg:f}",
        deviates=plan.deviates,
        reason=reason if plan.deviates else "",
        content=worked.content(typed, plan, lang=language),
        replaces=last,
    )
    _save(row, "dose_ordered", course, patient)
    _remember(key, "dose_order", content | {"by": by.id}, row)
    return row


@transaction.atomic
def take_back(row: Order, *, reason: str, by: Person, at: datetime, key: UUID) -> Order:
    """The order holds no longer, and why; nothing takes its place. Of a visit the order of the course holds then."""
    patient, course, booking = _begin(row.course, row.booking, by=by, at=at, back=True)
    content = {"order": row.id, "reason": reason, "by": by.id}
    if earlier := keys.known(key, action="dose_order_back", content=content):
        return Order.objects.get(pk=earlier)
    last = _last(course, booking, row.id)
    if last is None or last.over:
        raise Conflict("dosing.changed")
    if not reason or len(reason) > LONGEST:
        raise Refused("dosing.reason_missing", in_field="reason", most=LONGEST)
    names = [one.attname for one in Order._meta.concrete_fields]
    told = {name: getattr(last, name) for name in names if name not in ("id", "created", "by_id", "replaces_id")}
    over = Order(**told | {"id": ids.new(), "created": at, "by": by, "replaces": last, "over": True, "reason": reason})
    _save(over, "dose_order_taken_back", course, patient)
    _remember(key, "dose_order_back", content, over)
    return over


def _begin(
    course: Course, booking: Booking | None, *, by: Person, at: datetime, back: bool = False
) -> tuple[Patient, Course, Booking | None]:
    patient = locked(Patient, pk=course.patient_id)
    course = Course.objects.select_related("site").get(pk=course.pk)
    require(by, Permission.PLAN_COURSES, at=at, site_id=course.site_id)
    if CourseEnd.objects.filter(course=course).exists():
        raise Conflict("courses.over_already")
    if booking is not None:
        booking = Booking.objects.get(pk=booking.pk)
        if not back and (booking.course_id not in (None, course.pk) or standing(booking).over):
            raise Refused("dosing.no_such_visit")
    return patient, course, booking


def _last(course: Course, booking: Booking | None, seen: UUID | None) -> Order | None:
    last = queries.newest(course, booking)
    if (last.id if last else None) != seen:
        raise Conflict("dosing.changed")
    return last


def _worked(course: Course, patient: Patient, booking: Booking | None, typed: Typed, *, at: datetime) -> Plan:
    day = zones.day(standing(booking).starts if booking else at, course.site.zone)
    ground = worked.ground(course, patient, day=day, before=booking)
    if typed.ladder not in {one.id for one in ground.ladders}:
        raise Refused("error.bad_request")
    return ground.plan(typed)


def _kept(typed: Typed) -> dict[str, Any]:
    numbers = ("amount", "weight_kg", "height_cm", "concentration_mg_per_ml")
    kept = {name: f"{value:f}" if (value := getattr(typed, name)) is not None else "" for name in numbers}
    others = ("ladder", "unit", "basis", "weight_from", "weighed", "minutes")
    return kept | {name: getattr(typed, name) for name in others}


def _common(patient: Patient, course: Course, booking: Booking | None, *, by: Person, at: datetime) -> dict[str, Any]:
    about = {"patient": patient, "course": course, "booking": booking, "by": by}
    return {"id": ids.new(), "organisation_id": patient.organisation_id, "created": at, **about}


def _save(row: Order, action: str, course: Course, patient: Patient) -> None:
    row.save(force_insert=True)
    trail.wrote(row, action=action, who=row.by_id, at=row.created, subject=patient.id, site=course.site_id)


def _remember(key: UUID, action: str, content: Mapping[str, Any], row: Order) -> None:
    about = {"answer": row.id, "organisation_id": row.organisation_id, "at": row.created}
    keys.remember(key, action=action, content=content, **about)
