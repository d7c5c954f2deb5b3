"""What was just tapped by mistake: for how long is it offered to take it back, and how is that done? (the first word stays)"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.events import Event, What
from daybreak.clinical.treatment.session import corrected
from daybreak.web import ids
from daybreak.web.locks import locked
from daybreak.web.people.models import Person
from daybreak.web.refusals import Refused
from daybreak.web.treatment import actions, queries
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word

OFFERED = timedelta(seconds=10)
TAKEN = timedelta(seconds=60)  # what was tapped within the time may come late
TAPPED = frozenset({What.CHECK, What.EVENT})


def offered(now: Now, by: Person, *, at: datetime, within: timedelta = OFFERED) -> list[Event]:
    """All of the last tap of this person, if it was a moment ago, came at once and was not taken back yet."""
    own = [one for one in corrected(now.events) if one.by == str(by.id) and one.what in TAPPED and not one.late]
    last = own[-1].received if own else None
    if last is None or not timedelta(0) <= at - last <= within:
        return []
    return [one for one in own if one.received == last and not one.never]


@transaction.atomic
def take_back(session: Session, seq: int, *, by: Person, at: datetime, key: UUID) -> None:
    """All of the tap that has this event; what it raised stays until somebody has seen to it."""
    session = locked(Session, pk=session.pk)
    if SessionEvent.objects.filter(session=session, key=ids.derived(key, 0)).exists():
        return
    found = offered(queries.now(session), by, at=at, within=TAKEN)
    if seq not in [one.seq for one in found]:
        raise Refused("treatment.undo_too_late")
    why = word("treatment.undone", by.language)
    for n, one in enumerate(found):
        actions.correct(session, one.seq, {"taken_back": True}, why=why, by=by, at=at, key=ids.derived(key, n))
