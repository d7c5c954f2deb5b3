"""How does a task come to be, move from hand to hand, and end?

Each action locks the task, asks permission, looks at the state, writes and audits, in this order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.letters import WAITS
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.roles import Role
from daybreak.web.reach import queries as reach
from daybreak.web.reach.models import CUSTODY, DIED, HOSPITAL, MOVED
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import answers, paging, unreached_rule
from daybreak.web.tasks.models import Event, Hidden, Kind, Level, Task, Tied, What
from daybreak.web.tasks.queries import may_have
from daybreak.web.tasks.state import State, state

LONGEST = 4000
DONE, NOT_NEEDED, ASSESSED = "done", "not_needed", "assessed"
REACHED, NOT_REACHED = "reached", "not_reached"
WHERE = "where"  # what a further answer told
# Their act itself closes them: why nobody says "done" instead.
NOT_CALLED = (DIED, HOSPITAL, CUSTODY, MOVED)  # with one of these written down nobody has to try
DONE_BY_ACT = {
    Kind.SIGNATURE: "tasks.needs_signature",
    Kind.ACCESS: "tasks.needs_review",
    Kind.REFERRAL: "tasks.needs_end_of_referral",
}

# What is owed to somebody outside until an act of its own ends it, by the sentence of the task: nobody ends it by hand instead.
OWED = {
    "rems.task": "rems.task_owed",
    "rems.task_again": "rems.task_owed",
    "rems.task_day": "rems.task_owed",
    "rems.task_somewhere": "rems.task_owed",
}


@transaction.atomic
def make(
    *,
    source: str,
    kind: Kind,
    what: str,
    values: Mapping[str, str] | None = None,
    site: Site,
    patient: Patient | None = None,
    level: Level,
    due: datetime,
    permission: Permission,
    role: Role | None = None,
    owner: Person | None = None,
    where: str = "",
    hidden_from: Iterable[UUID] = (),
    by: Person | None,
    at: datetime,
    via: str = "web",
) -> Task:
    """A new task, in the transaction of the event that calls for it; the same `source` makes the same task once.

    `what` is a sentence of `words.yaml` without clinical values in `values` that the permission does not cover. Whoever
    calls it has judged what happened; it is no request of a person, so it has neither key nor permission of its own.
    """
    if earlier := Task.objects.filter(source=source).first():
        return earlier
    task = Task(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        source=source,
        kind=kind.value,
        level=level.value,
        due=due,
        site=site,
        patient=patient,
        permission=permission.value,
        role=role.value if role else "",
        owner=owner,
        what=what,
        values=json.dumps(dict(values or {})),
        where=where,
        by=by,
    )
    task.save(force_insert=True)
    trail.wrote(task, action="task_made", who=by and by.id, at=at, via=via, subject=task.patient_id, site=site.id)
    for person_id in sorted(hidden_from):
        row = Hidden(id=ids.new(), organisation_id=task.organisation_id, created=at, task=task, person_id=person_id)
        row.save(force_insert=True)
        trail.wrote(row, action="task_hidden", who=by and by.id, at=at, via=via, site=site.id)
    if level is Level.NOW and owner is None:
        paging.plan(task, at=at)
    return task


@transaction.atomic
def tie(*, source: str, patient: Patient, by: Person, at: datetime) -> Tied | None:
    """What waited before there was a record is about this patient, in the transaction that says so. None: no such task."""
    task = Task.objects.select_for_update().filter(source=source, patient=None).first()
    if task is None or Tied.objects.filter(task=task).exists():
        return None
    row = Tied(id=ids.new(), organisation_id=task.organisation_id, created=at, task=task, patient=patient, by=by)
    row.save(force_insert=True)
    trail.wrote(row, action="task_tied", who=by.id, at=at, subject=patient.id, site=task.site_id)
    return row


@transaction.atomic
def take(task: Task, *, by: Person, at: datetime, key: UUID) -> Event:
    """From now on it is this person's, whoever had it before: on call nobody has to be asked first."""
    task, earlier = _begin(task, What.TAKEN, {}, by=by, at=at, key=key)
    if earlier:
        return earlier
    now = _open(task)
    if now.owner is not None and now.owner.pk == by.pk and not now.given:
        raise Refused("tasks.yours_already")
    return _add(task, now, What.TAKEN, by=by, at=at, key=key)


@transaction.atomic
def offer(task: Task, *, to: Person, text: str = "", notify: bool = True, by: Person, at: datetime, key: UUID) -> Event:
    """Ask somebody to take it. It stays where it is until they do: a task is in nobody's hands at no moment.

    `notify` False: whoever offers many at once sends one notice for all.
    """
    content = {"to": to.id, "text": text}
    task, earlier = _begin(task, What.OFFERED, content, by=by, at=at, key=key)
    if earlier:
        return earlier
    now = _open(task)
    if not may_have(to, task, at=at):
        raise Refused("tasks.cannot_take", name=to.display_name)
    if to.pk == by.pk:
        raise Refused("tasks.not_to_oneself")
    event = _add(task, now, What.OFFERED, to=to, text=_fit(text), by=by, at=at, key=key, content=content)
    if notify:
        outbox.post(to, WAITS, about=task.id, at=at, organisation_id=task.organisation_id)
    return event


