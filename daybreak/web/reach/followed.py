"""Who is still called though their treatment has ended? Their messages stop; the question about suicide does not."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.reach import after_stop, within
from daybreak.web.courses.queries import where
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach import queries
from daybreak.web.reach.models import STOPPED, Standing
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level, Task

log = logging.getLogger("daybreak.reach")
CALL = "reach.task_after_stop"


def look(*, at: datetime) -> int:
    """Make every call that is due since somebody's treatment ended; how many. After a clock that was off, the last one alone."""
    days = after_stop()
    rows = Standing.objects.filter(kind=STOPPED, created__lte=at - days[0], created__gt=at - days[-1] - days[0])
    count = 0
    for id, patient, since in list(rows.values_list("pk", "patient", "created")):
        nth = sum(since + day <= at for day in days)
        try:
            count += _call(id, patient, nth, at=at)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("the call after stop %s could not be asked for: %s", id, type(error).__name__)
    return count


@transaction.atomic
def _call(id: UUID, patient_id: UUID, nth: int, *, at: datetime) -> bool:
    """Done only with an answer about suicide, or after the tries of the site's rule."""
    source = f"after stop {id} {nth}"
    if Task.objects.filter(source=source).exists():
        return False
    patient = locked(Patient, pk=patient_id)
    last = queries.standing(patient)
    if last is None or last.pk != id:  # since then it is over, or something else was said
        return False
    tasks.make(
        source=source,
        kind=Kind.MISSED,
        what=CALL,
        site=where(patient),
        patient=patient,
        level=Level.BY,
        due=at + within("after-stop"),
        permission=Permission.READ_PATIENTS,
        role=Role.NURSE,
        where=f"/patients/{patient.id}/",
        by=None,
        at=at,
        via="clock",
    )
    return True
