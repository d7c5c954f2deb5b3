"""Who is called about a task that is `now`, when, and what came of it?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from daybreak.knowledge.suicide import calling as rule
from daybreak.knowledge.watch import jump
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.letters import WAITS
from daybreak.web.people.models import Person
from daybreak.web.tasks import calling, queries
from daybreak.web.tasks.models import (
    HAS_OWNER,
    NO_ADDRESS,
    NOBODY,
    NOTIFIED,
    Call,
    Called,
    Kind,
    Level,
    Task,
    What,
)
from daybreak.web.tasks.state import State

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
    """Every call that is due and was not made, the oldest first; then new ones about what `again` finds.

    Each is a transaction of its own. One that cannot be made holds back no other; the next turn tries it again.
    """
    set_back = Q(created__gt=at + jump())  # the clock went back since: nobody knows for how long it is due
    due = Call.objects.filter(Q(due__lte=at) | set_back, called__isnull=True).order_by("due", "step")
    for id in list(due.values_list("pk", flat=True)[:200]):
        _alone(make, id, at=at)
    rows = _quiet(at=at).select_related("owner").order_by("created", "id")
    quiet = [task for task, now in queries.with_states(list(rows), at=at) if _calls_again(task, now, at=at)]
    there = calling.to_call_at({task.site_id for task in quiet}, at=at) if quiet else {}
    for task in quiet:
        if there[task.site_id]:
            _alone(again, task.id, at=at)


def _alone(act: Callable[..., object], id: UUID, *, at: datetime) -> None:
    try:
        act(id, at=at)
    except Exception as error:  # its kind alone: its text may be about a patient
        log.error("call %s could not be made: %s", id, type(error).__name__)


@transaction.atomic
def again(id: UUID, *, at: datetime) -> None:
    """Call people about the task once more, if all its calls are over and it still needs it."""
    locked(Task, pk=id)
    for task, now in queries.with_states(list(_quiet(at=at).filter(pk=id)), at=at):
        if _calls_again(task, now, at=at):
            plan(task, at=at)


def _quiet(*, at: datetime) -> QuerySet[Any]:
    """What is urgent and open, and about which no call is to come; `result` and `called` are of the last one, of which one
    from before the clock went back is none."""
    last = Called.objects.filter(call__task=OuterRef("pk"), created__lte=at + jump()).order_by("-created", "-id")
    rows = queries.still_open(Task.objects.filter(level=Level.NOW))
    return rows.exclude(Exists(Call.objects.filter(task=OuterRef("pk"), called__isnull=True))).annotate(
        result=Subquery(last.values("result")[:1]), called=Subquery(last.values("created")[:1])
    )


def _calls_again(task: Any, now: State, *, at: datetime) -> bool:
    """Nobody could be called; or who had it may not see it any more; or it is late and neglected, and the last call long ago."""
    if now.untaken and task.result != NOTIFIED:
        return True
    return _neglected(task, now, at=at) and (task.called is None or at - task.called >= rule().again)


def _neglected(task: Task, now: State, *, at: datetime) -> bool:
    """Is an answer about suicide late, did nobody try anything since it was given back, and was it taken long ago, if at all?"""
    if task.kind != Kind.SUICIDE or at <= task.due:
        return False
    since = list(takewhile(lambda one: one.what != What.RETURNED, reversed(now.events)))
    taken = next((one.happened for one in since if one.what == What.TAKEN), None)
    return not any(one.what == What.ATTEMPT for one in since) and (taken is None or at - taken >= rule().again)


@transaction.atomic
def make(id: UUID, *, at: datetime) -> Called:
    """Make the call, once, whoever comes first: the next one in the order that covers this minute gets a notice."""
    call = locked(Call, pk=id)
    if earlier := Called.objects.filter(call=call).first():
        return earlier
    task = locked(Task, pk=call.task_id)  # nobody takes it between the look and the call
    [(task, now)] = queries.with_states([task], at=at)
    if not now.open or (not now.untaken and not _neglected(task, now, at=at)):
        return _done(call, task, HAS_OWNER, at=at)
    there = calling.to_call(task.site_id, at=at)
    if not there:
        some = calling.named(calling.covering(task.site_id, at=at))
        return _done(call, task, NO_ADDRESS if some else NOBODY, at=at)
    person = there[call.step % len(there)]
    outbox.post(person, WAITS, about=task.id, urgent=True, at=at, organisation_id=task.organisation_id)
    return _done(call, task, NOTIFIED, person=person, at=at)


def _done(call: Call, task: Task, result: str, *, person: Person | None = None, at: datetime) -> Called:
    row = Called(
        id=ids.new(), organisation_id=call.organisation_id, created=at, call=call, result=result, person=person
    )
    row.save(force_insert=True)
    trail.wrote(row, action="call_made", who=None, at=at, via="clock", subject=task.patient_id, site=task.site_id)
    return row
