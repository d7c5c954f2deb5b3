"""Who is called about a task that is `now`, when, and what came of it?"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.suicide import calling as rule
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.letters import WAITS
from daybreak.web.people.models import Person
from daybreak.web.tasks import calling
from daybreak.web.tasks.models import HAS_OWNER, NO_ADDRESS, NOBODY, NOTIFIED, Call, Called, Task
from daybreak.web.tasks.state import state

log = logging.getLogger("daybreak.tasks")


def plan(task: Task, *, at: datetime) -> None:
    """Somebody is called at once and, unless somebody takes the task, the next ones later. In the task's transaction."""
    for step, after in enumerate((timedelta(0), *rule().escalation)):
        call = Call(
            id=ids.new(), organisation_id=task.organisation_id, created=at, task=task, step=step, due=at + after
        )
        call.save(force_insert=True)
        trail.wrote(
            call, action="call_planned", who=None, at=at, via="clock", subject=task.patient_id, site=task.site_id
        )
        if step == 0:
            make(call.id, at=at)


def call_due(*, at: datetime) -> None:
    """Every call that is due and was not made, the oldest first; each in a transaction of its own.

    One that cannot be made holds back no other; the next turn tries it again.
    """
    due = Call.objects.filter(due__lte=at, called__isnull=True).order_by("due", "step")
    for id in list(due.values_list("pk", flat=True)[:200]):
        try:
            make(id, at=at)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("call %s could not be made: %s", id, type(error).__name__)


@transaction.atomic
def make(id: UUID, *, at: datetime) -> Called:
    """Make the call, once, whoever comes first: the next one in the order that covers this minute gets a notice."""
    call = locked(Call, pk=id)
    if earlier := Called.objects.filter(call=call).first():
        return earlier
    task = locked(Task, pk=call.task_id)  # nobody takes it between the look and the call
    now = state(task)
    if not now.open or now.owner is not None:
        return _done(call, task, HAS_OWNER, at=at)
    there = calling.to_call(task.site_id, at=at)
    if not there:
        some = calling.named(calling.covering(task.site_id, at=at))
        return _done(call, task, NO_ADDRESS if some else NOBODY, at=at)
    person = there[call.step % len(there)]
    outbox.post(person, WAITS, about=task.id, at=at, organisation_id=task.organisation_id)
    return _done(call, task, NOTIFIED, person=person, at=at)


def _done(call: Call, task: Task, result: str, *, person: Person | None = None, at: datetime) -> Called:
    row = Called(
        id=ids.new(), organisation_id=call.organisation_id, created=at, call=call, result=result, person=person
    )
    row.save(force_insert=True)
    trail.wrote(row, action="call_made", who=None, at=at, via="clock", subject=task.patient_id, site=task.site_id)
    return row