@transaction.atomic
def give(task: Task, *, to: Person, by: Person, at: datetime, key: UUID) -> Event:
    """Whoever is on call has what nobody had, from the moment at which the day is closed; they may give it back.

    It is no word of theirs: people are still called about what is urgent until they take it.
    """
    content = {"to": to.id}
    task, earlier = _begin(task, What.GIVEN, content, by=by, at=at, key=key)
    if earlier:
        return earlier
    now = _open(task)
    if not may_have(to, task, at=at):
        raise Refused("tasks.cannot_take", name=to.display_name)
    if now.owner is not None:
        raise Conflict("tasks.has_somebody")
    return _add(task, now, What.GIVEN, to=to, by=by, at=at, key=key, content=content)


@transaction.atomic
def give_back(task: Task, *, text: str, by: Person, at: datetime, key: UUID) -> Event:
    """Its owner gives it back to the role that it waited for, and says why. What is `now` calls people again."""
    content = {"text": text}
    task, earlier = _begin(task, What.RETURNED, content, by=by, at=at, key=key)
    if earlier:
        return earlier
    now = _open(task)
    if now.owner is None or now.owner.pk != by.pk:
        raise Conflict("tasks.not_yours")
    if not task.role:
        raise Refused("tasks.named_to_you")
    event = _add(task, now, What.RETURNED, text=_told(text), by=by, at=at, key=key, content=content)
    if task.level == Level.NOW:
        paging.plan(task, at=at)
    return event


