"""Who are the patients of these visits, which course do they belong to, and for which other treatments are they booked?

Read once, however many parts of a page ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from daybreak.web.courses.models import Booking, Course, Visit
from daybreak.web.courses.state import Standing, standings
from daybreak.web.patients.models import Details
from daybreak.web.patients.queries import all_together


def details(visits: Sequence[Standing]) -> dict[UUID, Details]:
    """By patient, the details that count now. What was read for these visits before is not read again."""
    newest = Prefetch("patient__details", Details.objects.filter(replaced_by__isnull=True), to_attr="newest_details")
    prefetch_related_objects([one.booking for one in visits], newest)
    return {row.patient_id: row for one in visits for row in one.booking.patient.newest_details}


def together(visits: Sequence[Standing]) -> dict[UUID, list[UUID]]:
    """By patient, the records that are read as one with theirs, itself first; read once for these visits."""
    bookings = [one.booking for one in visits]
    prefetch_related_objects(bookings, "patient")
    patients = [one.patient for one in bookings]
    new = {one.pk for one in patients if "together" not in one.__dict__}
    found = all_together(new) if new else {}
    for one in patients:
        one.__dict__.setdefault("together", found.get(one.pk))
    return {one.pk: list(one.__dict__["together"]) for one in patients}


def treatments(visits: Sequence[Standing]) -> list[Standing]:
    """Every treatment of these patients, on whichever of their records, by time; each of `visits` as it is here."""
    if any("treatments" not in one.read for one in visits):
        records = {id for those in together(visits).values() for id in those}
        known = {one.booking.pk: one for one in visits}
        found = standings(Booking.objects.filter(patient__in=records, visit=Visit.TREATMENT))
        every = [known.get(one.booking.pk, one) for one in found]
        every.sort(key=lambda one: (one.starts, one.booking.pk))
        for one in visits:
            one.read["treatments"] = every
    return visits[0].read["treatments"] if visits else []


def with_courses(visits: Sequence[Standing]) -> None:
    """A treatment that was booked before there was a course belongs to the one that is open at its site, once there is one,
    on whichever record of the person it was begun."""
    lone = [one for one in visits if one.booking.visit == Visit.TREATMENT and one.booking.course_id is None]
    if not lone:
        return
    records = together(lone)
    every = {id for those in records.values() for id in those}
    now = {(one.patient_id, one.site_id): one for one in _open(every)}
    for booking in (one.booking for one in lone):
        found = (now.get((id, booking.site_id)) for id in records[booking.patient_id])
        booking.course = next((one for one in found if one), None)


def _open(records: set[UUID]) -> QuerySet[Course]:
    return Course.objects.filter(patient__in=records, end__isnull=True).order_by("id")
