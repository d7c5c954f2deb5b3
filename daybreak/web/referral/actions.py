"""How does a referral come in, and what can be done about it?

Each action locks the referral (coming in: the site), asks permission, looks at the state, writes and audits.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.reach import risk_level, within
from daybreak.knowledge.suicide import calling
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import register
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.roles import Role
from daybreak.web.reach import actions as reach
from daybreak.web.reach import queries as reached
from daybreak.web.reach.forms import Known, Reached
from daybreak.web.reach.models import NO, YES
from daybreak.web.referral import queries, status
from daybreak.web.referral.models import ENDS, Door, Event, Referral, What
from daybreak.web.referral.state import State, state
from daybreak.web.referral.told import Told, check
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.tasks.state import state as task_state

LONGEST = 1000
# What asks for more than registering patients: it judges about treatment.
JUDGES = {What.PLANNED, What.ACCEPTED, What.DECLINED}
NEEDS_PATIENT = {What.INTAKE, What.PLANNED, What.ACCEPTED}
NEEDS_TEXT = {What.NOTE, What.DECLINED, What.TOOK_BACK}
BY_HAND = frozenset(What) - {What.PATIENT}
RISK = {Level.NOW: "referral.task_risk", Level.TODAY: "referral.task_risk_not_known"}
FROM = ("role", "name", "practice", "phone", "email", "language")


@transaction.atomic
def receive(told: Told, *, site: Site, door: Door, by: Person | None, at: datetime, key: UUID) -> Referral:
    """A referral is on disk, with the task to look at it. `by` typed it in; None: whoever refers did, without an account."""
    site = locked(Site, pk=site.pk)
    if by is not None:
        require(by, Permission.REGISTER_PATIENTS, at=at, site_id=site.id)
    content = {**asdict(told), "site": site.id, "door": door}
    if earlier := keys.known(key, action="refer", content=content):
        return Referral.objects.get(pk=earlier)
    if site.closed:
        raise Refused("people.site_closed", name=site.name)
    check(told, today=zones.day(at, site.zone))
    known = Known(**{name: getattr(told, f"from_{name}") for name in FROM})
    outsider = reach.write_outsider(
        known, replaces=None, patient=None, site_id=site.id, by=by, at=at, organisation_id=site.organisation_id
    )
    about = {
        name: getattr(told, name)
        for name in ("family_name", "given_names", "birth", "phone", "email", "language", "why", "tried", "risk")
    }
    row = Referral(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        outsider=outsider,
        door=door,
        urgent=told.urgent == YES,
        agreed=told.agreed == YES,
        may_tell=told.may_tell == YES,
        by=by,
        **about,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="referral_received", who=by and by.id, at=at, site=site.id)
    _make_tasks(row, by=by, at=at)
    if outsider.email:
        status.write(row, about=row.id, by=by, at=at)
    keys.remember(key, action="refer", content=content, answer=row.id, organisation_id=site.organisation_id, at=at)
    return row


def _make_tasks(row: Referral, *, by: Person | None, at: datetime) -> None:
    common = {"site": row.site, "where": f"/referrals/{row.id}/", "by": by, "at": at}
    tasks.make(
        source=queries.source(row),
        kind=Kind.REFERRAL,
        what="referral.task_urgent" if row.urgent else "referral.task",
        level=Level.TODAY if row.urgent else Level.BY,
        due=at + within("referral-urgent" if row.urgent else "referral"),
        permission=Permission.REGISTER_PATIENTS,
        role=Role.NURSE,
        **common,
    )
    level = risk_level(row.risk)
    if level is None:
        return
    now = Level(level) is Level.NOW
    tasks.make(
        source=queries.risk_source(row),
        kind=Kind.SUICIDE,
        what=RISK[Level(level)],
        level=Level(level),
        due=at + (calling().escalation[-1] if now else calling().today),
        permission=Permission.READ_PATIENTS,
        role=Role.PRESCRIBER,
        **common,
    )


@transaction.atomic
def add(
    referral: Referral,
    what: What,
    *,
    text: str = "",
    told: bool = False,
    seen: int,
    by: Person,
    at: datetime,
    key: UUID,
) -> Event:
    """Something was done about it. `seen`: how many events the form showed; `told`: the referrer may read the text."""
    referral = locked(Referral, pk=referral.pk)
    _require(referral, what, by=by, at=at)
    content = {"referral": referral.id, "what": what, "text": text, "told": told, "seen": seen}
    if earlier := keys.known(key, action="referral_event", content=content):
        return Event.objects.get(pk=earlier)
    now = _open(referral, seen=seen)
    if len(text) > LONGEST or (what in NEEDS_TEXT and not text.strip()):
        raise Refused("referral.needs_text", most=LONGEST)
    if what in NEEDS_PATIENT and now.patient is None:
        raise Refused("referral.needs_patient")
    event = _write(referral, now, what, text=text.strip(), told=told and what is What.DECLINED, by=by, at=at)
    keys.remember(
        key, action="referral_event", content=content, answer=event.id, organisation_id=event.organisation_id, at=at
    )
    return event


@transaction.atomic
def make_patient(
    referral: Referral,
    *,
    number: str,
    not_these: Collection[UUID],
    not_elsewhere: bool = False,
    seen: int,
    by: Person,
    at: datetime,
    key: UUID,
) -> Patient:
    """Register whom the referral names. Raises `register.LookAlike` as registering does; twice is as once."""
    referral = locked(Referral, pk=referral.pk)
    _require(referral, What.PATIENT, by=by, at=at)
    identity = Identity(
        family_name=referral.family_name,
        given_names=referral.given_names,
        birth=referral.birth,
        language=referral.language,
    )
    before = state(referral)
    seen_others = {"not_these": not_these, "not_elsewhere": not_elsewhere}
    patient = register.register(identity, number=number, site=referral.site, **seen_others, by=by, at=at, key=key)
    if before.patient == patient:
        return patient
    return _belongs(referral, _open(referral, seen=seen), patient, by=by, at=at)


@transaction.atomic
def belongs_to(referral: Referral, patient: Patient, *, seen: int, by: Person, at: datetime) -> Patient:
    """It is about somebody who is a patient of the site already; saying so twice is as once."""
    referral = locked(Referral, pk=referral.pk)
    _require(referral, What.PATIENT, by=by, at=at)
    if state(referral).patient == patient:
        return patient
    if not patient.registrations.filter(site=referral.site_id).exists():
        raise Refused("referral.not_here")
    return _belongs(referral, _open(referral, seen=seen), patient, by=by, at=at)


def _belongs(referral: Referral, now: State, patient: Patient, *, by: Person, at: datetime) -> Patient:
    """From now on the referrer is somebody who looks after the patient; what they said stands in for what nobody asked yet."""
    if now.patient is not None:
        raise Conflict("referral.has_patient")
    patient = locked(Patient, pk=patient.pk)
    _write(referral, now, What.PATIENT, patient=patient, by=by, at=at)
    tasks.tie(source=queries.risk_source(referral), patient=patient, by=by, at=at)
    before = reached.outsider_now(referral.outsider.root)
    known = Known(
        **{name: getattr(before, name) for name in FROM},
        may_tell=YES if referral.may_tell else NO,
    )
    reach.write_outsider(known, replaces=before, patient=patient, site_id=referral.site_id, by=by, at=at)
    if reached.reach(patient.id) is None:
        reach.write_reach(
            Reached(email=referral.email, phone=referral.phone),
            replaces=None,
            patient=patient,
            site_id=referral.site_id,
            by=by,
            at=at,
        )
    return patient


def _require(referral: Referral, what: What, *, by: Person, at: datetime) -> None:
    require(by, Permission.REGISTER_PATIENTS, at=at, site_id=referral.site_id)
    if what in JUDGES:
        require(by, Permission.READ_PATIENTS, at=at, site_id=referral.site_id)


def _open(referral: Referral, *, seen: int) -> State:
    now = state(referral)
    if now.ended:
        raise Conflict("referral.over", name=now.ended.by.display_name)
    if len(now.events) != seen:
        raise Conflict("referral.changed_meanwhile", name=now.events[-1].by.display_name)
    return now


def _write(
    referral: Referral,
    now: State,
    what: What,
    *,
    by: Person,
    at: datetime,
    text: str = "",
    told: bool = False,
    patient: Patient | None = None,
) -> Event:
    row = Event(
        id=ids.new(),
        organisation_id=referral.organisation_id,
        created=at,
        referral=referral,
        seq=now.next,
        what=what,
        patient=patient,
        text=text,
        told=told,
        by=by,
    )
    row.save(force_insert=True)
    about = patient or now.patient
    trail.wrote(
        row,
        action=f"referral_{what}",
        who=by.id,
        at=at,
        subject=about.id if about else None,
        site=referral.site_id,
    )
    if what in ENDS:
        tasks.done(source=queries.source(referral), by=by, at=at)
    elif what is What.LOOKED:
        _take(referral, by=by, at=at)
    if what in status.WRITES_ABOUT and status.hears(referral, now):
        status.write(referral, about=row.id, by=by, at=at)
    return row


def _take(referral: Referral, *, by: Person, at: datetime) -> None:
    task = Task.objects.filter(source=queries.source(referral)).first()
    if task and (now := task_state(task)).open and (now.owner is None or (now.given and now.owner.pk == by.pk)):
        tasks.take(task, by=by, at=at, key=ids.new())
