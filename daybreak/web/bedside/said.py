"""What do devices say of the alarms of a session, and how is it written down?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.clinical.treatment.alarms import Says
from daybreak.clinical.treatment.limits import Level, Line
from daybreak.clinical.treatment.watching import Said
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.bedside import models
from daybreak.web.treatment.models import Session, SessionEvent

LONGEST = 60  # letters of a figure


def of(session_ids: Iterable[UUID]) -> dict[UUID, list[Said]]:
    """By session, in order."""
    found: dict[UUID, list[Said]] = {one: [] for one in session_ids}
    for row in models.Said.objects.filter(session__in=list(found)).order_by("session", "n"):
        found[row.session_id].append(_said(row))
    return found


def now(session_id: UUID) -> dict[str, Says]:
    """By alarm, what they say now: what was said last, where some source still says so."""
    found = {one.says.alarm: one.says for one in of([session_id])[session_id]}
    return {id: one for id, one in found.items() if one.sources}


def add(session: Session, says: Sequence[Says], *, at: datetime) -> None:
    """Write it down, under the lock of the session and in the transaction in which its alarms follow."""
    n = models.Said.objects.filter(session=session).count()
    after = SessionEvent.objects.filter(session=session).count()
    for each, one in enumerate(says, n + 1):
        line = one.line
        row = models.Said(
            id=ids.new(),
            organisation_id=session.organisation_id,
            created=at,
            session=session,
            n=each,
            after=after,
            alarm=one.alarm,
            level=one.level.name.lower(),
            sources=json.dumps(sorted(one.sources)),
            gone=json.dumps(sorted(one.gone)),
            value=figure(one.value),
            absolute=figure(line.absolute) if line else "",
            relative=figure(line.relative) if line else "",
        )
        row.save(force_insert=True)
        trail.wrote(
            row, action="device_said", who=None, at=at, via="bedside", subject=session.patient_id, site=session.site_id
        )


def over(says: Says) -> Says:
    """The same, no longer so."""
    return Says(says.alarm, says.level, frozenset(), says.sources)


def figure(value: Decimal | None) -> str:
    """As a row holds it: in full, or where that is longer than a row holds by its power of ten: never cut to another number."""
    text = "" if value is None else f"{value:f}"
    return text if len(text) <= LONGEST else f"{value:.20E}"


def _said(row: models.Said) -> Said:
    value = Decimal(row.value) if row.value else None
    line = None
    if row.absolute:
        absolute, relative = Decimal(row.absolute), Decimal(row.relative) if row.relative else None
        line = Line(absolute, relative, absolute if relative is None else relative)
    sources, gone = frozenset(json.loads(row.sources)), frozenset(json.loads(row.gone))
    return Said(row.after, row.created, Says(row.alarm, Level[row.level.upper()], sources, gone, value, line))
