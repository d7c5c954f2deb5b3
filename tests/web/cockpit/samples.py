"""How is something written into a session as it stands, whatever its gates would have said?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.people.models import Person
from daybreak.web.treatment import payload
from daybreak.web.treatment.models import Session, SessionEvent


def happened(session: Session, what: What, by: Person | None, at: datetime, **told: Any) -> SessionEvent:
    """The row alone."""
    return SessionEvent.objects.create(
        id=ids.new(),
        organisation_id=session.organisation_id,
        created=at,
        session=session,
        seq=session.events.count() + 1,
        what=what.value,
        told=payload.written(told),
        happened=at,
        noted=at,
        received=at,
        by=by,
        key=ids.new(),
    )
