"""How does a prescriber sign what lies between two ketamine products, or write why a course is right without it?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daybreak.clinical.courses.apart import Dose
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.courses import apart
from daybreak.web.courses.events import LONGEST
from daybreak.web.courses.models import Course, CourseEnd, Interval, WithoutInterval
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.words import word

DIGITS = 3  # of a number of days


class TooSoon(Refused):
    """The first treatment would come within the interval; both days and both products are named."""

    def __init__(self, dose: Dose, product: str, first: date, *, days: Interval | None) -> None:
        self.other, self.product = dose.product, product
        told = {"last": str(dose.when), "first": first.isoformat(), "days": days and days.days}
        super().__init__("courses.too_soon", in_field="starts", other=dose.product, product=product, **told)

    def _said(self, language: str) -> str:
        names = {"other": self.other, "product": self.product}
        return word(self.id, language, **self.values | {x: word(f"choice.{y}", language) for x, y in names.items()})


def newest(site_id: UUID) -> Interval | None:
    """What a prescriber signed last for the site; None: nobody has."""
    return Interval.objects.filter(site=site_id, replaced_by__isnull=True).select_related("by").first()


@transaction.atomic
def sign(site: Site, days: str, *, reason: str, seen: UUID | None, by: Person, at: datetime, key: UUID) -> Interval:
    """From now on at least so many days lie between. `seen`: the version that the page showed, None when there was none."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"site": site.id, "days": days, "reason": reason, "seen": seen}
    if earlier := keys.known(key, action="interval", content=content):
        return Interval.objects.get(pk=earlier)
    last = newest(site.id)
    if (last.id if last else None) != seen:
        raise Conflict("courses.interval_meanwhile")
    if not (days.isascii() and days.isdigit() and len(days) <= DIGITS):
        raise Refused("courses.interval_number", in_field="days", typed=days[:20])
    if not reason or len(reason) > LONGEST:
        raise Refused("courses.interval_reason", in_field="reason", most=LONGEST)
    row = Interval(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        days=int(days),
        reason=reason,
        by=by,
        replaces=last,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="interval_signed", who=by.id, at=at, site=site.id)
    keys.remember(key, action="interval", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def go_on(course: Course, reason: str, *, seen: str, by: Person, at: datetime, key: UUID) -> WithoutInterval:
    """Why the course is right although the clinic has signed no interval. It speaks of the doses that were shown: `seen` is
    the day of the newest, "" when none was known."""
    patient = locked(Patient, pk=course.patient_id)
    require(by, Permission.PLAN_COURSES, at=at, site_id=course.site_id)
    content = {"course": course.id, "reason": reason}
    if earlier := keys.known(key, action="without_interval", content=content):
        return WithoutInterval.objects.get(pk=earlier)
    if CourseEnd.objects.filter(course=course).exists():
        raise Conflict("courses.over_already")
    found = apart.of(course, patients.together(patient))
    if not found.unsigned or (found.newest.isoformat() if found.newest else "") != seen:
        raise Conflict("courses.interval_changed")
    if not reason or len(reason) > LONGEST:
        raise Refused("courses.interval_reason", in_field="reason", most=LONGEST)
    row = WithoutInterval(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        course=course,
        reason=reason,
        newest=found.newest,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="without_interval", who=by.id, at=at, subject=patient.id, site=course.site_id)
    keys.remember(
        key, action="without_interval", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row
