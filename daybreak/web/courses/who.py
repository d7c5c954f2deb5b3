"""Who are the patients of these visits? Read once, however many parts of a page ask."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from daybreak.web.courses.state import Standing
from daybreak.web.patients.models import Details


def details(visits: Sequence[Standing]) -> dict[UUID, Details]:
    """By patient, the details that count now. What was read for these visits before is not read again."""
    newest = Prefetch("patient__details", Details.objects.filter(replaced_by__isnull=True), to_attr="newest_details")
    prefetch_related_objects([one.booking for one in visits], newest)
    return {row.patient_id: row for one in visits for row in one.booking.patient.newest_details}
