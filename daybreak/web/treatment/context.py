"""What do the gates of a session find beyond the session itself? (read when they are asked, never kept)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment import compared
from daybreak.clinical.treatment.commands import ELSE_CLEAR, Command, Context, may
from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.rules import Rules
from daybreak.knowledge import sessions
from daybreak.web import zones
from daybreak.web.courses import gates
from daybreak.web.courses.models import WayHome
from daybreak.web.courses.state import Standing, standing
from daybreak.web.limits.models import Signed
from daybreak.web.patients import queries as patients
from daybreak.web.pdmp import queries as pdmp
from daybreak.web.treatment import judged, queries, signed, stock
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.presence import presence
from daybreak.web.treatment.queries import Now
from daybreak.web.watching import sounds

# Gates of the booking that have a gate of the session of their own.
DECISION, CONSENT = "decision", "consent"
NOTHING = Context()
NO_PRESCRIBER, NO_NURSES = Reason("session.no-prescriber"), Reason("session.too-few-nurses")
# What asks beyond the session itself.
ASKS = frozenset({What.CLEARED, What.DOSE, What.INFUSION_STARTED, What.RESUMED, What.REOPENED})


@dataclass(frozen=True, slots=True)
class Found:
    """What a session keeps, and what its gates find. `by_pump`: a pump gives what is ordered; `monitored`: when
    prescription monitoring was looked at, where that was read; `latest`: when the first dose can begin at the latest."""

    rules: Rules
    context: Context
    by_pump: bool = False
    order: signed.Order | None = None
    monitored: pdmp.Standing | None = None
    latest: Reason | None = None


def rules(session: Session, *, at: datetime, read: Sequence[Signed] | None = None) -> Rules:
    """What it keeps, by what its site has signed. `read`: all of that, where it was read anyway for many sessions at once;
    then nothing else is read, and how far apart devices lie is what the protocol alone says."""
    return _rules(session, signed.watch(session, at=at, read=read), ordered=read is None)


def _rules(session: Session, watch: signed.Watch | None, *, ordered: bool = True) -> Rules:
    return sessions.rules(
        session.protocol,
        between_devices=signed.between_devices(session) if ordered else signed.by_protocol(session.protocol),
        watch_from_first=watch.from_first if watch else None,
        watch_after_last=watch.after_last if watch else None,
        asked=queries.asked_before(session, sessions.once()),
        signs=watch.signs if watch else None,
        schedule=watch.schedule if watch else None,
    )


def why_not(now: Now, command: Command, *, at: datetime, moment: datetime, whole: bool = False) -> tuple[Reason, ...]:
    """Why it cannot be done at that moment. What lies beyond the session is read only for what asks it; between two doses
    not even then, where the session itself says no, unless the `whole` is asked: fewer wait for whoever holds the lock."""
    kept = rules(now.session, at=at)
    own = may(now.state, command, rules=kept, context=ELSE_CLEAR, now=moment)
    if command.what not in ASKS or (own and now.state.exposures and not whole):
        return own
    found = find(now, at=at)
    return may(now.state, command, rules=found.rules, context=found.context, now=moment)


def early(now: Now, *, at: datetime) -> Found:
    """What is needed to ask and to measure: nothing of it is cleared by this, and much less has to be read."""
    return Found(rules(now.session, at=at), Context(way_home=_way_home(standing(now.session.booking))))


def watched(now: Now, found: Found) -> Found:
    """When every dose is given, what lies behind is shown and not asked again."""
    by_pump = any(one.what == What.PUMP_COMPARED for one in now.events)
    return replace(found, context=replace(ELSE_CLEAR, way_home=found.context.way_home), by_pump=by_pump)


def find(now: Now, *, at: datetime) -> Found:
    """Everything, as it is at this moment."""
    session, state = now.session, now.state
    watch = signed.watch(session, at=at)
    kept = _rules(session, watch)
    booked = standing(session.booking)
    missing = {one.id: one for one in gates.missing([booked], at=at)[session.booking_id]}
    rest = tuple(
        Reason(one.name, dict(one.values(booked))) for id, one in missing.items() if id not in (DECISION, CONSENT)
    )
    dose = judged.judged(session, state, at=at)
    monitored = pdmp.standing(session.patient, session.site, at=at)
    order = signed.order(session, at=at)
    told = order.told if order else None
    pump = compared.pump(state, told, needed=order is None or order.by_pump)
    others = [one for one in queries.open_at(session.site_id) if one.session.pk != session.pk]
    theirs = set(patients.together(session.patient))
    elsewhere = [one for one in queries.open_of(theirs) if one.session.pk != session.pk]
    end = expected_end(now, kept, order, at=at)
    there = presence(session.site, others, until=end, at=at)
    latest = None if state.exposed else _latest(session, there.until, kept, takes=end - at)
    return Found(
        kept,
        Context(
            decision=DECISION not in missing,
            consent=CONSENT not in missing,
            visit=not rest,
            criteria=dose.criteria,
            pressure=dose.pressure,
            may_weigh=dose.may_weigh,
            way_home=_way_home(booked),
            monitored=not monitored.why,
            order=order is not None,
            more=None if order is None else len(state.exposures) < order.doses,
            most_mg=order.mg if order else None,
            timed_out=compared.timed_out(state, told),
            pump=not pump,
            stock=stock.enough(session.pk, order.mg if order else Decimal(0)),
            limits=watch is not None,
            sound=state.exposed or sounds.heard(session.site, at=at),  # not asked any more after the first exposure
            prescriber=there.prescriber,
            nurses=there.nurses,
            calm=there.calm,
            only_one=not elsewhere,
            chair=not any(one.session.chair_id == session.chair_id for one in others),
            today=ended_today(now, at=at),
            why={
                "visit": rest,
                "criteria": dose.why,
                "pressure": dose.pressure_why,
                "pump": pump,
                "monitored": monitored.why,
                "prescriber": (NO_PRESCRIBER, latest) if latest else (),
                "nurses": (NO_NURSES, latest) if latest and there.prescriber else (),
            },
        ),
        by_pump=order is not None and order.by_pump,
        order=order,
        monitored=monitored,
        latest=latest,
    )


def _latest(session: Session, until: datetime | None, kept: Rules, *, takes: timedelta) -> Reason | None:
    """When the first dose can begin at the latest: with all of its watch, and the margin, before prescriber and nurses leave.
    None where it is not known how long it takes, or who is here."""
    if until is None or (kept.watch_from_first is None and kept.watch_after_last is None):
        return None
    at = (until - takes).astimezone(ZoneInfo(session.site.zone))
    return Reason("treatment.latest_start", {"at": f"{at:%H:%M}"})


def _way_home(booked: Standing) -> bool:
    return booked.way_home is not None and booked.way_home.home != WayHome.NOT_KNOWN


def ended_today(now: Now, *, at: datetime) -> bool:
    """Was it told on this day of the site that the session is over?"""
    told = next((one.received for one in now.events if now.state.ended and one.seq == now.state.ended.seq), None)
    zone = now.session.site.zone
    return told is not None and zones.day(told, zone) == zones.day(at, zone)


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
