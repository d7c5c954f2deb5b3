"""What does whoever takes a patient home read on their own phone, and how do they sign that they have?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.events import Event, What
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.links import actions as links
from daybreak.web.links.models import ESCORT, Link
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Refused
from daybreak.web.treatment import payload, queries
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.queries import Now

LONGEST = 200  # letters of a name


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed, as they typed it, and when."""

    name: str
    at: datetime


@transaction.atomic
def link(session: Session, *, by: Person, at: datetime, key: UUID) -> Link:
    """For the phone of whoever takes this patient home today."""
    session = locked(Session, pk=session.pk)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    about = {"purpose": ESCORT, "subject": session.id, "organisation_id": session.organisation_id}
    return links.make_once(key=key, about=session.id, **about, by=by, at=at)


@transaction.atomic
def sign(session: Session, *, name: str, agreed: bool, at: datetime, key: UUID) -> SessionEvent:
    """They have read until when nobody drives, and take the patient home. It is their word, and clears nothing by itself."""
    locked(Session, pk=session.pk)
    session = Session.objects.select_related("patient", "site").get(pk=session.pk)
    name = " ".join(name.split())
    content = {"session": session.id, "name": name}
    if earlier := keys.known(key, action="escort_signed", content=content):
        return SessionEvent.objects.get(pk=earlier)
    if not name or len(name) > LONGEST:
        raise Refused("chronicle.escort_name", in_field="name", most=LONGEST)
    if not agreed:
        raise Refused("chronicle.escort_tick", in_field="agreed")
    row = SessionEvent(
        id=ids.new(),
        organisation_id=session.organisation_id,
        created=at,
        session=session,
        seq=queries.now(session).next,
        what=What.EVENT.value,
        told=payload.written({"escort": name}),
        happened=at,
        noted=at,
        received=at,
        by=None,
        key=key,
    )
    row.save(force_insert=True)
    about = {"subject": session.patient_id, "site": session.site_id}
    trail.wrote(row, action="escort_signed", who=None, at=at, via="link", **about)
    organisation = {"organisation_id": session.organisation_id, "at": at}
    keys.remember(key, action="escort_signed", content=content, answer=row.id, **organisation)
    return row


def signed(now: Now) -> Signed | None:
    """The last who did."""
    return _last(one for one in now.events if one.what == What.EVENT and one.told.get("escort"))


def _last(events: Iterable[Event]) -> Signed | None:
    found = max(events, key=lambda one: one.seq, default=None)
    return Signed(str(found.told["escort"]), found.happened) if found else None


def sessions_of(patient_ids: Iterable[UUID]) -> list[UUID]:
    """The subjects of such links about these patients."""
    return list(Session.objects.filter(patient__in=list(patient_ids)).values_list("pk", flat=True))
