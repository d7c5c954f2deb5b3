"""Does what was just written into a record call for somebody? (the one place where an answer becomes a task)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from daybreak.clinical.records import Observation, When
from daybreak.knowledge.sentences import language
from daybreak.knowledge.suicide import calling, calls, follows_up
from daybreak.web import zones
from daybreak.web.patients.kinds import Record
from daybreak.web.patients.models import Entry, Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions, paging, queries, waiting
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.words import known, word

TRIED = "suicide tried "  # how the source of a task begins whose answer came by a link that had been taken back
SENTENCES = {Level.NOW: "tasks.suicide_now", Level.TODAY: "tasks.suicide_older"}


def look(
    patient: Patient, written: Sequence[tuple[Entry, Record]], *, site_id: UUID, by: Person | None, at: datetime
) -> None:
    """Make the task that these new entries call for, in their transaction; at most one of each level.

    While an earlier one waits that nobody has taken, a further answer joins it; when all its calls are made, people are
    called again. A calm answer to what is asked after an urgent one is told to whoever has the task. Nothing here ever
    withdraws a task.
    """
    found: dict[Level, list[tuple[Entry, Observation]]] = {}
    today = zones.day_at(site_id, at)
    for entry, record in written:
        if isinstance(record, Observation) and (level := calls(record, today=today, rule=calling())):
            found.setdefault(Level(level), []).append((entry, record))
        elif isinstance(record, Observation) and follows_up(record.kind, calling()):
            said(patient, _said(record, known(by and by.language)), by=by, at=at)
    for level, rows in found.items():
        entry, record = max(rows, key=lambda one: (_day(one[1]), one[0].id))
        told = [each for _, each in rows]
        if level is Level.NOW and (day := waiting.day(patient, told, site_id=site_id, by=by, at=at)):
            _wait(patient, record, day, source=f"suicide:{entry.id}", site_id=site_id, at=at)
            continue
        _task(patient, level, record, source=f"suicide:{entry.id}", site_id=site_id, by=by, at=at)


def tried(patient: Patient, record: Observation, *, site_id: UUID, about: UUID, at: datetime) -> bool:
    """An answer that came by a link (`about`) which had been taken back. It stands in no record, since it may be somebody
    else's; whoever is called hears of it all the same. False: it is clearly "no"."""
    level = calls(record, today=zones.day_at(site_id, at), rule=calling())
    if level is None:
        return False
    text = _by_link_taken_back(_said(record, known(None)))
    source = f"{TRIED}{about} {record.kind} {_value(record)} "
    open_ones = queries.still_open(Task.objects.filter(patient=patient, kind=Kind.SUICIDE))
    if not open_ones.filter(Q(source__startswith=source) | Q(events__text=text)).exists():  # sent twice it is said once
        told = {"source": source + at.isoformat(), "what": "tasks.suicide_tried", "text": text}
        _task(patient, Level(level), record, **told, site_id=site_id, by=None, at=at)
    return True


def said_by_link_taken_back(patient: Patient, text: str, *, at: datetime) -> bool:
    """The same for what somebody says in their own words, as long as a task is open. False: there is nobody to tell."""
    task = open_for(patient.pk)
    if task is not None:
        actions.answered(task, text=_by_link_taken_back(text), by=None, at=at)
    return task is not None


def said(patient: Patient, text: str, *, where: bool = False, by: Person | None, at: datetime) -> None:
    """Tell whoever has the newest open task of this patient what else was said, or `where` they are; with none there is nobody
    to tell."""
    if task := open_for(patient.pk):
        actions.answered(task, text=text, where=where, by=by, at=at)


def about(patient_id: UUID, written: Iterable[Record], *, at: datetime) -> Task | None:
    """The open task to which one of the records belongs that were just written."""
    task = open_for(patient_id)
    if task is None:
        return None
    today = zones.day(at, task.site.zone)
    answers = [one for one in written if isinstance(one, Observation)]
    return task if any(calls(one, today=today, rule=calling()) for one in answers) else None


def open_for(*records: UUID) -> Task | None:
    """The newest open suicide task of a patient, about any of these records."""
    rows = queries.still_open(queries.about(records).filter(kind=Kind.SUICIDE))
    return rows.select_related("site").order_by("-created").first()


def _task(
    patient: Patient,
    level: Level,
    record: Observation,
    *,
    source: str,
    what: str = "",
    text: str = "",
    site_id: UUID,
    by: Person | None,
    at: datetime,
) -> None:
    """`what` and `text`: how the task, or what joins one, says it otherwise than in the words for an answer of the record."""
    text = text or _said(record, known(by and by.language))
    earlier = Task.objects.filter(patient=patient, kind=Kind.SUICIDE, level=level, site_id=site_id)
    for task, now in queries.with_states(list(queries.still_open(earlier).select_for_update()), at=at):
        if now.untaken:
            actions.answered(task, text=text, by=by, at=at)
            if level is Level.NOW and not task.calls.filter(called__isnull=True).exists():
                paging.plan(task, at=at)
            return
    site = Site.objects.get(pk=site_id)
    actions.make(
        source=source,
        kind=Kind.SUICIDE,
        what=what or SENTENCES[level],
        values={"what": f"observation.{record.kind}", "value": _value(record), "on": _on(record)},
        site=site,
        patient=patient,
        level=level,
        due=at + (calling().escalation[-1] if level is Level.NOW else calling().today),
        permission=Permission.READ_PATIENTS,
        role=Role.PRESCRIBER,
        where=f"/patients/{patient.id}/",
        by=by,
        at=at,
    )


def _wait(patient: Patient, record: Observation, day: waiting.Day, *, source: str, site_id: UUID, at: datetime) -> None:
    """It is a task of the person who said that they are there, from the beginning."""
    task = actions.make(
        source=source,
        kind=Kind.SUICIDE,
        what="tasks.suicide_waits",
        values={"what": f"observation.{record.kind}", "value": _value(record), "on": _on(record)},
        site=Site.objects.get(pk=site_id),
        patient=patient,
        level=Level.TODAY,
        due=day.due,
        permission=Permission.READ_PATIENTS,
        owner=day.owner,
        where=f"/patients/{patient.id}/",
        by=None,
        at=at,
    )
    waiting.note(task, day, at=at)


def _by_link_taken_back(said: str) -> str:
    return word("tasks.by_link_taken_back", known(None), said=said)


def _said(record: Observation, lang: str) -> str:
    return f"{language(lang).word(f'observation.{record.kind}')}: {_value(record)} ({_on(record)})"


def _value(record: Observation) -> str:
    return str(record.value) if isinstance(record.value, str | Decimal) else "?"


def _on(record: Observation) -> str:
    return str(record.when) if isinstance(record.when, When) else "?"


def _day(record: Observation) -> str:
    """For the order: what has no day counts as new."""
    return record.when.latest.isoformat() if isinstance(record.when, When) else "9999"
