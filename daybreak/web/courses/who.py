"""Who are the patients of these visits, and which course do they belong to? Read once, however many parts of a page ask."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from daybreak.web.courses.models import Course, Visit
from daybreak.web.courses.state import Standing
from daybreak.web.patients.models import Details


def details(visits: Sequence[Standing]) -> dict[UUID, Details]:
    """By patient, the details that count now. What was read for these visits before is not read again."""
    newest = Prefetch("patient__details", Details.objects.filter(replaced_by__isnull=True), to_attr="newest_details")
    prefetch_related_objects([one.booking for one in visits], newest)
    return {row.patient_id: row for one in visits for row in one.booking.patient.newest_details}


def with_courses(visits: Sequence[Standing]) -> None:
    """A treatment that was booked before there was a course belongs to the one that is open at its site, once there is one."""
    lone = [one.booking for one in visits if one.booking.visit == Visit.TREATMENT and one.booking.course_id is None]
    if not lone:
        return
    found = Course.objects.filter(patient__in={one.patient_id for one in lone}, end__isnull=True).order_by("id")
    now = {(one.patient_id, one.site_id): one for one in found}
    for booking in lone:
        booking.course = now.get((booking.patient_id, booking.site_id))
