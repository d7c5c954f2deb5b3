"""How is an emergency opened by whoever sees it, and who is left for the other sessions meanwhile?

Nobody is asked who they are: a tap opens it, and nothing is ended by it. Who it was is said afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.bound import Emergency, There, uncovered
from daybreak.clinical.treatment.events import Event, What
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.onsite import queries as onsite
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict
from daybreak.web.treatment import alarms, duties, payload, queries
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word

FLOOR, WALL, LOCKED = PLACES = ("floor", "wall", "locked")
NEEDED = (Role.NURSE, Role.PRESCRIBER)


@transaction.atomic
def call_out(
    session: Session, *, place: str, by: Person | None, at: datetime, key: UUID, via: str = "web"
) -> SessionEvent:
    """From the floor, a display, or a browser that is locked; whoever asks for it has seen that this place may. An emergency
    that is open stays as it was opened."""
    locked(Session, pk=session.pk)
    session = Session.objects.select_related("patient", "site").get(pk=session.pk)
    content = {"session": session.id, "place": place}
    if earlier := keys.known(key, action="call_out", content=content):
        return SessionEvent.objects.get(pk=earlier)
    now = queries.now(session)
    if not now.open:
        raise Conflict("treatment.over_already")
    if now.state.emergency is not None:
        return SessionEvent.objects.get(session=session, seq=now.state.emergency.seq)
    row = SessionEvent(
        id=ids.new(),
        organisation_id=session.organisation_id,
        created=at,
        session=session,
        seq=now.next,
        what=What.EMERGENCY_OPENED.value,
        told=payload.written({"place": place}),
        happened=at,
        noted=at,
        received=at,
        by=by,
        key=key,
    )
    row.save(force_insert=True)
    told = {"who": by and by.id, "at": at, "via": via, "subject": session.patient_id, "site": session.site_id}
    trail.wrote(row, action="treatment_emergency_opened", **told)
    duties.called_out(session, row, by=by, at=at, via=via)
    alarms.follow(session, at=at)
    keys.remember(
        key, action="call_out", content=content, answer=row.id, organisation_id=session.organisation_id, at=at
    )
    return row


def unnamed(now: Now) -> Event | None:
    """The last emergency that was opened by nobody who is known, as long as nobody has said that it was they."""
    opened = [one for one in now.events if one.what == What.EMERGENCY_OPENED]
    last = opened[-1] if opened else None
    said = {one.told.get("emergency") for one in now.events if one.what == What.EVENT}
    return last if last is not None and last.by is None and last.seq not in said else None


def left_alone(open_: Iterable[Now], *, at: datetime) -> dict[UUID, tuple[str, ...]]:
    """By session, the roles in which nobody is free for it because of emergencies in others of the site. `open_`: its open
    sessions; who is there is asked once, and only where there is an emergency."""
    every = list(open_)
    urgent = [one for one in every if one.state.emergency is not None]
    if not urgent:
        return {}
    here = onsite.on_site(urgent[0].session.site, at)
    there = [There(str(one.person.pk), frozenset(one.roles), one.room) for one in here]
    found = [Emergency(one.events, one.session.chair.room.name) for one in urgent]
    alone = uncovered(found, there, needed=NEEDED)
    return {one.session.pk: alone for one in every if one.state.exposed and one.state.emergency is None}


def said_alone(roles: Iterable[str], language: str) -> str:
    """Which roles are missing, in a sentence; empty when none is."""
    missing = ", ".join(word(f"role.{one}", language) for one in roles)
    return word("cockpit.uncovered", language, roles=missing) if missing else ""
