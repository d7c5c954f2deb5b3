"""What was asked of a patient, and what stands in a form now?"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from daybreak.knowledge.spans import span
from daybreak.web.forms.models import Answer, Sitting
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.reach import queries as reach


def answers(sitting: Sitting) -> dict[str, str]:
    """The answer to each question as it counts now."""
    return dict(in_time().filter(sitting=sitting).order_by("seq").values_list("question", "value"))


def in_time() -> QuerySet[Answer]:
    """The answers that came before their form was over."""
    return Answer.objects.filter(Q(sitting__ending=None) | Q(created__lte=F("sitting__ending__created")))


def late(sitting: Sitting) -> dict[str, str]:
    """The answer to each question that came after the form was over."""
    rows = Answer.objects.filter(sitting=sitting, created__gt=F("sitting__ending__created"))
    return dict(rows.order_by("seq").values_list("question", "value"))


def minutes(sitting: Sitting) -> int:
    """How long the patient answered, from the first answer to the last; a long pause counts as a short one."""
    moments = list(Answer.objects.filter(sitting=sitting).order_by("seq").values_list("created", flat=True))
    pause = span("form-pause")
    spent = sum((min(later - earlier, pause) for earlier, later in itertools.pairwise(moments)), timedelta())
    return max(1, round(spent.total_seconds() / 60))


def of(patient: Patient) -> list[Sitting]:
    """Everything that was asked, the newest first; of records that are read as one, of all of them."""
    found = Sitting.objects.filter(patient__in=patients.together(patient)).select_related(
        "by", "site", "ending", "ending__by"
    )
    return list(found.order_by("-id"))


def sittings_of(patients: Iterable[UUID]) -> QuerySet[Sitting, UUID]:
    """The ids of what was asked of these patients."""
    return Sitting.objects.filter(patient__in=patients).values_list("id", flat=True)


def one(patient: Patient, id: UUID) -> Sitting | None:
    """One of them."""
    found = Sitting.objects.filter(patient__in=patients.together(patient), pk=id)
    return found.select_related("patient", "site", "by", "ending", "ending__by").first()


def over(sitting: Sitting) -> bool:
    """Is nothing more to be answered?"""
    return hasattr(sitting, "ending")


def died(sitting: Sitting) -> bool:
    """Is the patient recorded as died, on any record of the person?"""
    return reach.died(sitting.patient_id)


def last_answer(sitting: Sitting) -> datetime | None:
    """When the last answer came."""
    return Answer.objects.filter(sitting=sitting).order_by("-seq").values_list("created", flat=True).first()
