"""Who is still called though their treatment has ended? Their messages may stop; the question about suicide does not."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge import reach as knowledge
from daybreak.web.courses.queries import where
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach import after_stop, queries
from daybreak.web.reach.models import STOPPED, Standing
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level, Task

log = logging.getLogger("daybreak.reach")
CALL = "reach.task_after_stop"


def look(*, at: datetime) -> int:
    """Make every call that is due since somebody's treatment ended; how many. After a clock that was off, the last one alone."""
    rows = Standing.objects.filter(kind=STOPPED, created__lte=at, created__gt=at - longest())
    count = 0
    for id, patient, since in list(rows.values_list("pk", "patient", "created")):
        try:
            count += _call(id, patient, since, at=at)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("the call after stop %s could not be asked for: %s", id, type(error).__name__)
    return count


def longest() -> timedelta:
    """Who stopped longer ago is called no more."""
    return timedelta(days=after_stop.longest()) + min(knowledge.after_stop())


def ask(patient: Patient, source: str, since: datetime, *, at: datetime) -> bool:
    """The call that is due after an end at that moment, once; the caller has locked the patient. It is done only with an answer
    about suicide, or after the tries of the site's rule."""
    site = where(patient)
    rule = after_stop.signed(site.id)
    over = [day for day in after_stop.days(rule) if since + timedelta(days=day) <= at]
    # A call of signed days is known by its day: days that are signed anew neither repeat one nor swallow one.
    call = f"{source} day {over[-1]}" if over and rule else f"{source} {len(over)}"
    if not over or Task.objects.filter(source=call).exists() or (rule and _called_since(source, since, over[-1])):
        return False
    tasks.make(
        source=call,
        kind=Kind.MISSED,
        what=CALL,
        site=site,
        patient=patient,
        level=Level.BY,
        due=at + knowledge.within("after-stop"),
        permission=Permission.READ_PATIENTS,
        role=Role.NURSE,
        where=f"/patients/{patient.id}/",
        by=None,
        at=at,
        via="clock",
    )
    return True


def _called_since(source: str, since: datetime, day: int) -> bool:
    """Was this call made already, by the days that held then?"""
    return Task.objects.filter(source__startswith=f"{source} ", created__gte=since + timedelta(days=day)).exists()


@transaction.atomic
def _call(id: UUID, patient_id: UUID, since: datetime, *, at: datetime) -> bool:
    patient = locked(Patient, pk=patient_id)
    last = queries.standing(patient)
    if last is None or last.pk != id:  # since then it is over, or something else was said
        return False
    return ask(patient, f"after stop {id}", since, at=at)
