"""How is a record opened in an emergency, closed again, and judged afterwards?

Each action locks the patient, asks permission, looks at the state, writes and audits, in this order.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.periods import period
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.glass import queries
from daybreak.web.glass.models import CODES, JUDGEMENTS, JUSTIFIED, Ending, Judgement, Opening
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.patients.queries import sites
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level

LONGEST = 1000


def lasts() -> timedelta:
    """How long an opened record stays open: a policy of the clinic's own."""
    return timedelta(minutes=period("emergency-access")["minutes"])


def _ask_for_review(row: Opening, *, by: Person, at: datetime) -> None:
    """A task for the reviewer; it names no patient, since an administrator may be the one."""
    tasks.make(
        source=_source(row),
        kind=Kind.ACCESS,
        what="glass.task",
        values={"name": by.display_name},
        site=Site.objects.filter(pk__in=row.patient.registrations.values("site")).earliest("id"),
        level=Level.BY,
        due=at + timedelta(days=period("emergency-review")["days"]),
        permission=Permission.REVIEW_GLASS,
        role=None if row.reviewer else Role.ADMINISTRATOR,
        owner=row.reviewer,
        where=f"/emergency/reviews/{row.id}/",
        by=by,
        at=at,
    )


def _source(row: Opening) -> str:
    return f"emergency {row.id}"


@transaction.atomic
def open_record(patient: Patient, *, code: str, reason: str, by: Person, at: datetime, key: UUID) -> Opening:
    """Open the record of a patient whom no role of `by` reaches. A reviewer is named at once; nobody reviews themselves."""
    patient = locked(Patient, pk=patient.pk)
    require(by, Permission.BREAK_GLASS, at=at)
    content = {"patient": patient.id, "code": code, "reason": reason}
    if earlier := keys.known(key, action="emergency", content=content):
        return Opening.objects.get(pk=earlier)
    if patient.registrations.filter(site__in=sites(by, Permission.READ_PATIENTS, at=at)).exists():
        raise Refused("glass.not_needed")
    if code not in CODES or not reason.strip() or len(reason) > LONGEST:
        raise Refused("glass.reason_missing", in_field="reason", most=LONGEST)
    row = Opening(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        by=by,
        code=code,
        reason=reason.strip(),
        ends=at + lasts(),
        reviewer=queries.reviewer(patient, not_this=by, at=at),
    )
    row.save(force_insert=True)
    trail.wrote(row, action="emergency_opened", who=by.id, at=at, subject=patient.id)
    _ask_for_review(row, by=by, at=at)
    keys.remember(
        key, action="emergency", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row


@transaction.atomic
def close(opening: Opening, *, by: Person, at: datetime) -> None:
    """End it before its time. Closing what is closed changes nothing."""
    locked(Patient, pk=opening.patient_id)
    if opening.by_id != by.pk:
        raise Forbidden("people.may_not")
    _end(opening, by=by, at=at)


def _end(opening: Opening, *, by: Person, at: datetime) -> None:
    if opening.ends <= at or Ending.objects.filter(opening=opening).exists():
        return
    row = Ending(id=ids.new(), organisation_id=opening.organisation_id, created=at, opening=opening)
    row.save(force_insert=True)
    trail.wrote(row, action="emergency_closed", who=by.id, at=at, subject=opening.patient_id)


@transaction.atomic
def judge(opening: Opening, *, found: str, note: str, by: Person, at: datetime, key: UUID) -> Judgement:
    """What the review found, once and for good; nothing is read under it any more. Whoever opened it cannot review it."""
    patient = locked(Patient, pk=opening.patient_id)
    if not queries.may_review(by, patient, at=at) or by.pk == opening.by_id:
        raise Forbidden("glass.not_your_review")
    content = {"opening": opening.id, "found": found, "note": note}
    if earlier := keys.known(key, action="judge_emergency", content=content):
        return Judgement.objects.get(pk=earlier)
    if earlier_one := Judgement.objects.filter(opening=opening).select_related("by").first():
        raise Conflict("glass.judged_already", name=earlier_one.by.display_name)
    if found not in JUDGEMENTS or len(note) > LONGEST or (found != JUSTIFIED and not note.strip()):
        raise Refused("glass.judgement_missing")
    row = Judgement(
        id=ids.new(),
        organisation_id=opening.organisation_id,
        created=at,
        opening=opening,
        found=found,
        note=note.strip(),
        by=by,
    )
    row.save(force_insert=True)
    _end(opening, by=by, at=at)
    trail.wrote(row, action="emergency_judged", who=by.id, at=at, subject=patient.id)
    tasks.done(source=_source(opening), by=by, at=at)
    keys.remember(
        key, action="judge_emergency", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row
