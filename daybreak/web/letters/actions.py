"""How does a letter come to be, leave the clinic, and end? A person stands for every one of them.

Each action locks the patient, asks permission, looks at key and state, writes and audits, in this order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.letters import letters
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.letters import queries
from daybreak.web.letters.made import facts_in_order, made
from daybreak.web.letters.models import Letter, Step, What
from daybreak.web.letters.queries import Standing
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers.actions import JSON, PDF
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.patients import queries as patients
from daybreak.web.patients.kinds import ORDINARY, SENSITIVITIES
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach.models import YES, Outsider
from daybreak.web.reach.queries import professionals
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level
from daybreak.web.words import LANGUAGES

LONGEST, SHORT = 6000, 1000


@transaction.atomic
def begin(patient: Patient, *, occasion: str, whom: UUID | None, by: Person, at: datetime, key: UUID) -> Letter:
    """Somebody wishes to write to one of those who also look after the patient."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.READ_SCREENING, by=by, at=at)
    content = {"patient": patient.id, "occasion": occasion, "whom": whom}
    if earlier := keys.known(key, action="letter_begun", content=content):
        return Letter.objects.get(pk=earlier)
    outsider = next((one for one in professionals(patient) if one.root == whom), None)
    if outsider is None or occasion not in letters():
        raise Refused("letters.choose", in_field="whom")
    _agreed(outsider)
    site = Site.objects.get(pk=site_id)
    row = make(patient, occasion, outsider, site=site, about="", since=at, by=by, at=at)
    keys.remember(
        key, action="letter_begun", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


def make(
    patient: Patient,
    occasion: str,
    whom: Outsider,
    *,
    site: Site,
    about: str,
    since: datetime,
    by: Person | None,
    at: datetime,
) -> Letter:
    """The letter is due so many days after that moment, and somebody has the task; within an action that locked the patient."""
    last = zones.day(since, site.zone) + timedelta(days=letters()[occasion]["days"] + 1)
    row = Letter(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site=site,
        occasion=occasion,
        about=about,
        whom=whom.root,
        due=zones.midnight(last, site.zone),
        by=by,
    )
    row.save(force_insert=True)
    via = {} if by else {"via": "clock"}
    trail.wrote(row, action="letter_due", who=by and by.id, at=at, subject=patient.id, site=site.id, **via)
    tasks.make(
        source=source(row),
        kind=Kind.OTHER,
        what="letters.task",
        site=site,
        patient=patient,
        level=Level.BY,
        due=row.due,
        permission=Permission.READ_SCREENING,
        role=None if by else Role.PRESCRIBER,
        owner=by,
        where=f"/patients/{patient.id}/letters/{row.id}/",
        by=by,
        at=at,
        **via,
    )
    return row


@transaction.atomic
def write(
    letter: Letter,
    *,
    text: str,
    language: str,
    parts: Collection[str],
    labels: Collection[str],
    seen: int,
    by: Person,
    at: datetime,
    key: UUID,
) -> Step:
    """A person stands for these words and the facts below them. `seen` is the state of the record that the draft was of; to
    each of `labels` the patient agreed for this letter."""
    told = {"text": text, "language": language, "parts": sorted(parts), "labels": sorted(labels)}
    one, earlier = opened(letter, What.WRITTEN, told, by=by, at=at, key=key)
    if earlier:
        return earlier
    _agreed(one.whom)
    if one.state not in (queries.DUE, queries.WRITTEN):
        raise Conflict("letters.has_left")
    check(one, text=text, language=language, parts=parts, labels=labels, by=by, at=at)
    if patients.state(one.row.patient) != seen:
        raise Conflict("packet.changed")
    id = ids.new()
    done = made(one, id=str(id), text=text, language=language, parts=parts, labels=labels, by=by.display_name, at=at)
    paper, bundle = (
        keep_paper(
            content,
            patient=one.row.patient,
            kind="letter",
            about=f"letter {one.row.id}",
            language=language,
            permission=Permission.READ_SCREENING,
            sensitivity=done.sensitivity,
            media_type=media_type,
            by=by,
            at=at,
            site=one.row.site_id,
        )
        for media_type, content in ((PDF, done.paper), (JSON, done.fhir))
    )
    about: dict[str, Any] = {"language": language, "parts": ",".join(sorted(parts)), "labels": ",".join(sorted(labels))}
    return add(
        one, What.WRITTEN, id=id, text=text, **about, paper=paper, bundle=bundle, by=by, at=at, key=key, told=told
    )


def check(
    one: Standing,
    *,
    text: str,
    language: str,
    parts: Collection[str],
    labels: Collection[str],
    by: Person,
    at: datetime,
) -> None:
    """Refused unless it can be written so: what bears a label goes out only by whoever may read it."""
    if not text or len(text) > LONGEST:
        raise Refused("letters.words_missing", in_field="text", most=LONGEST)
    known = set(facts_in_order(one.row.occasion))
    if language not in LANGUAGES or not set(parts) <= known or not set(labels) <= set(SENSITIVITIES) - {ORDINARY}:
        raise Refused("error.bad_request")
    if labels and Permission.READ_SENSITIVE not in patients.permissions(by, at=at).get(one.row.site_id, ()):
        raise Forbidden("labels.hidden")


@transaction.atomic
def left(letter: Letter, what: What, *, text: str, by: Person, at: datetime, key: UUID) -> Step:
    """It was faxed, or printed and posted or handed over; `text` is the proof: what the machine printed, who took it."""
    one, earlier = opened(letter, what, {"text": text}, by=by, at=at, key=key)
    if earlier:
        return earlier
    require_written(one)
    if what not in (What.FAXED, What.POSTED):
        raise Refused("error.bad_request")
    if not text or len(text) > SHORT:
        raise Refused("letters.proof_missing", in_field="text", most=SHORT)
    row = add(one, what, text=text, by=by, at=at, key=key, told={"text": text})
    tasks.done(source=source(one.row), by=by, at=at)
    return row


@transaction.atomic
def drop(letter: Letter, *, text: str, by: Person, at: datetime, key: UUID) -> Step:
    """It is not sent, and why."""
    one, earlier = opened(letter, What.DROPPED, {"text": text}, by=by, at=at, key=key)
    if earlier:
        return earlier
    if one.state not in (queries.DUE, queries.WRITTEN):
        raise Conflict("letters.has_left")
    if not text or len(text) > SHORT:
        raise Refused("letters.reason_missing", in_field="text", most=SHORT)
    row = add(one, What.DROPPED, text=text, by=by, at=at, key=key, told={"text": text})
    tasks.done(source=source(one.row), by=by, at=at, result=tasks.NOT_NEEDED, text=text)
    return row


@transaction.atomic
def arrived(letter: Letter, *, name: str, by: Person | None, at: datetime) -> Step:
    """It arrived: whoever has it says so by the link, or told somebody here. Said twice it is once."""
    locked(Patient, pk=letter.patient_id)
    one = now(letter)
    if by is not None:
        may_at(one.row.patient, Permission.READ_SCREENING, by=by, at=at)
    if earlier := next((step for step in one.steps if step.what == What.ARRIVED), None):
        return earlier
    if one.state != queries.SENT:
        raise Refused("letters.not_left")
    if not name or len(name) > 200:
        raise Refused("transfer.name_missing", in_field="name")
    return add(one, What.ARRIVED, text=name, by=by, at=at)


def require_written(one: Standing) -> None:
    """Refused unless somebody stands for it, it is not dropped, and the patient still agrees that this person is told."""
    _agreed(one.whom)
    if one.state == queries.DROPPED:
        raise Conflict("letters.is_dropped")
    if one.written is None:
        raise Refused("letters.not_written")


def now(letter: Letter) -> Standing:
    """The letter as it stands."""
    found = queries.by_id(letter.pk)
    assert found is not None  # letters are never removed
    return found


def add(
    one: Standing,
    what: What,
    *,
    by: Person | None,
    at: datetime,
    id: UUID | None = None,
    key: UUID | None = None,
    told: Mapping[str, Any] | None = None,
    **columns: Any,
) -> Step:
    """The next step, in the transaction of an action that judged it."""
    row = Step(
        id=id or ids.new(),
        organisation_id=one.row.organisation_id,
        created=at,
        letter=one.row,
        seq=len(one.steps) + 1,
        what=what,
        by=by,
        **columns,
    )
    row.save(force_insert=True)
    via = {} if by else {"via": "link"}
    about = {"subject": one.row.patient_id, "site": one.row.site_id, **via}
    trail.wrote(row, action=f"letter_{what}", who=by and by.id, at=at, **about)
    if key:
        content = {"letter": one.row.id, **(told or {})}
        keys.remember(
            key, action=f"letter_{what}", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
        )
    return row


def opened(
    letter: Letter, what: What, told: Mapping[str, Any], *, by: Person, at: datetime, key: UUID
) -> tuple[Standing, Step | None]:
    """The letter under the lock of its patient, asked by somebody who may; and the step that the same key made before."""
    patient = locked(Patient, pk=letter.patient_id)
    may_at(patient, Permission.READ_SCREENING, by=by, at=at)
    earlier = keys.known(key, action=f"letter_{what}", content={"letter": letter.pk, **told})
    return now(letter), Step.objects.get(pk=earlier) if earlier else None


def _agreed(whom: Outsider) -> None:
    """Refused unless the patient said that this person may be told: not asked is not yes."""
    if whom.may_tell != YES or whom.ended:
        raise Refused("letters.no_consent", name=whom.name)


def source(row: Letter) -> str:
    """What made its task."""
    return f"letter {row.id}"
