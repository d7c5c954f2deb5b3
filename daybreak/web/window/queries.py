"""After which treatments was there a talk, and in how many of them?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from daybreak.clinical.followup.window import Said, Share, State, Window, share, state, window
from daybreak.knowledge.window import counted, hours
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.treatment.given import with_times
from daybreak.web.treatment.models import Session
from daybreak.web.window.models import Word

SHOWN = 10


@dataclass(frozen=True, slots=True)
class After:
    """One treatment, the time for a talk after it, the last word about that, and how it stands."""

    session: Session
    window: Window
    word: Word | None
    state: State


def of(patient: Patient, *, at: datetime) -> list[After]:
    """After every treatment of the person in which something was given, the newest first."""
    return _after(Q(patient__in=patients.together(patient)), at=at)


def at_site(site_id: UUID, *, at: datetime) -> Share:
    """In how many of the treatments of the last while at a site."""
    return share(one.state for one in _after(Q(site=site_id, created__gte=at - counted()), at=at))


def met(found: Iterable[After]) -> Share:
    """The same of these."""
    return share(one.state for one in found)


def _after(which: Q, *, at: datetime) -> list[After]:
    rows = with_times(Session.objects.filter(which)).filter(first__isnull=False, last__lte=at)
    sessions = list(rows.select_related("site").order_by("-last", "-id"))
    words: dict[UUID, Word] = {}
    for word in Word.objects.filter(session__in=sessions).select_related("by").order_by("seq"):
        words[word.session_id] = word
    opens, closes = hours()
    found = []
    for one in sessions:
        time, said = window(one.last, opens=opens, closes=closes), words.get(one.id)
        what = Said(said.what) if said else None
        found.append(After(one, time, said, state(time, what, said and said.starts, now=at)))
    return found
