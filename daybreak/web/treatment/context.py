"""What do the gates of a session find beyond the session itself? (read when they are asked, never kept)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.commands import Context
from daybreak.clinical.treatment.rules import Rules
from daybreak.knowledge import sessions
from daybreak.web.courses import gates
from daybreak.web.courses.models import WayHome
from daybreak.web.courses.state import standing
from daybreak.web.patients import queries as patients
from daybreak.web.treatment import judged, queries, signed, stock
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.presence import presence
from daybreak.web.treatment.queries import Now

# Gates of the booking that have a gate of the session of their own.
DECISION, CONSENT = "decision", "consent"


@dataclass(frozen=True, slots=True)
class Found:
    """What a session keeps, and what its gates find."""

    rules: Rules
    context: Context


def rules(session: Session, *, at: datetime) -> Rules:
    """What it keeps, by what its site has signed."""
    watch = signed.watch(session, at=at)
    return sessions.rules(
        session.protocol,
        between_devices=signed.between_devices(session.protocol),
        watch_from_first=watch.from_first if watch else None,
        watch_after_last=watch.after_last if watch else None,
    )


def find(now: Now, *, at: datetime) -> Found:
    """Everything, as it is at this moment."""
    session, state = now.session, now.state
    kept = rules(session, at=at)
    booked = standing(session.booking)
    missing = {one.id: one for one in gates.missing([booked], at=at)[session.booking_id]}
    rest = tuple(
        Reason(one.name, dict(one.values(booked))) for id, one in missing.items() if id not in (DECISION, CONSENT)
    )
    dose = judged.judged(session, state, at=at)
    order = signed.order(session, at=at)
    others = [one for one in queries.open_at(session.site_id) if one.session.pk != session.pk]
    theirs = set(patients.together(session.patient))
    elsewhere = [one for one in queries.open_of(theirs) if one.session.pk != session.pk]
    there = presence(session.site, others, until=expected_end(now, kept, order, at=at), at=at)
    home = booked.way_home
    return Found(
        kept,
        Context(
            decision=DECISION not in missing,
            consent=CONSENT not in missing,
            visit=not rest,
            criteria=dose.criteria,
            pressure=dose.pressure,
            may_weigh=dose.may_weigh,
            way_home=home is not None and home.home != WayHome.NOT_KNOWN,
            order=order is not None,
            more=None if order is None else len(state.exposures) < order.doses,
            stock=bool(stock.usable(session.pk)),
            limits=signed.watch(session, at=at) is not None,
            prescriber=there.prescriber,
            nurses=there.nurses,
            calm=there.calm,
            only_one=not elsewhere,
            chair=not any(one.session.chair_id == session.chair_id for one in others),
            why={"visit": rest, "criteria": dose.why, "pressure": dose.pressure_why},
        ),
    )


def expected_end(now: Now, kept: Rules, order: signed.Order | None, *, at: datetime) -> datetime:
    """When the watch will be over if the dose begins, or goes on, now; with the margin after it."""
    lasts = order.lasts if order else timedelta(0)
    begun = now.state.watched_from or at
    over = [at + lasts]
    if kept.watch_from_first is not None:
        over.append(begun + kept.watch_from_first)
    if kept.watch_after_last is not None:
        over.append(at + lasts + kept.watch_after_last)
    return max(over) + sessions.margin()
