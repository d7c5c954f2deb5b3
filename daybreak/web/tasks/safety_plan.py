"""Which safety plan has the patient, and since when? The newest form of its kind that was written to the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daybreak.web import zones
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Ended, Ending
from daybreak.web.patients import queries as patients

FORM = "plan:safety-plan"


@dataclass(frozen=True, slots=True)
class SafetyPlan:
    """Where it is read, and the day on which it was written."""

    sitting: UUID
    patient: UUID
    day: date


def newest(patient_id: UUID) -> SafetyPlan | None:
    """Of any record of the person; one in which nothing is said is none."""
    together = patients.all_together([patient_id])[patient_id]
    rows = Ending.objects.filter(sitting__patient__in=together, sitting__form=FORM, how=Ended.FINISHED)
    last = rows.select_related("sitting__site").order_by("-created", "-id").first()
    if last is None or not last.sitting.answers.exclude(value=NOT_SAID).exists():
        return None
    return SafetyPlan(last.sitting_id, last.sitting.patient_id, zones.day(last.created, last.sitting.site.zone))
