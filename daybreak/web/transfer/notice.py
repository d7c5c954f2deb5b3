"""Who besides the receiver is told that a patient goes to another clinic, and whose task is it?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from daybreak.knowledge.deadlines import days
from daybreak.knowledge.notices import notices
from daybreak.web import zones
from daybreak.web.courses.models import Course
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level
from daybreak.web.transfer import drafted
from daybreak.web.transfer.models import Transfer
from daybreak.web.words import known


def draft(row: Transfer, *, by: Person, at: datetime) -> None:
    """A task for whoever sends the record, and the drafted paper, for each notice that the patient's courses ask for, in the
    same transaction."""
    for one in _due(row.patient):
        drafted.keep(row, one, by=by, at=at)
        due = zones.day(at, row.site.zone) + timedelta(days=days("transfer-notice") + 1)
        tasks.make(
            source=f"transfer {one['id']} {row.id}",
            kind=Kind.OTHER,
            what="transfer.task_notice",
            site=row.site,
            patient=row.patient,
            level=Level.BY,
            due=zones.midnight(due, row.site.zone),
            permission=Permission.READ_SCREENING,
            owner=by,
            where=f"/patients/{row.patient_id}/transfer/",
            by=by,
            at=at,
        )


def says(patient: Patient, language: str) -> list[str]:
    """What is told, and to whom, in the reader's language."""
    return [str(one["says"][known(language)]) for one in _due(patient)]


def _due(patient: Patient) -> list[Mapping[str, Any]]:
    courses = Course.objects.filter(patient__in=queries.together(patient))
    return list(notices(set(courses.values_list("protocol", flat=True))))
