"""How is something written down that was seen, what else it comes of, a test, and what a prescriber and the patient said?

Each action locks the patient, asks permission, looks at the key, writes and audits, in this order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from daybreak.knowledge import misuse as knowledge
from daybreak.knowledge.spans import span
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.links import actions as links
from daybreak.web.links import born
from daybreak.web.links.models import SIGNS, Link
from daybreak.web.locks import locked
from daybreak.web.misuse import queries
from daybreak.web.misuse.models import NONE, Answer, Explanation, Result, Review, Sign, Test
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from daybreak.web.rows import Row
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level

LONGEST, NAME = 1000, 200
Written = TypeVar("Written", bound=Row)


def sign(
    patient: Patient,
    *,
    sign: str,
    day: date | None,
    clock: time | None,
    explanation: str,
    text: str,
    by: Person,
    at: datetime,
    key: UUID,
) -> Sign:
    """Somebody saw it on that day, at that time where it is known. `explanation` empty: nobody asked yet what it comes of."""
    if sign not in knowledge.signs():
        raise Refused("misuse.which_sign", in_field="sign")
    if explanation:
        _explains(explanation)
    site = _site(patient, by=by, at=at)
    earliest, latest = _between(site, day, clock, at=at)

    def write(common: Mapping[str, Any]) -> Sign:
        row = Sign(id=ids.new(), sign=sign, earliest=earliest, latest=latest, text=_text(text), **common)
        row.save(force_insert=True)
        if explanation:
            _explained(row, explanation, "", by=by, at=at)
        return row

    when = clock.isoformat() if clock else ""
    content = {"sign": sign, "day": day, "clock": when, "explanation": explanation, "text": text}
    return _once(Sign, "misuse_sign", patient, site, write, content, by=by, at=at, key=key)


def explain(row: Sign, *, explanation: str, text: str, by: Person, at: datetime, key: UUID) -> Sign:
    """Somebody asked what else it comes of, and this was the answer."""
    _explains(explanation)

    def write(common: Mapping[str, Any]) -> Sign:
        _explained(row, explanation, _text(text), by=by, at=at)
        return row

    content = {"sign": row.id, "explanation": explanation, "text": text}
    site = _site(row.patient, by=by, at=at)
    return _once(Sign, "misuse_explained", row.patient, site, write, content, by=by, at=at, key=key)


def test(
    patient: Patient, *, what: str, day: date | None, result: str, text: str, by: Person, at: datetime, key: UUID
) -> Test:
    """A test was made, or declined, on that day; what nobody expected is told."""
    if not what or len(what) > NAME:
        raise Refused("misuse.which_test", in_field="what", most=NAME)
    if result not in Result.values:
        raise Refused("misuse.which_result", in_field="result")
    site = _site(patient, by=by, at=at)
    _known(day, site, at=at)
    if result == Result.UNEXPECTED and not text:
        raise Refused("misuse.say_what", in_field="text", most=LONGEST)
    told = {"what": what, "day": day, "result": result, "text": _text(text)}
    return _row(Test, "misuse_test", patient, site, told, by=by, at=at, key=key)


def review(patient: Patient, *, talked: str, text: str, by: Person, at: datetime, key: UUID) -> Review:
    """A prescriber looked at all of it, and says whether it was talked about and what follows."""
    site = _site(patient, Permission.DECIDE_DOSE, Permission.READ_SENSITIVE, by=by, at=at)
    if talked not in ("yes", "no"):
        raise Refused("misuse.talked_or_not", in_field="talked")
    if not text:
        raise Refused("misuse.say_why", in_field="text", most=LONGEST)
    told = {"talked": talked == "yes", "text": _text(text)}
    return _row(Review, "misuse_review", patient, site, told, by=by, at=at, key=key)


def heard(patient: Patient, *, text: str, by: Person, at: datetime, key: UUID) -> Answer:
    """What the patient said about it to somebody here."""
    return _answer(patient, _site(patient, by=by, at=at), text, by=by, at=at, key=key)


@transaction.atomic
def answer(link: Link, *, text: str, at: datetime, key: UUID) -> Answer:
    """What the patient wrote about it by their link; a prescriber is asked to read it."""
    patient, site = Patient.objects.get(pk=link.subject), Site.objects.get(pk=link.site_id)
    row = _answer(patient, site, text, by=None, at=at, key=key)
    _task(f"misuse answer {row.id}", "misuse.task_answer", patient, site, by=None, at=at)
    return row


@transaction.atomic
def own_link(patient: Patient, *, by: Person, at: datetime, key: UUID) -> Link:
    """The link by which the patient reads all of it and answers."""
    patient = locked(Patient, pk=patient.pk)
    site = _site(patient, Permission.READ_SENSITIVE, by=by, at=at)
    born.required(patient)
    about = {"organisation_id": patient.organisation_id, "site_id": site.id, "by": by, "at": at}
    return links.make_once(key=key, about=patient.id, purpose=SIGNS, subject=patient.id, **about)


def _answer(patient: Patient, site: Site, text: str, *, by: Person | None, at: datetime, key: UUID) -> Answer:
    if not text:
        raise Refused("misuse.say_words", in_field="text", most=LONGEST)
    return _row(Answer, "misuse_answer", patient, site, {"text": _text(text)}, by=by, at=at, key=key)


def _row(
    model: type[Written], action: str, patient: Patient, site: Site, told: Mapping[str, Any], **about: Any
) -> Written:
    def write(common: Mapping[str, Any]) -> Written:
        row = model(id=ids.new(), **told, **common)
        row.save(force_insert=True)
        return row

    return _once(model, action, patient, site, write, told, **about)


@transaction.atomic
def _once(
    model: type[Written],
    action: str,
    patient: Patient,
    site: Site,
    write: Callable[[Mapping[str, Any]], Written],
    told: Mapping[str, Any],
    *,
    by: Person | None,
    at: datetime,
    key: UUID,
) -> Written:
    patient = locked(Patient, pk=patient.pk)
    who = by and by.id
    content = {"patient": patient.id, "by": who, **told}
    if earlier := keys.known(key, action=action, content=content):
        return model.objects.get(pk=earlier)  # type: ignore[attr-defined,no-any-return]
    common = {"organisation_id": patient.organisation_id, "created": at, "patient": patient, "site": site, "by": by}
    row = write(common)
    via = {"via": "link"} if by is None else {}
    trail.wrote(row, action=action, who=who, at=at, subject=patient.id, site=site.id, **via)
    now = queries.known(patient, at=at)
    if now.proposal.talk:  # one task for each time that a conversation is proposed
        since = now.reviews[0].id if now.reviews else patient.id
        _task(f"misuse {since}", "misuse.task", patient, site, by=by, at=at)
    keys.remember(key, action=action, content=content, answer=row.pk, organisation_id=patient.organisation_id, at=at)
    return row


def _site(patient: Patient, *more: Permission, by: Person, at: datetime) -> Site:
    """Where the person may do it to this patient. Forbidden when there is none."""
    for permission in more:
        may_at(patient, permission, by=by, at=at)
    return Site.objects.get(pk=may_at(patient, Permission.RUN_SESSIONS, by=by, at=at))


def _explained(row: Sign, what: str, text: str, *, by: Person, at: datetime) -> None:
    common = {"organisation_id": row.organisation_id, "created": at, "by": by}
    Explanation(id=ids.new(), sign=row, what=what, text=text, **common).save(force_insert=True)


def _task(source: str, what: str, patient: Patient, site: Site, *, by: Person | None, at: datetime) -> None:
    """It says nothing of what was seen."""
    tasks.make(
        source=source,
        kind=Kind.REVIEW,
        what=what,
        site=site,
        patient=patient,
        level=Level.TODAY,
        due=due.today(site.zone, at),
        permission=Permission.READ_SENSITIVE,
        role=Role.PRESCRIBER,
        where=f"/patients/{patient.id}/use/",
        by=by,
        at=at,
    )


def _explains(explanation: str) -> None:
    if explanation != NONE and explanation not in knowledge.explanations():
        raise Refused("misuse.which_explanation", in_field="explanation")


def _between(site: Site, day: date | None, clock: time | None, *, at: datetime) -> tuple[datetime, datetime]:
    """Without a time of day it was at any moment of the day that is over by now."""
    day = _known(day, site, at=at)
    if clock is None:
        return zones.midnight(day, site.zone), min(at, due.end_of(day, site.zone))
    moment = zones.meant(f"{day.isoformat()}T{clock:%H:%M}", site.zone)
    if moment > at:
        raise Refused("misuse.not_yet", in_field="clock")
    return moment, moment


def _known(day: date | None, site: Site, *, at: datetime) -> date:
    today, most = zones.day(at, site.zone), span("misuse-most")
    if day is None or not today - most <= day <= today:
        raise Refused("misuse.which_day", in_field="day", most=most.days)
    return day


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise Refused("misuse.too_long", in_field="text", most=LONGEST)
    return text
