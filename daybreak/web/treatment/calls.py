"""How does a patient call from their own panel: come, breathe with me, too loud?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.events import What
from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import alarms, payload, queries
from daybreak.web.treatment.models import Session, SessionEvent


@transaction.atomic
def call(session: Session, what: str, *, at: datetime, key: UUID, via: str) -> SessionEvent:
    """The patient tapped it; nobody's permission is asked. It alarms until somebody has seen to it."""
    locked(Session, pk=session.pk)
    session = Session.objects.select_related("patient", "site").get(pk=session.pk)
    content = {"session": session.id, "what": what}
    if earlier := keys.known(key, action="call_in_session", content=content):
        return SessionEvent.objects.get(pk=earlier)
    if what not in sessions.calls():
        raise Refused("treatment.say_what", in_field="what")
    now = queries.now(session)
    if not now.open:
        raise Conflict("cockpit.panel_over")
    row = SessionEvent(
        id=ids.new(),
        organisation_id=session.organisation_id,
        created=at,
        session=session,
        seq=now.next,
        what=What.CALLED.value,
        told=payload.written({"what": what}),
        happened=at,
        noted=at,
        received=at,
        by=None,
        key=key,
    )
    row.save(force_insert=True)
    trail.wrote(
        row, action="treatment_called", who=None, at=at, via=via, subject=session.patient_id, site=session.site_id
    )
    alarms.follow(session, at=at)
    told = {"answer": row.id, "organisation_id": session.organisation_id, "at": at}
    keys.remember(key, action="call_in_session", content=content, **told)
    return row
