"""Whom does the clinic send when a patient alone asks, answers otherwise, or may not sign alone?"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from daybreak.knowledge.suicide import calling
from daybreak.web.consent.items import STILL, WAITS, Item, items
from daybreak.web.consent.models import HAS, Step, Talk
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.tasks.queries import still_open

EXPLAIN = {Level.NOW: "consent.task_explain_now", Level.TODAY: "consent.task_explain_today"}


def level(item: str) -> Level:
    """How soon somebody has to talk about this statement or question."""
    return Level(calling().consent.get(item, Level.TODAY.value))


def not_alone(talk: Talk, found: list[Item], *, at_home: bool) -> str | None:
    """Why the patient does not sign this without staff beside them, or not `at_home`: the id of a sentence; None when they
    may. What was begun before documents said so may be signed at home."""
    if at_home and not json.loads(talk.content).get("signed_at_home", True):
        return "consent.signed_here"
    if talk.capacity != HAS:
        return "consent.represented_here"
    return "consent.still_here" if any(one.state == STILL for one in found) else None


def look(talk: Talk, *, at: datetime) -> None:
    """After each answer that a patient gave alone, in its transaction: is there now something for somebody?

    One open task for each level; a question that is as urgent joins the task that waits.
    """
    found = items(talk)
    for one in {level(one.id) for one in found if one.state == WAITS}:
        if not _open(talk, one):
            source = f"{_about(talk, one)} {Step.objects.filter(talk=talk).count()}"
            _make(talk, source=source, what=EXPLAIN[one], level=one, at=at)
    if any(one.state == STILL for one in found):
        _make(talk, source=_present(talk), what="consent.task_present", level=Level.TODAY, at=at)


def explained(talk: Talk, *, by: Person, at: datetime) -> None:
    """What no longer waits ends its task."""
    waits = {level(one.id) for one in items(talk) if one.state == WAITS}
    for one in set(Level) - waits:
        for task in _open(talk, one):
            tasks.done(source=task.source, by=by, at=at)


def over(talk: Talk, *, why: str, by: Person | None, at: datetime) -> None:
    """Nothing is signed after this talk any more: what it asked of the clinic is not needed. What somebody asked about
    thoughts of suicide stays until a person closes it."""
    for task in (*_open(talk, Level.TODAY), *still_open(Task.objects.filter(source=_present(talk)))):
        tasks.done(source=task.source, by=by, at=at, result=tasks.NOT_NEEDED, text=why)


def signed(talk: Talk, *, by: Person | None, at: datetime) -> None:
    """Nobody has to come any more."""
    tasks.done(source=_present(talk), by=by, at=at)


def _open(talk: Talk, one: Level) -> list[Task]:
    return list(still_open(Task.objects.filter(source__startswith=f"{_about(talk, one)} ")))


def _about(talk: Talk, one: Level) -> str:
    return f"consent explain {talk.id} {one.value}"


def _present(talk: Talk) -> str:
    return f"consent present {talk.id}"


def _make(talk: Talk, *, source: str, what: str, level: Level, at: datetime) -> None:
    soon: timedelta = calling().escalation[-1] if level is Level.NOW else calling().today
    tasks.make(
        source=source,
        kind=Kind.OTHER,
        what=what,
        site=talk.site,
        patient=talk.patient,
        level=level,
        due=at + soon,
        permission=Permission.READ_PATIENTS,
        role=Role.PRESCRIBER if level is Level.NOW else Role.NURSE,
        where=f"/patients/{talk.patient_id}/consents/{talk.id}/",
        by=None,
        at=at,
    )
