"""Which answers about suicide wait for the day by the rule that a prescriber signed, with whom, and when do they no longer?

What a patient answered alone, and only that. Where the rule does not hold, where nobody said that they are there soon enough, or
where an urgent answer of the patient is open, it is now. What is not seen to in time, what has lost its person, what stays open
of the questions that follow: people are called.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from daybreak.clinical.followup.urgency import NOW, WAITS, Said, urgency
from daybreak.clinical.records import Observation
from daybreak.knowledge.spans import span
from daybreak.knowledge.suicide import OWN, calling
from daybreak.knowledge.watch import jump
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.letters import WAITS as NOTICE
from daybreak.web.patients import queries as patients
from daybreak.web.patients import records
from daybreak.web.patients.kinds import Kind as Entries
from daybreak.web.patients.models import Entry, Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, where_they_may
from daybreak.web.people.roles import Role
from daybreak.web.rota.cover import cover
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Switched
from daybreak.web.tasks import actions, queries, safety_plan
from daybreak.web.tasks import calling as called
from daybreak.web.tasks.models import Kind, Level, Raised, Task, Waits

log = logging.getLogger("daybreak.tasks")
LATE, NOBODY, LEFT_OPEN, SET_BACK = "late", "nobody", "left_open", "set_back"


@dataclass(frozen=True, slots=True)
class Day:
    """Who sees to it by when, by which signature; `until`: what follows has to be answered by then, None: nothing is awaited."""

    owner: Person
    due: datetime
    signed: Switched
    until: datetime | None


def day(
    patient: Patient, found: Sequence[Observation], *, site_id: UUID, by: Person | None, at: datetime
) -> Day | None:
    """With whom these answers of one moment wait for the day; None: it is now."""
    signed = switches.urgency(site_id) if by is None and len(found) == 1 else None
    if signed is None:
        return None
    said = _said(patient, found[0], zones.day_at(site_id, at), since=None)
    soon = urgency(said, calling().urgency)
    urgent = queries.about(patients.together(patient)).filter(kind=Kind.SUICIDE, level=Level.NOW)
    if soon.level == NOW or queries.still_open(urgent).exists():
        return None
    named = staffed(site_id, at=at)
    until = at + calling().wait if soon.level == WAITS else None
    return Day(*named, signed, until) if named else None


def staffed(site_id: UUID, *, at: datetime) -> tuple[Person, datetime] | None:
    """Who sees to what waits for the day, and by when, within the hours in which they said that they are there: whoever may
    assess goes before others. None: nobody begins soon enough, or is there for long enough."""
    site, rule = Site.objects.get(pk=site_id), calling()
    until = at + rule.staffed + rule.today
    stretches = cover([site], since=at, until=until)[site_id].stretches(at, until)
    people = {turn.person for one in stretches for turn in one.turns if turn.confirmed}
    there = called.reachable(people)
    reads = where_they_may(people, Permission.READ_PATIENTS, at=at)
    assesses = where_they_may(people, Permission.ASSESS_RISK, at=at)
    for one in stretches:
        named = [turn.person for turn in one.turns if turn.confirmed and turn.person.pk in there]
        named = [each for each in named if (each.pk, site_id) in reads]
        due = min(one.ends, one.begins + rule.today)
        if named and one.begins - at <= rule.staffed and due - one.begins >= span("asked-least"):
            return min(named, key=lambda each: (each.pk, site_id) not in assesses), due
    return None


def note(task: Task, told: Day, *, at: datetime) -> Waits:
    """Why it waits, and the notice to whoever has it, in the transaction of the task."""
    row = Waits(
        id=ids.new(),
        organisation_id=task.organisation_id,
        created=at,
        task=task,
        signed=told.signed,
        until=told.until,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="answer_waits", who=None, at=at, subject=task.patient_id, site=task.site_id)
    outbox.post(told.owner, NOTICE, about=task.id, at=at, organisation_id=task.organisation_id)
    return row


def raise_due(*, at: datetime) -> int:
    """Call people about whatever may wait no longer; each is a transaction of its own, and one that fails holds up no other."""
    rows = Waits.objects.filter(raised=None, task__in=queries.still_open(Task.objects.all()))
    done = 0
    for id in list(rows.order_by("created", "id").values_list("pk", flat=True)):
        try:
            done += _raise(id, at=at)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("answer %s could not be raised: %s", id, type(error).__name__)
    return done


@transaction.atomic
def _raise(id: UUID, *, at: datetime) -> bool:
    waits = locked(Waits, pk=id)
    task = locked(Task, pk=waits.task_id)
    why = "" if Raised.objects.filter(waits=waits).exists() else _why(waits, task, at=at)
    if not why:
        return False
    urgent = actions.make(
        source=f"suicide raised {waits.id}",
        kind=Kind.SUICIDE,
        what="tasks.suicide_raised",
        values={"why": f"raised.{why}"},
        site=task.site,
        patient=task.patient,
        level=Level.NOW,
        due=at + calling().escalation[-1],
        permission=Permission(task.permission),
        role=Role.PRESCRIBER,
        where=task.where,
        by=None,
        at=at,
        via="clock",
    )
    row = Raised(id=ids.new(), organisation_id=task.organisation_id, created=at, waits=waits, task=urgent, why=why)
    row.save(force_insert=True)
    trail.wrote(row, action="answer_raised", who=None, at=at, via="clock", subject=task.patient_id, site=task.site_id)
    return True


def _why(waits: Waits, task: Task, *, at: datetime) -> str:
    """Why it may wait no longer; empty: it may."""
    [(task, now)] = queries.with_states([task], at=at)
    if not now.open:
        return ""
    if waits.created > at + jump():
        return SET_BACK
    if at > task.due:
        return LATE
    if now.owner is None:
        return NOBODY
    if waits.until is None or at < waits.until or task.patient is None:
        return ""
    followed = _followed(task.patient, since=waits.created)
    rule = calling().urgency
    return "" if all(followed.get(one) == rule.no for one in rule.questions) else LEFT_OPEN


def _said(patient: Patient, record: Observation, on: date, *, since: datetime | None) -> Said:
    rule, value, plan = calling().urgency, record.value, safety_plan.newest(patient.pk)
    first = on - timedelta(days=rule.before_days)
    earlier = [one for one in _observations(patient, happened__gte=first, happened__lt=on) if one[1].kind == rule.item]
    return Said(
        item=record.kind,
        value=Decimal("NaN") if isinstance(value, str) else value if isinstance(value, Decimal) else None,
        on=on,
        before=[(day, one.value if isinstance(one.value, Decimal) else None) for day, one in earlier],
        plan_on=plan.day if plan else None,
        followed=_followed(patient, since=since) if since else {},
        over=False,
    )


def _followed(patient: Patient, *, since: datetime) -> dict[str, str | None]:
    """What the questions after it said since then, the last word of each."""
    found: dict[str, str | None] = {}
    for _, one in _observations(patient, created__gte=since):
        if one.kind.startswith(OWN):
            found[one.kind.removeprefix(OWN)] = one.value if isinstance(one.value, str) else None
    return found


def _observations(patient: Patient, **which: object) -> list[tuple[date, Observation]]:
    """Those that count now, as they were written; each with its day."""
    rows = Entry.objects.filter(patient__in=patients.together(patient), kind=Entries.OBSERVATION, **which)
    rows = rows.filter(replaced_by=None, withdrawal=None).order_by("created", "id")
    read = [(row.happened, records.record(row)) for row in rows]
    return [(day, one) for day, one in read if isinstance(one, Observation) and day is not None]
