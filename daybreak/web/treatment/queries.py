"""Which sessions are there, how do they stand, and which are open?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from daybreak.clinical.treatment.events import Event, Phase, What
from daybreak.clinical.treatment.session import State, fold
from daybreak.knowledge import sessions
from daybreak.web.rems.models import Setting
from daybreak.web.treatment import payload
from daybreak.web.treatment.models import Session, SessionEvent

# What can open a session again that an end seemed to close.
_OPENS = (What.DOSE, What.INFUSION_STARTED, What.CORRECTED, What.REOPENED)


@dataclass(frozen=True, slots=True)
class Now:
    """A session with its events, as it stands. `next`: the number of its next event."""

    session: Session
    events: tuple[Event, ...]
    state: State

    @property
    def next(self) -> int:
        return len(self.events) + 1

    @property
    def open(self) -> bool:
        return self.state.phase is not Phase.CLOSED


def now(session: Session) -> Now:
    """How it stands."""
    events = tuple(payload.event(row) for row in sorted(session.events.all(), key=lambda one: one.seq))
    return Now(session, events, fold(events))


def then(now: Now, row: SessionEvent) -> Now:
    """How it stands after one event more."""
    events = (*now.events, payload.event(row))
    return Now(now.session, events, fold(events))


def open_at(site_id: UUID) -> list[Now]:
    """The open sessions of a site, the oldest first."""
    return _open(Q(site=site_id))


def emergency_beside() -> Exists:
    """Was an emergency ever opened in another session of its site? Asked with a session, so that a page asks once."""
    opened = SessionEvent.objects.filter(what=What.EMERGENCY_OPENED, session__site=OuterRef("site"))
    return Exists(opened.exclude(session=OuterRef("pk")))


def emergencies_at(site_id: UUID) -> list[Now]:
    """Those among them in which an emergency is open."""
    opened = SessionEvent.objects.filter(session=OuterRef("pk"), what=What.EMERGENCY_OPENED)
    return [one for one in _open(Q(site=site_id) & Exists(opened)) if one.state.emergency]


def open_of(patient_ids: Iterable[UUID]) -> list[Now]:
    """The open sessions of these records."""
    return _open(Q(patient__in=list(patient_ids)))


def of_bookings(booking_ids: Iterable[UUID]) -> dict[UUID, Now]:
    """By booking, its session."""
    found = _whole(Session.objects.filter(booking__in=list(booking_ids)))
    return {one.booking_id: now(one) for one in found}


def of(patient_ids: Iterable[UUID]) -> list[Now]:
    """Every session of these records, the newest first."""
    found = _whole(Session.objects.filter(patient__in=list(patient_ids)))
    return [now(one) for one in found.order_by("-created", "-id")]


def asked_before(session: Session, questions: Iterable[str]) -> frozenset[str]:
    """Which of these were answered in an earlier session of the same course. Read once for a page."""
    for one in questions:
        if f"asked_{one}" not in session.__dict__:
            (row,) = with_asked(Session.objects.filter(pk=session.pk))
            session.__dict__[f"asked_{one}"] = row.__dict__[f"asked_{one}"]
    return frozenset(one for one in questions if session.__dict__[f"asked_{one}"])


def with_asked(found: QuerySet[Session]) -> QuerySet[Session]:
    """The same, each knowing what is asked once in a series and was in an earlier session of it; and where it is given, as it
    was said last."""
    earlier = SessionEvent.objects.filter(
        session__course=OuterRef("course"), session__created__lt=OuterRef("created"), what=What.ANSWERED
    )
    said = Setting.objects.filter(booking=OuterRef("booking"), replaced_by__isnull=True)
    return found.annotate(
        said_setting=Subquery(said.values("setting")[:1]),
        **{f"asked_{one}": Exists(earlier.filter(told__contains=f'"question": "{one}"')) for one in sessions.once()},
    )


def these(ids: Iterable[UUID] | QuerySet[Any]) -> list[Now]:
    """The sessions of these ids, the newest first."""
    return [now(one) for one in _whole(Session.objects.filter(pk__in=ids)).order_by("-created", "-id")]


def exposures_since(patient_ids: Iterable[UUID], since: datetime) -> list[Now]:
    """The sessions since then in which these records were exposed, the newest first."""
    return [one for one in of(patient_ids) if one.state.exposed and (one.state.first_exposure or since) >= since]


def _open(which: Q) -> list[Now]:
    """Those without an end, and those of which something came after it; which of these are open tells the state."""
    ends = SessionEvent.objects.filter(session=OuterRef("session"), what=What.ENDED, seq__lt=OuterRef("seq"))
    again = SessionEvent.objects.filter(session=OuterRef("pk"), what__in=_OPENS)
    ended = SessionEvent.objects.filter(session=OuterRef("pk"), what=What.ENDED)
    found = Session.objects.filter(which).filter(~Exists(ended) | Exists(again.filter(Exists(ends))))
    whole = (now(one) for one in _whole(found).order_by("created", "id"))
    return [one for one in whole if one.open]


def _whole(found: QuerySet[Session]) -> QuerySet[Session]:
    found = with_asked(found)
    return found.select_related("patient", "site", "booking", "course", "chair__room").prefetch_related(
        Prefetch("events", SessionEvent.objects.order_by("seq"))
    )
