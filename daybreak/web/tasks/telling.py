"""How is a task told on a page, in the reader's language?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from daybreak.knowledge.sentences import language as spoken
from daybreak.web import zones
from daybreak.web.audit.telling import sign
from daybreak.web.patients.models import Details
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.tasks.actions import ASSESSED, DONE, DONE_BY_ACT, NOT_NEEDED, NOT_REACHED, OWED, REACHED, WHERE
from daybreak.web.tasks.models import HAS_OWNER, NO_ADDRESS, NOBODY, NOTIFIED, Call, Event, Kind, Level, Task, What
from daybreak.web.tasks.state import State
from daybreak.web.words import known, word, words

LEVELS = {Level.NOW: "tasks.level_now", Level.TODAY: "tasks.level_today", Level.BY: "tasks.level_by"}
HAPPENED = {
    What.TAKEN: "tasks.was_taken",
    What.OFFERED: "tasks.was_offered",
    What.GIVEN: "tasks.was_given",
    What.RETURNED: "tasks.was_returned",
    What.ATTEMPT: "tasks.was_attempt",
    What.NOTE: "tasks.was_note",
    What.ANSWER: "tasks.was_answer",
    What.CLOSED: "tasks.was_closed",
}
CALLS = {
    NOTIFIED: "tasks.call_notified",
    HAS_OWNER: "tasks.call_has_owner",
    NOBODY: "tasks.call_nobody",
    NO_ADDRESS: "tasks.call_no_address",
}
RAISED = {
    "raised.late": "tasks.raised_late",
    "raised.nobody": "tasks.raised_nobody",
    "raised.left_open": "tasks.raised_left_open",
    "raised.set_back": "tasks.raised_set_back",
}
RESULTS = {
    DONE: "tasks.done",
    NOT_NEEDED: "tasks.not_needed",
    ASSESSED: "tasks.assessed",
    REACHED: "tasks.reached",
    NOT_REACHED: "tasks.not_reached",
    WHERE: "tasks.where_they_are",
}


def told(
    task: Task, now: State, names: dict[UUID, str], *, reader: Person, at: datetime, language: str
) -> dict[str, Any]:
    """One task for a list or its own page."""
    whose = task.whose_id
    patient = whose and (names.get(whose) or word("tasks.patient", language, sign=sign(whose)))
    late = at > task.due
    mine = now.owner is not None and now.owner.pk == reader.pk
    owner = now.owner.display_name if now.owner else ""
    return {
        "id": task.id,
        "sentence": said(task.what, task.values, language),
        "suicide": task.kind == Kind.SUICIDE,
        "level": word(LEVELS[Level(task.level)], language),
        "now": task.level == Level.NOW,
        "due": moment(task.due),
        "late": word("tasks.late", language, since=_long(at - task.due, language)) if late else "",
        "patient": patient or "",
        "patient_id": whose if whose in names else None,
        "site": task.site.name,
        "owner": "" if now.given and not mine else owner,  # a name is the word of whoever bears it
        "given": owner if now.given and not mine else "",
        "role": word(f"role.{task.role}", language) if task.role else "",
        "mine": mine,
        "to_take": now.given and mine,
        "offered": now.asked is not None and now.asked.pk == reader.pk,
        "asked": now.asked.display_name if now.asked else "",
        "where": task.where,
        "ends_there": word(ends, language) if (ends := _ends_there(task)) else "",
        "done_there": Kind(task.kind) in DONE_BY_ACT,
        "open": now.open,
    }


def _ends_there(task: Task) -> str:
    """Why nobody closes it here."""
    return "tasks.needs_answer" if task.kind == Kind.REQUEST else OWED.get(task.what, "")


def said(what: str, values: str, language: str) -> str:
    """What is to be done, filled with the values of the task (JSON)."""
    return word(what, language, **_filled(values, language))


def event(one: Event, language: str) -> dict[str, str]:
    """One thing that was done about it."""
    values = {"who": one.by.display_name if one.by else "–", "to": one.to.display_name if one.to else ""}
    happened = "tasks.was_done" if one.what == What.CLOSED and one.by is None else HAPPENED[What(one.what)]
    return {
        "at": moment(one.happened),
        "sentence": word(happened, language, **values),
        "result": word(RESULTS[one.result], language) if one.result else "",
        "text": one.text,
        "plan": one.plan,
    }


def call(one: Call, language: str) -> dict[str, str]:
    """One moment at which somebody is to be called, and what came of it."""
    made = getattr(one, "called", None)
    name = made.person.display_name if made and made.person else ""
    return {
        "due": moment(one.due),
        "result": word(
            CALLS[made.result] if made else "tasks.call_waits", language, **({"name": name} if name else {})
        ),
        "at": moment(made.created) if made else "",
    }


def names(tasks: Iterable[Task], reader: Person, *, at: datetime) -> dict[UUID, str]:
    """Who the patients are, as far as the reader may know it at the site of the task."""
    tasks = list(tasks)
    sites = {
        site
        for site in {one.site_id for one in tasks}
        if page_may(reader, Permission.FIND_PATIENTS, at=at, site_id=site)
    }
    return called({one.whose_id for one in tasks if one.whose_id and one.site_id in sites})


def called(patients: Iterable[UUID]) -> dict[UUID, str]:
    """Name and birth date of these patients."""
    wanted = set(patients)
    versions = list(Details.objects.filter(patient__in=wanted))
    replaced = {one.replaces_id for one in versions}
    return {
        one.patient_id: f"{one.family_name}, {one.given_names}".rstrip(", ") + (f" · {one.birth}" if one.birth else "")
        for one in versions
        if one.id not in replaced
    }


def moment(at: datetime) -> str:
    """A time as it stands on a page."""
    return zones.minute(at)


def _filled(values: str, language: str) -> dict[str, str]:
    """What the sentence is filled with; a word of the knowledge, or of ours, in the reader's language."""
    found = {}
    for name, value in json.loads(values).items():
        if value.startswith("observation."):
            value = spoken(known(language)).word(value)
        elif value in RAISED:
            value = word(RAISED[value], language)
        elif f"reply.{value}" in words():
            value = word(f"reply.{value}", language)
        found[name] = value
    return found


def _long(span: timedelta, language: str) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return word("tasks.minutes", language, n=minutes)
    if minutes < 48 * 60:
        return word("tasks.hours", language, n=minutes // 60)
    return word("tasks.days", language, n=minutes // (24 * 60))
