"""How does somebody come to agree: the talk, each statement, each question, the signature; and how is it taken back?

Each action locks the patient, asks permission, looks at the state, writes and audits, in this order.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from daybreak.knowledge import consents
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.consent import after, asking, reading, renewals, states, telling
from daybreak.web.consent.items import DONE, OPEN, STILL, WAITS, Item, items
from daybreak.web.consent.models import (
    ANSWER,
    ASKS,
    EXPLAINED,
    HAS,
    HERE,
    LINK,
    PAPER,
    UNDERSTOOD,
    Signature,
    Step,
    Talk,
    TalkEnd,
    Withdrawal,
)
from daybreak.web.consent.told import YES, Told, old_enough
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers import actions as papers
from daybreak.web.papers import drawn as drawn_
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.reach import queries as reach
from daybreak.web.reach.models import ENDS
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks


@transaction.atomic
def begin(patient: Patient, document: str, told: Told, *, by: Person, at: datetime, key: UUID) -> Talk:
    """Write down the talk; from now on the patient can read, answer and sign."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    content = {"patient": patient.id, "document": document, **asdict(told)}
    if earlier := keys.known(key, action="consent_talk", content=content):
        return Talk.objects.get(pk=earlier)
    today = zones.day_at(site_id, at)
    try:
        found = consents.document(document, on=today)
    except KeyError:
        raise Refused("consent.no_document") from None
    _goes_on(patient)
    old_enough(patient, found["from_years"], today=today)
    told.check()
    states.demand(patient, at=at)
    for one in _unsigned(patient).filter(document=document):
        _end(one, reason="", by=None, at=at)
    row = Talk(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site_id=site_id,
        document=document,
        version=consents.version(found),
        content=json.dumps(found, ensure_ascii=False, sort_keys=True),
        language=told.language,
        spoken_in=told.spoken_in,
        mode=told.mode,
        interpreter=told.interpreter,
        capacity=told.capacity,
        note=told.note,
        representative=told.representative,
        ground=told.ground,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="consent_talked", who=by.id, at=at, subject=patient.id, site=site_id)
    keys.remember(
        key, action="consent_talk", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


@transaction.atomic
def say(talk: Talk, item: str, value: str, *, by: Person | None, at: datetime) -> None:
    """Keep what was said to one item: UNDERSTOOD or ASKS to a statement, which answer (from 0) to a question.

    `by` None: the patient alone. The same again changes nothing; what waits for an explanation is not answered before it.
    """
    talk = _open(talk, by=by, at=at)
    one = next((one for one in items(talk) if one.id == item), None)
    allowed = {str(n) for n in range(len(one.answers))} if one and one.answers else {UNDERSTOOD, ASKS}
    if one is None or value not in allowed:
        raise Refused("consent.choose")
    if one.state in (DONE, STILL, WAITS) and value == _said(one):
        return
    if one.state == WAITS:
        raise Conflict("consent.waits")
    what = ANSWER if one.answers else value
    _step(talk, item, what, value if one.answers else "", by=by, at=at)
    if by is None:
        asking.look(talk, at=at)


@transaction.atomic
def explain(talk: Talk, item: str, *, by: Person, at: datetime) -> None:
    """A person has talked about it; it is asked again. Explaining what does not wait changes nothing."""
    talk = _open(talk, by=by, at=at)
    if any(one.id == item and one.state == WAITS for one in items(talk)):
        _step(talk, item, EXPLAINED, "", by=by, at=at)
        asking.explained(talk, by=by, at=at)


@transaction.atomic
def sign(
    talk: Talk,
    *,
    name: str,
    clear: str,
    read: str,
    how: str,
    by: Person | None,
    at: datetime,
    key: UUID,
    read_in: str = "",
    drawn: str = "",
    scan: bytes = b"",
    translation: str = "",
) -> Signature:
    """The signature, with its paper. `by` None: the patient alone. With PAPER `scan` is the signed sheet, as a PDF.

    `read`: SHOWN, in the language of the text, or OTHER, in the one that `read_in` names; `drawn`: strokes beside the name.
    """
    talk = _locked(talk, by=by, at=at)
    content = {"talk": talk.id, "name": name, "clear": clear, "how": how, "scan": len(scan), "translation": translation}
    content |= {"read": read, "read_in": read_in, "drawn": drawn}
    if earlier := keys.known(key, action="consent_sign", content=content):
        return Signature.objects.get(pk=earlier)
    _unended(talk)
    found = items(talk)
    if any(one.state in (OPEN, WAITS) for one in found):
        raise Refused("consent.not_all")
    if by is None and (why := asking.not_alone(talk, found, at_home=how == LINK)):
        raise Refused(why)
    language, strokes = (
        reading.language(talk, read, read_in, translation=translation, alone=by is None),
        drawn_.read(drawn),
    )
    if clear != YES:
        raise Refused("consent.not_now")
    _goes_on(talk.patient)
    states.demand(talk.patient, at=at)
    if talk.capacity != HAS and name and _plain(name) != _plain(talk.representative):
        raise Refused("consent.representative_signs", name=talk.representative)
    if not name or len(name) > Signature._meta.get_field("name").max_length:
        raise Refused("consent.name_missing", in_field="name")
    if how == PAPER and not scan.startswith(b"%PDF-"):
        raise Refused("consent.no_scan", in_field="scan")
    if len(translation) > Signature._meta.get_field("translation").max_length:
        raise Refused("consent.too_long")
    about = json.loads(talk.content)
    today = zones.day(at, talk.site.zone)
    id, last = ids.new(), today + timedelta(days=about["lasts_days"])
    paper = papers.keep(
        scan
        if how == PAPER
        else telling.paper(talk, found, name=name, read_in=language, drawn=strokes, last_day=last, at=at),
        patient=talk.patient,
        kind="consent",
        about=f"consent {id}",
        language=talk.language,
        permission=Permission.READ_PATIENTS,
        by=by,
        at=at,
        site=talk.site_id,
    )
    row = Signature(
        id=id,
        organisation_id=talk.organisation_id,
        created=at,
        talk=talk,
        name=name,
        how=how,
        paper=paper,
        translation=translation,
        read_in=language,
        drawn=strokes,
        renew_from=last - timedelta(days=about["renewal_days"]),
        last_day=last,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="consent_signed", who=by and by.id, at=at, subject=talk.patient_id, site=talk.site_id)
    asking.signed(talk, by=by, at=at)
    for one in Signature.objects.filter(talk__patient=talk.patient_id, talk__document=talk.document).exclude(pk=id):
        tasks.done(source=renewals.source(one), by=by, at=at)
    keys.remember(
        key, action="consent_sign", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


@transaction.atomic
def renew(
    patient: Patient,
    document: str,
    told: Told,
    said: dict[str, str],
    *,
    name: str,
    read: str,
    read_in: str = "",
    drawn: str = "",
    by: Person,
    at: datetime,
    key: UUID,
) -> Talk:
    """The talk, every answer and the signature at once. It stays unsigned while something is open or waits."""
    talk = begin(patient, document, told, by=by, at=at, key=key)
    if hasattr(talk, "signature"):
        return talk
    for one in items(talk):
        if one.state == OPEN and said.get(one.id):
            say(talk, one.id, said[one.id], by=by, at=at)
    if name and all(one.state in (DONE, STILL) for one in items(talk)):
        how = {"read": read, "read_in": read_in, "drawn": drawn, "how": HERE}
        sign(talk, name=name, clear=told.clear, **how, by=by, at=at, key=ids.new())
    return talk


@transaction.atomic
def end(talk: Talk, *, reason: str, by: Person, at: datetime) -> None:
    """The talk leads to no signature, and why; what it asked of the clinic ends with it. Twice is as once."""
    talk = _locked(talk, by=by, at=at)
    if hasattr(talk, "signature"):
        raise Conflict("consent.signed_already")
    if not reason or len(reason) > TalkEnd._meta.get_field("reason").max_length:
        raise Refused("consent.say_why_ended")
    if not hasattr(talk, "end"):
        _end(talk, reason=reason, by=by, at=at)


def call_off(patient: Patient, standing: Any, *, by: Person, at: datetime) -> None:
    """The patient died, stopped or left: in that transaction no talk of theirs waits for a signature any more."""
    if standing.kind in ENDS:
        for talk in _unsigned(patient):
            _end(talk, reason="", by=None, at=at)


def _goes_on(patient: Patient) -> None:
    """Nobody agrees to anything who died or left; whose treatment is paused may talk about it."""
    if reach.ended(patient):
        raise Refused("consent.stopped")


def _unsigned(patient: Patient) -> QuerySet[Talk]:
    found = Talk.objects.filter(patient__in=patients.together(patient), signature=None, end=None)
    return found.select_related("site", "patient")


def _end(talk: Talk, *, reason: str, by: Person | None, at: datetime) -> None:
    told = {"talk": talk, "reason": reason, "by": by}
    row = TalkEnd(id=ids.new(), organisation_id=talk.organisation_id, created=at, **told)
    row.save(force_insert=True)
    trail.wrote(row, action="consent_ended", who=by and by.id, at=at, subject=talk.patient_id, site=talk.site_id)
    asking.over(talk, why=reason, by=by, at=at)


@transaction.atomic
def withdraw(signature: Signature, *, reason: str, by: Person | None, at: datetime) -> Withdrawal:
    """Taken back, from now on and everywhere: with it go the earlier and later signatures of the same document.

    Twice is as once; a reason is welcome and never needed.
    """
    talk = _locked(signature.talk, by=by, at=at)
    if earlier := Withdrawal.objects.filter(signature=signature).first():
        return earlier
    if len(reason) > Withdrawal._meta.get_field("reason").max_length:
        raise Refused("consent.too_long")
    row = _take_back(signature, reason=reason, by=by, at=at)
    patients_ = patients.together(talk.patient)
    same = Signature.objects.filter(talk__patient__in=patients_, talk__document=talk.document, withdrawal=None)
    for one in same.select_related("talk"):
        _take_back(one, reason=reason, by=by, at=at)
        tasks.done(source=renewals.source(one), by=by, at=at)
    after.withdrawn(row, by=by, at=at)
    return row


def _take_back(signature: Signature, *, reason: str, by: Person | None, at: datetime) -> Withdrawal:
    told = {"signature": signature, "reason": reason, "by": by}
    row = Withdrawal(id=ids.new(), organisation_id=signature.organisation_id, created=at, **told)
    row.save(force_insert=True)
    talk = signature.talk
    trail.wrote(row, action="consent_withdrawn", who=by and by.id, at=at, subject=talk.patient_id, site=talk.site_id)
    return row


def _locked(talk: Talk, *, by: Person | None, at: datetime) -> Talk:
    """`by` may at any site where the patient is known: a "no" is heard wherever it is said."""
    patient = locked(Patient, pk=talk.patient_id)
    if by is not None:
        _may(patient, by=by, at=at)
    return Talk.objects.select_related("patient", "site", "by", "signature", "end").get(pk=talk.pk)


def _may(patient: Patient, *, by: Person, at: datetime) -> None:
    for id in reversed(patients.together(patient)):
        try:
            may_at(Patient(pk=id), Permission.WRITE_PATIENTS, by=by, at=at)
        except Forbidden:
            if id == patient.pk:
                raise
        else:
            return


def _open(talk: Talk, *, by: Person | None, at: datetime) -> Talk:
    talk = _locked(talk, by=by, at=at)
    _unended(talk)
    return talk


def _unended(talk: Talk) -> None:
    if hasattr(talk, "signature"):
        raise Conflict("consent.signed_already")
    if hasattr(talk, "end"):
        raise Conflict("consent.ended_already")


def _step(talk: Talk, item: str, what: str, value: str, *, by: Person | None, at: datetime) -> None:
    row = Step(
        id=ids.new(),
        organisation_id=talk.organisation_id,
        created=at,
        talk=talk,
        seq=Step.objects.filter(talk=talk).count() + 1,
        item=item,
        what=what,
        value=value,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="consent_step", who=by and by.id, at=at, subject=talk.patient_id, site=talk.site_id)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _said(one: Item) -> str:
    """What was said last to an item that is not open."""
    if one.answers:
        return str(one.said)
    return ASKS if one.state == WAITS else UNDERSTOOD
