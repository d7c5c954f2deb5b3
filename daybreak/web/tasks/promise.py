"""What may a patient's page say about who reads an answer, and by when? Only what the rota and the notices hold at this minute.

Not that a notice was meant to go: that it left, or is on its way and nothing has held it up.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from daybreak.web import zones
from daybreak.web.outbox import queries as outbox
from daybreak.web.outbox.models import Message
from daybreak.web.people.models import Person, Site
from daybreak.web.rota.cover import A_MOMENT
from daybreak.web.tasks import calling, queries
from daybreak.web.tasks.models import Called, Kind, Level, Task
from daybreak.web.words import word


def words(site_id: UUID, patient_id: UUID | None, *, at: datetime, language: str | None) -> str:
    """The sentence. Before an answer: who would get a notice; after one of this patient: who has it, or to whom one went."""
    with timezone.override(ZoneInfo(Site.objects.values_list("zone", flat=True).get(pk=site_id))):
        there = calling.promised(site_id, at=at)
        said = _of(patient_id, site_id, there, at=at, language=language) if patient_id else ""
        if said:
            return said
        if there and patient_id is None:
            return word("rota.who_reads", language, names=there[0].display_name)
        when = None if there else calling.next_promised(site_id, at=at)
        if when is None:
            return word("rota.nobody_reads", language)
        return word("rota.nobody_reads_before", language, when=zones.minute(when))


def _of(patient_id: UUID, site_id: UUID, there: list[Person], *, at: datetime, language: str | None) -> str:
    """Of what is open about the patient: whoever said that they have it, else the last notice that reached somebody there."""
    every = Task.objects.filter(patient=patient_id, site=site_id, kind=Kind.SUICIDE)
    about = every.filter(level=Level.NOW)
    tasks = queries.with_states(list(queries.still_open(about).select_related("owner")), at=at)
    untaken = [task for task, now in tasks if now.untaken]
    if not tasks:
        return _today(
            every.filter(level=Level.TODAY, waits__isnull=False, waits__raised=None), site_id, at=at, language=language
        )
    if tasks and not untaken:
        names = " · ".join(sorted({now.owner.display_name for _, now in tasks if now.owner}))
        return word("rota.has_it", language, names=names)
    made = queries.last_notice(untaken, there) if untaken and there else None
    if made is None or made.person is None or not _left(made, at=at):
        return ""
    last = max(task.due for task in untaken)
    said = {"names": made.person.display_name, "when": zones.minute(made.created)}
    if at > last:
        return word("rota.was_told_late", language, **said)
    if not calling.promised(site_id, at=at, then=last):  # whoever is there now has gone home by then
        return word("rota.was_told_once", language, **said)
    return word("rota.was_told", language, **said, by=zones.minute(last))


def _today(waits: QuerySet[Task], site_id: UUID, *, at: datetime, language: str | None) -> str:
    """By when its person reads it, if they still say that they are there until then."""
    for task, now in queries.with_states(list(queries.still_open(waits).order_by("due")), at=at):
        there = calling.promised(site_id, at=at, then=task.due - A_MOMENT) if at < task.due and now.owner else []
        if now.owner in there:
            return word("rota.reads_by", language, names=now.owner.display_name, by=zones.minute(task.due))
    return ""


def _left(made: Called, *, at: datetime) -> bool:
    about = Message.objects.filter(person=made.person, about=made.call.task_id)
    notices = about.prefetch_related("attempts__result").order_by("created", "id")
    return any(outbox.leaves(one, at=at) for one in notices)
