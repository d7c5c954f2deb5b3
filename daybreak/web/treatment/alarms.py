"""Which alarms does a session have, who acknowledges them, and what does the clock find when nobody does anything?

A value is judged in the transaction that writes it down, by the limits that a prescriber had signed when the session began;
without any, by the protocol's own: nothing is unwatched because somebody did not sign.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment import alarms as judging
from daybreak.clinical.treatment.alarms import EVERYBODY, Acknowledge, NotTaken, Pause
from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.watching import SOUND, Said, Watched, untold, watched
from daybreak.knowledge import watch as knowledge
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.bedside import said
from daybreak.web.limits import queries as limits
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.treatment import payload, queries, seeing
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.presence import prescriber_gone
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.saying import NotNow

log = logging.getLogger("daybreak.treatment")

JUMPED = "clock.jumped"  # raised by the clock about itself
UNCOVERED = "staff.prescriber"  # raised when the last prescriber leaves
UNHEARD = "site.unheard"  # while no loud place of the site listens


def look(now: Now, *, at: datetime, devices: Sequence[Said] | None = None) -> Watched:
    """How the session is watched at this moment: alarms, what is due, and until when. `devices`: what they said, where it was
    read anyway."""
    session = now.session
    signed = limits.signed(session.site_id, session.protocol, at=session.created)
    return watched(
        now.events,
        patient=str(session.patient_id),
        watch=signed.watch if signed else knowledge.watch(),
        schedule=signed.schedule if signed else knowledge.schedule(session.protocol),
        begun=session.created,
        now=at,
        said=said.of([session.pk])[session.pk] if devices is None else devices,
    )


def follow(session: Session, *, at: datetime, now: Now | None = None) -> list[SessionEvent]:
    """Write down what the alarms say now and no event tells yet. In the transaction of what happened, under its lock.
    `now`: how it stands, where whoever holds the lock knows it."""
    now = now or queries.now(session)
    rows = []
    for n, (what, told) in enumerate(untold(look(now, at=at), now.events)):
        row = _add(session, now.next + n, what, told, by=None, at=at, key=ids.new())
        if what is What.ALARM_ESCALATED:
            _call(session, row, told, at=at)
        elif what is What.ALARM_RAISED:
            _call_if_unheard(now, row, told, at=at)
        rows.append(row)
    return rows


@transaction.atomic
def acknowledge(
    session: Session,
    alarm: str,
    *,
    did: str = "",
    chose: str = "",
    within: int | None = None,
    by: Person,
    at: datetime,
    key: UUID,
) -> SessionEvent:
    """This person has seen it: with what they do about it (`chose`: in one tap), or in how many minutes they look again."""
    session = _locked(session)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    told: dict[str, Any] = {"alarm": alarm, **seeing.told(did, chose, language=by.language)}
    told |= {} if within is None else {"within": str(within)}
    content = {"session": session.id, "told": told}
    if earlier := keys.known(key, action="acknowledge_alarm", content=content):
        return SessionEvent.objects.get(pk=earlier)
    now = queries.now(session)
    _may(now, Acknowledge(alarm, str(by.id), told["did"], None if within is None else timedelta(minutes=within)), at=at)
    row = _add(session, now.next, What.ALARM_ACKNOWLEDGED, told, by=by, at=at, key=key)
    follow(session, at=at)
    _called_off(session, alarm, by=by, at=at)
    keys.remember(
        key, action="acknowledge_alarm", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


@transaction.atomic
def pause_sound(session: Session, *, by: Person, at: datetime, key: UUID) -> SessionEvent:
    """The sound of this session is off, for as long as it may be at most and until something new alarms."""
    session = _locked(session)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    content = {"session": session.id}
    if earlier := keys.known(key, action="pause_sound", content=content):
        return SessionEvent.objects.get(pk=earlier)
    now = queries.now(session)
    if not now.open:
        raise NotNow((Reason("alarm.over"),))
    _may(now, Pause(str(by.id), knowledge.watch().pause_most), at=at)
    row = _add(session, now.next, What.ALARM_ACKNOWLEDGED, {"alarm": SOUND}, by=by, at=at, key=key)
    follow(session, at=at)
    keys.remember(key, action="pause_sound", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def unwatched(since: datetime | None, *, at: datetime) -> None:
    """Between these two moments nobody watched, or the clock was set: an alarm in every open session, because no time from
    before can be trusted. `since` None: nobody ever watched, as far as is known; then it counts from when each began."""
    for site_id in Site.objects.values_list("pk", flat=True):
        for now in queries.open_at(site_id):
            begun = since or now.session.created
            if abs(at - begun) <= knowledge.jump():
                continue
            try:
                with transaction.atomic():
                    _jumped(_locked(now.session), begun, at=at)
            except Exception as error:  # its kind alone: its text may be about a patient
                log.error("session %s could not be told of the clock: %s", now.session.pk, type(error).__name__)


def _jumped(session: Session, since: datetime, *, at: datetime) -> None:
    _raised(session, JUMPED, {"minutes": abs(at - since) // timedelta(minutes=1), "back": at < since}, at=at)


def no_prescriber(site: Site, *, at: datetime) -> None:
    """The prescriber has left the site and there is no other: an alarm in every open session, in the same transaction."""
    for now in queries.open_at(site.pk):
        _raised(_locked(now.session), UNCOVERED, {}, at=at)


def _raised(session: Session, alarm: str, more: Mapping[str, Any], *, at: datetime) -> None:
    """What no value says: it is open until somebody has seen to it."""
    now, told = queries.now(session), _raising(alarm, "alarm", at=at) | more
    row = _add(session, now.next, What.ALARM_RAISED, told, by=None, at=at, key=ids.new())
    _call_if_unheard(now, row, told, at=at)
    follow(session, at=at)


def _raising(alarm: str, level: str, *, at: datetime) -> dict[str, Any]:
    return {"alarm": alarm, "level": level, "at": at.isoformat(), "since": at.isoformat()}


def _listened(session: Session, *, silent: bool, at: datetime) -> None:
    """Nobody listens: an alarm that lasts until somebody does, and the first role is called, for no board will sound it.
    Somebody listens again: it is over, also when nobody has seen to it."""
    now = queries.now(session)
    if silent == (UNHEARD in now.state.alarms):
        return
    if silent:
        told = _raising(UNHEARD, knowledge.watch().technical["unheard"].name.lower(), at=at) | {"lasts": True}
        row = _add(session, now.next, What.ALARM_RAISED, told, by=None, at=at, key=ids.new())
        _call(session, row, told | {"role": knowledge.watch().roles[0]}, what="treatment.task_unheard", at=at)
    else:
        over = {"alarm": UNHEARD, "at": at.isoformat(), "over": True}
        _add(session, now.next, What.ALARM_RESOLVED, over, by=None, at=at, key=ids.new())
        _called_off(session, UNHEARD, by=None, at=at)


def _call_if_unheard(now: Now, row: SessionEvent, told: Mapping[str, Any], *, at: datetime) -> None:
    """An alarm that no loud place hears calls the first role at once."""
    if UNHEARD in now.state.alarms and told["level"] != "caution":
        _call(now.session, row, {**told, "role": knowledge.watch().roles[0]}, at=at)


def look_after(*, at: datetime, unheard: Collection[UUID] = ()) -> None:
    """What time alone changes in every open session: checks that grow overdue, alarms that nobody has seen, whether a
    prescriber is still here by what they said, and whether somebody would hear an alarm (`unheard`: the sites where nobody
    would, which matters once there was a dose).

    Each session is a transaction of its own. One that cannot be looked after holds back no other.
    """
    for site_id in Site.objects.values_list("pk", flat=True):
        every = queries.open_at(site_id)
        gone = prescriber_gone(every[0].session.site, at=at) if every else None
        devices = said.of(one.session.pk for one in every)
        for now in every:
            silent = site_id in unheard and now.state.exposed
            try:
                left, found = _unsaid(now, gone), look(now, at=at, devices=devices[now.session.pk])
                if left or silent != (UNHEARD in now.state.alarms) or untold(found, now.events):
                    with transaction.atomic():
                        session = _locked(now.session)
                        if left and _unsaid(queries.now(session), gone):
                            _raised(session, UNCOVERED, {}, at=at)
                        _listened(session, silent=silent, at=at)
                        follow(session, at=at)
            except Exception as error:  # its kind alone: its text may be about a patient
                log.error("session %s could not be looked after: %s", now.session.pk, type(error).__name__)


def _unsaid(now: Now, gone: datetime | None) -> bool:
    """Is no prescriber here since then, and has nothing in the session said so?"""
    if gone is None or gone < now.session.created:
        return False
    raised = [one for one in now.events if one.what == What.ALARM_RAISED and one.told.get("alarm") == UNCOVERED]
    return not any(one.happened >= gone for one in raised)


def _may(now: Now, event: Acknowledge | Pause, *, at: datetime) -> None:
    try:
        judging.step(look(now, at=at).alarms, event, knowledge.watch(), at)
    except NotTaken as refused:
        raise NotNow((refused.reason,)) from None


def _call(
    session: Session, row: SessionEvent, told: Mapping[str, Any], *, what: str = "treatment.task_alarm", at: datetime
) -> None:
    """The next role is asked by a task that calls people; whoever acknowledges the alarm closes it. Everybody: the first too."""
    role = knowledge.watch().roles[0] if told["role"] == EVERYBODY else told["role"]
    tasks.make(
        source=f"alarm {session.id} {told['alarm']} {row.seq}",
        kind=Kind.OTHER,
        what=what,
        site=session.site,
        patient=session.patient,
        level=Level.NOW,
        due=at,
        permission=Permission.READ_PATIENTS,
        role=Role(role),
        where=f"/sessions/{session.id}/",
        by=None,
        at=at,
        via="clock",
    )


def _called_off(session: Session, alarm: str, *, by: Person | None, at: datetime) -> None:
    """Whoever was called about it need not come for it any more."""
    for task in Task.objects.filter(source__startswith=f"alarm {session.id} {alarm} "):
        tasks.done(source=task.source, by=by, at=at)


def _locked(session: Session) -> Session:
    locked(Session, pk=session.pk)
    return Session.objects.select_related("patient", "site").get(pk=session.pk)


def _add(
    session: Session, seq: int, what: What, told: Mapping[str, Any], *, by: Person | None, at: datetime, key: UUID
) -> SessionEvent:
    row = SessionEvent(
        id=ids.new(),
        organisation_id=session.organisation_id,
        created=at,
        session=session,
        seq=seq,
        what=what.value,
        told=payload.written(told),
        happened=at,
        noted=at,
        received=at,
        by=by,
        key=key,
    )
    row.save(force_insert=True)
    who, via = (by.id, "web") if by else (None, "clock")
    trail.wrote(
        row, action=f"treatment_{what}", who=who, at=at, via=via, subject=session.patient_id, site=session.site_id
    )
    return row
