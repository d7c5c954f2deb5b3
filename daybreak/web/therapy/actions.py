"""How is a psychotherapy note written by its author, and how are those of others opened in an emergency?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.periods import period
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.glass.actions import LONGEST as REASON
from daybreak.web.glass.actions import lasts
from daybreak.web.glass.models import CODES
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level
from daybreak.web.therapy import queries
from daybreak.web.therapy.models import Note, Opened

LONGEST = 20_000


@transaction.atomic
def write(
    patient: Patient, text: str, *, day: date | None, replaces: Note | None, by: Person, at: datetime, key: UUID
) -> Note:
    """A note, or the next version of one, which only its author writes."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.READ_SENSITIVE, by=by, at=at)
    content = {"patient": patient.id, "text": text, "day": day, "replaces": replaces and replaces.id}
    if earlier := keys.known(key, action="note_written", content=content):
        return Note.objects.get(pk=earlier)
    if replaces and replaces.by_id != by.pk:
        raise Forbidden("people.may_not")
    if replaces and Note.objects.filter(replaces=replaces).exists():
        raise Conflict("therapy.changed_already")
    if not text or len(text) > LONGEST:
        raise Refused("therapy.words_missing", in_field="text", most=LONGEST)
    if day is None or day > zones.day_at(site_id, at):
        raise Refused("therapy.day_missing", in_field="day")
    row = Note(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=replaces.patient if replaces else patient,
        site_id=site_id,
        day=day,
        text=text,
        by=by,
        replaces=replaces,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="note_written", who=by.id, at=at, subject=patient.id, site=site_id)
    keys.remember(
        key, action="note_written", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


@transaction.atomic
def open_all(patient: Patient, *, code: str, reason: str, by: Person, at: datetime, key: UUID) -> Opened:
    """In an emergency, for as long as an opened record stays open. Each author is told, and somebody reviews it."""
    patient = locked(Patient, pk=patient.pk)
    site = Site.objects.get(pk=may_at(patient, Permission.BREAK_GLASS, by=by, at=at))
    content = {"patient": patient.id, "code": code, "reason": reason}
    if earlier := keys.known(key, action="notes_opened", content=content):
        return Opened.objects.get(pk=earlier)
    if code not in CODES or not reason or len(reason) > REASON:
        raise Refused("glass.reason_missing", in_field="reason", most=REASON)
    row = Opened(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        code=code,
        reason=reason,
        ends=at + lasts(),
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="notes_opened", who=by.id, at=at, subject=patient.id, site=site.id)
    due = at + timedelta(days=period("emergency-review")["days"])
    common = {"kind": Kind.OTHER, "values": {"name": by.display_name}, "site": site, "level": Level.BY, "due": due}
    for author in queries.authors(patient, without=by):
        tasks.make(
            source=f"notes {row.id} {author.id}",
            what="therapy.task_author",
            patient=patient,
            permission=Permission.READ_SENSITIVE,
            owner=author,
            where=f"/patients/{patient.id}/notes/",
            **common,
            by=by,
            at=at,
        )
    tasks.make(  # it names no patient: an administrator reviews it by the audit trail
        source=f"notes {row.id}",
        what="therapy.task_review",
        permission=Permission.READ_AUDIT,
        role=Role.ADMINISTRATOR,
        where="/audit/",
        **common,
        by=by,
        at=at,
    )
    keys.remember(
        key, action="notes_opened", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row