@transaction.atomic
def attempt(task: Task, *, result: str, text: str, happened: datetime, by: Person, at: datetime, key: UUID) -> Event:
    """Somebody tried to reach the patient, or whoever can help, at that time; it closes nothing."""
    content = {"result": result, "text": text, "ago": int((at - happened).total_seconds() // 60)}
    task, earlier = _begin(task, What.ATTEMPT, content, by=by, at=at, key=key)
    if earlier:
        return earlier
    now = _open(task)
    if result not in (REACHED, NOT_REACHED):
        raise Refused("tasks.result_missing")
    if happened > at:
        raise Refused("tasks.in_future")
    more = {"result": result, "text": _told(text), "happened": happened}
    return _add(task, now, What.ATTEMPT, **more, by=by, at=at, key=key, content=content)


@transaction.atomic
def note(task: Task, *, text: str, by: Person, at: datetime, key: UUID) -> Event:
    """Something that the next one has to know."""
    content = {"text": text}
    task, earlier = _begin(task, What.NOTE, content, by=by, at=at, key=key)
    if earlier:
        return earlier
    return _add(task, _open(task), What.NOTE, text=_told(text), by=by, at=at, key=key, content=content)


@transaction.atomic
def close(task: Task, *, result: str, text: str, by: Person, at: datetime, key: UUID) -> Event:
    """Done, or not needed any more and why. A suicide task is not closed like this, and what an act closes is not called
    done without it. The call after a no-show goes on until somebody was reached or the rule ends. Whoever opened a record
    in an emergency cannot spare themselves the review.
    """
    content = {"result": result, "text": text}
    task, earlier = _begin(task, What.CLOSED, content, by=by, at=at, key=key)
    if earlier:
        return earlier
    now = _open(task)
    if task.kind == Kind.SUICIDE:
        raise Refused("tasks.needs_assessment")
    if task.kind == Kind.REQUEST:  # not "not needed" either: whoever asked gets an answer
        raise Refused("tasks.needs_answer")
    if task.what in OWED:
        raise Refused(OWED[task.what])
    if result not in (DONE, NOT_NEEDED):
        raise Refused("tasks.result_missing")
    if needs := DONE_BY_ACT.get(Kind(task.kind)) if result == DONE else None:
        raise Refused(needs)
    if task.kind == Kind.MISSED and result == DONE and not answers.asked_since(task):
        raise Refused("tasks.needs_suicide_answer")
    if task.kind == Kind.MISSED and result == NOT_NEEDED and not (_cannot_be_called(task) or _tried_enough(task, now)):
        raise Refused("tasks.needs_tries")
    if task.kind == Kind.ACCESS and task.by_id == by.pk:
        raise Refused("tasks.not_by_opener")
    said = _told(text) if result == NOT_NEEDED else _fit(text)
    return _add(task, now, What.CLOSED, result=result, text=said, by=by, at=at, key=key, content=content)


@transaction.atomic
def assess(task: Task, *, assessment: str, plan: str, by: Person, at: datetime, key: UUID) -> Event:
    """Close a suicide task with the assessment and the plan of a named prescriber or evaluator."""
    content = {"assessment": assessment, "plan": plan}
    task, earlier = _begin(task, What.CLOSED, content, by=by, at=at, key=key, permission=Permission.ASSESS_RISK)
    if earlier:
        return earlier
    now = _open(task)
    if task.kind != Kind.SUICIDE:
        raise Refused("tasks.needs_no_assessment")
    if not assessment.strip() or not plan.strip():
        raise Refused("tasks.assessment_missing")
    more = {"result": ASSESSED, "text": _fit(assessment), "plan": _fit(plan)}
    return _add(task, now, What.CLOSED, **more, by=by, at=at, key=key, content=content)


@transaction.atomic
def answered(task: Task, *, text: str, where: bool = False, by: Person | None, at: datetime) -> Event:
    """A further answer joins a task that waits, in the transaction that wrote the answer. `where`: it says where the patient
    is, and on which number."""
    task = locked(Task, pk=task.pk)
    return _write(task, _open(task), What.ANSWER, result=WHERE if where else "", text=text, by=by, at=at)


@transaction.atomic
def done(*, source: str, by: Person | None, at: datetime, result: str = DONE, text: str = "") -> Event | None:
    """The act that the task of this source asked for has been done by this person (None: nobody here), or is `NOT_NEEDED`
    any more, with `text` why; call it in the act's transaction.

    None when there is no such task or it is closed. Never for a suicide task: its own closing is the act.
    """
    task = Task.objects.select_for_update().filter(source=source).exclude(kind=Kind.SUICIDE).first()
    if task is None or not (now := state(task)).open:
        return None
    return _write(task, now, What.CLOSED, result=result, text=text, by=by, at=at)


def _cannot_be_called(task: Task) -> bool:
    """Is it written down that the patient is in hospital or in custody, looked after elsewhere, or dead?"""
    stands = reach.standing(task.patient_id) if task.patient_id else None
    return stands is not None and stands.kind in NOT_CALLED


def _tried_enough(task: Task, now: State) -> bool:
    """Was somebody reached, or is the last step of the site's rule due and what came of it written down?"""
    tried = [one for one in now.events if one.what == What.ATTEMPT]
    if any(one.result == REACHED for one in tried):
        return True
    last = max(after for after, _ in unreached_rule.steps(unreached_rule.signed(task.site_id)))
    after = now.events[tried[last - 1].seq :] if len(tried) >= last else ()
    return any(one.what in (What.ATTEMPT, What.NOTE) for one in after)


def _begin(
    task: Task,
    what: What,
    content: Mapping[str, Any],
    *,
    by: Person,
    at: datetime,
    key: UUID,
    permission: Permission | None = None,
) -> tuple[Task, Event | None]:
    """Lock, permission, and the answer to the same request when it was made before."""
    task = locked(Task, pk=task.pk)
    if not may_have(by, task, at=at):
        raise Forbidden("people.may_not")
    if permission:
        require(by, permission, at=at, site_id=task.site_id)
    earlier = keys.known(key, action=f"task_{what}", content=_content(task, by, content))
    return task, Event.objects.get(pk=earlier) if earlier else None


def _open(task: Task) -> State:
    now = state(task)
    if now.closed is not None:
        if now.closed.by is None:
            raise Conflict("tasks.done_meanwhile")
        raise Conflict("tasks.closed_meanwhile", name=now.closed.by.display_name)
    return now


def _add(
    task: Task,
    now: State,
    what: What,
    *,
    by: Person,
    at: datetime,
    key: UUID,
    content: Mapping[str, Any] | None = None,
    **more: Any,
) -> Event:
    row = _write(task, now, what, by=by, at=at, **more)
    told = _content(task, by, content or {})
    keys.remember(key, action=f"task_{what}", content=told, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _write(task: Task, now: State, what: What, *, by: Person | None, at: datetime, **more: Any) -> Event:
    row = Event(
        id=ids.new(),
        organisation_id=task.organisation_id,
        created=at,
        task=task,
        seq=now.next,
        what=what.value,
        by=by,
        **{"happened": at, **more},
    )
    row.save(force_insert=True)
    trail.wrote(row, action=f"task_{what}", who=by and by.id, at=at, subject=task.whose_id, site=task.site_id)
    return row


def _content(task: Task, by: Person, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"task": task.id, "by": by.id, **content}


def _told(text: str) -> str:
    if not text.strip():
        raise Refused("tasks.text_missing")
    return _fit(text)


def _fit(text: str) -> str:
    if len(text) > LONGEST:
        raise Refused("tasks.text_too_long", most=LONGEST)
    return text.strip()
