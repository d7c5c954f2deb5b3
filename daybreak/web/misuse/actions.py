"""How is something written down that was seen, what else it comes of, a test, and what a prescriber and the patient said?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from daybreak.knowledge import misuse as knowledge
from daybreak.knowledge.spans import span
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.links import actions as links
from daybreak.web.links.models import SIGNS, Link
from daybreak.web.locks import locked
from daybreak.web.misuse import queries
from daybreak.web.misuse.models import NONE, Answer, Explanation, Result, Review, Sign, Test
from daybreak.web.once import keys
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
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
    site: Site,
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
    if explanation and explanation != NONE and explanation not in knowledge.explanations():
        raise Refused("misuse.which_explanation", in_field="explanation")
    earliest, latest = _between(site, day, clock, at=at)
    told = {"sign": sign, "earliest": earliest, "latest": latest, "text": _text(text)}

    def write(common: Mapping[str, Any]) -> Sign:
        row = Sign(id=ids.new(), **told, **common)
        row.save(force_insert=True)
        if explanation:
            _explained(row, explanation, "", by=by, at=at)
        return row

    when = clock.isoformat() if clock else ""
    content = {"sign": sign, "day": day, "clock": when, "explanation": explanation, "text": text}
    return _once(Sign, "misuse_sign", patient, site, write, content, by=by, at=at, key=key)


def explain(row: Sign, *, explanation: str, text: str, by: Person, at: datetime, key: UUID) -> Sign:
    """Somebody asked what else it comes of, and this was the answer."""
    if explanation != NONE and explanation not in knowledge.explanations():
        raise Refused("misuse.which_explanation", in_field="explanation")

    def write(common: Mapping[str, Any]) -> Sign:
        _explained(row, explanation, _text(text), by=by, at=at)
        return row

    content = {"sign": row.id, "explanation": explanation, "text": text}
    return _once(Sign, "misuse_explained", row.patient, row.site, write, content, by=by, at=at, key=key)


def test(
    patient: Patient,
    site: Site,
    *,
    what: str,
    day: date | None,
    result: str,
    text: str,
    by: Person,
    at: datetime,
    key: UUID,
) -> Test:
    """A test was made, or declined, on that day; what nobody expected is told."""
    if not what or len(what) > NAME:
        raise Refused("misuse.which_test", in_field="what", most=NAME)
    if result not in Result.values:
        raise Refused("misuse.which_result", in_field="result")
    today = zones.day(at, site.zone)
    if day is None or not today - span("pdmp-most") <= day <= today:
        raise Refused("misuse.which_day", in_field="day", most=span("pdmp-most").days)
    if result == Result.UNEXPECTED and not text:
        raise Refused("misuse.say_what", in_field="text", most=LONGEST)
    told = {"what": what, "day": day, "result": result, "text": _text(text)}
    return _row(Test, "misuse_test", patient, site, told, by=by, at=at, key=key)


def review(patient: Patient, site: Site, *, talked: str, text: str, by: Person, at: datetime, key: UUID) -> Review:
    """A prescriber looked at all of it, and says whether it was talked about and what follows."""
    require(by, Permission.DECIDE_DOSE, at=at, site_id=site.id)
    if talked not in ("yes", "no"):
        raise Refused("misuse.talked_or_not", in_field="talked")
    if not text:
        raise Refused("misuse.say_why", in_field="text", most=LONGEST)
    told = {"talked": talked == "yes", "text": _text(text)}
    return _row(Review, "misuse_review", patient, site, told, by=by, at=at, key=key)


def answer(patient: Patient, site: Site, *, text: str, by: Person | None, at: datetime, key: UUID) -> Answer:
    """What the patient said about it, to somebody or (None) by their link; then a prescriber reads it."""
    if not text:
        raise Refused("misuse.say_words", in_field="text", most=LONGEST)
    with transaction.atomic():
        row = _row(Answer, "misuse_answer", patient, site, {"text": _text(text)}, by=by, at=at, key=key)
        if by is None:
            _task(f"misuse answer {row.id}", "misuse.task_answer", patient, site, by=None, at=at)
    return row


@transaction.atomic
def own_link(patient: Patient, site: Site, *, by: Person, at: datetime, key: UUID) -> Link:
    """The link by which the patient reads all of it and answers."""
    patient = locked(Patient, pk=patient.pk)
    for permission in (Permission.RUN_SESSIONS, Permission.READ_SENSITIVE):
        require(by, permission, at=at, site_id=site.id)
    if not patients.details(patient).birth:
        raise Refused("readers.birth_missing")
    about = {"organisation_id": patient.organisation_id, "site_id": site.id, "by": by, "at": at}
    return links.make_once(key=key, about=patient.id, purpose=SIGNS, subject=patient.id, **about)


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
    if by is not None:
        require(by, Permission.RUN_SESSIONS, at=at, site_id=site.id)
    who = by and by.id
    content = {"patient": patient.id, "site": site.id, "by": who, **told}
    if earlier := keys.known(key, action=action, content=content):
        return model.objects.get(pk=earlier)  # type: ignore[attr-defined,no-any-return]
    common = {"organisation_id": patient.organisation_id, "created": at, "patient": patient, "site": site, "by": by}
    row = write(common)
    via = {"via": "link"} if by is None else {}
    trail.wrote(row, action=action, who=who, at=at, subject=patient.id, site=site.id, **via)
    _propose(patient, site, by=by, at=at)
    keys.remember(key, action=action, content=content, answer=row.pk, organisation_id=patient.organisation_id, at=at)
    return row


def _explained(row: Sign, what: str, text: str, *, by: Person, at: datetime) -> None:
    common = {"organisation_id": row.organisation_id, "created": at, "by": by}
    Explanation(id=ids.new(), sign=row, what=what, text=text, **common).save(force_insert=True)


def _propose(patient: Patient, site: Site, *, by: Person | None, at: datetime) -> None:
    """One task for each time that a conversation is proposed; it says nothing of what was seen."""
    now = queries.known(patient, at=at)
    if now.proposal.talk:
        _task(f"misuse {now.reviews[0].id if now.reviews else patient.id}", "misuse.task", patient, site, by=by, at=at)


def _task(source: str, what: str, patient: Patient, site: Site, *, by: Person | None, at: datetime) -> None:
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


def _between(site: Site, day: date | None, clock: time | None, *, at: datetime) -> tuple[datetime, datetime]:
    """Without a time of day it was at any moment of the day that is over by now."""
    today = zones.day(at, site.zone)
    if day is None or not today - span("pdmp-most") <= day <= today:
        raise Refused("misuse.which_day", in_field="day", most=span("pdmp-most").days)
    if clock is None:
        return zones.midnight(day, site.zone), min(at, due.end_of(day, site.zone))
    moment = zones.meant(f"{day.isoformat()}T{clock:%H:%M}", site.zone)
    if moment > at + timedelta(minutes=1):
        raise Refused("misuse.not_yet", in_field="clock")
    return moment, moment


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise Refused("misuse.too_long", in_field="text", most=LONGEST)
    return text
