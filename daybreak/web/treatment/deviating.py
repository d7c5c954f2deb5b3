"""What was done in the sessions of a site without its gates, or for a reason, and in how many of all sessions with a dose?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from daybreak.clinical.treatment.commands import Deviation, deviations
from daybreak.clinical.treatment.events import GIVES, What
from daybreak.web import zones
from daybreak.web.treatment import context, queries
from daybreak.web.treatment.models import SessionEvent
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.saying import sentence
from daybreak.web.treatment.timeline import TOLD
from daybreak.web.words import word

# What was missing stands in the event itself; a correction can show that more was.
WROTE_DOWN = Q(told__contains='"lacking": [{') | Q(what=What.CORRECTED)


@dataclass(frozen=True, slots=True)
class Deviating:
    """The sessions with a deviation, the newest first, and how many there were with a dose."""

    sessions: tuple[tuple[Now, tuple[Deviation, ...]], ...]
    of: int


def deviating(site_id: UUID, *, at: datetime) -> Deviating:
    """Of one site, ever."""
    events = SessionEvent.objects.filter(session__site=site_id)
    asked = queries.these(events.filter(WROTE_DOWN).values("session"))
    every = ((one, deviations(one.events, context.rules(one.session, at=at))) for one in asked)
    given = events.filter(what__in=GIVES).values("session").distinct().count()
    return Deviating(tuple((one, found) for one, found in every if found), given)


def listed(found: Deviating, language: str) -> list[dict[str, Any]]:
    """Each with when it was, what was done and what was missing."""
    return [
        {
            "session": now.session.id,
            "at": zones.minute(now.events[one.seq - 1].happened),
            "what": word(TOLD[What(now.events[one.seq - 1].what)], language),
            "why": sentence(one.reason, language),
        }
        for now, every in found.sessions
        for one in every
    ]


def counted(lines: Iterable[dict[str, Any]]) -> list[tuple[str, int]]:
    """How often each was missing, the most frequent first."""
    return Counter(one["why"] for one in lines).most_common()
