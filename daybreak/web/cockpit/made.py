"""How is the cockpit of a session made from what happened in it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.safestring import mark_safe

from daybreak.clinical.treatment.checks import Schedule, due
from daybreak.clinical.treatment.discharge import watch_until
from daybreak.clinical.treatment.events import Phase
from daybreak.clinical.treatment.limits import Watch
from daybreak.clinical.treatment.rules import Rules
from daybreak.clinical.treatment.session import State
from daybreak.clinical.treatment.watching import facts
from daybreak.knowledge import watch as watching
from daybreak.web import ids
from daybreak.web.bedside import minutes, telling, values
from daybreak.web.bedside import queries as devices
from daybreak.web.bedside.telling import Pump
from daybreak.web.cockpit import checklist, from_monitor, of_session, sheets, vitals
from daybreak.web.cockpit import due as due_next
from daybreak.web.cockpit.alarms import told as alarms
from daybreak.web.cockpit.next_step import step
from daybreak.web.cockpit.of_session import Around
from daybreak.web.cockpit.scale import elapsed
from daybreak.web.cockpit.shown import Cockpit, Line
from daybreak.web.cockpit.trace import drawn
from daybreak.web.cockpit.trace_said import said
from daybreak.web.cockpit.trace_table import table
from daybreak.web.limits import queries as limits
from daybreak.web.limits.models import Signed
from daybreak.web.onsite import queries as onsite
from daybreak.web.onsite.queries import Here
from daybreak.web.onsite.telling import here as told_here
from daybreak.web.patients import identity as identities
from daybreak.web.patients import queries as patients
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment import context, queries
from daybreak.web.treatment import signed as treated
from daybreak.web.treatment.emergencies import left_alone, said_alone
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.queries import Now
from daybreak.web.words import known, word

PHASES = {
    Phase.PLANNED: "cockpit.phase_planned",
    Phase.ARRIVED: "cockpit.phase_arrived",
    Phase.CLEARED: "cockpit.phase_cleared",
    Phase.DOSING: "cockpit.phase_dosing",
    Phase.OBSERVING: "cockpit.phase_observing",
    Phase.READY: "cockpit.phase_ready",
    Phase.CLOSED: "cockpit.phase_closed",
}

# What is said where a device belongs to a session, and what it sends is not shown or does not alarm.
OFF = {Function.VALUES: "switches.values_off", Function.ALARMS: "switches.alarms_off"}


def around(now: Now, rules: Rules, *, at: datetime, read: Sequence[Signed] | None = None) -> Around:
    """What is known around it: limits, what is due, until when it is watched, and the session before it. `read`: see `kept`."""
    watch, schedule = kept(now.session, read=read)
    return Around(
        watch,
        due(facts(now.state, now.events), schedule, at),
        watch_until(now.state, rules),
        of_session.before(queries.of(patients.together(now.session.patient)), now),
    )


def kept(session: Session, *, read: Sequence[Signed] | None = None) -> tuple[Watch, Schedule]:
    """By which limits and checks a session is watched: what its site had signed when it began, else what the protocol says.
    `read`: all that the site has signed, where it was read anyway."""
    signed = limits.signed(session.site_id, session.protocol, at=session.created, read=read)
    if signed:
        return signed.watch, signed.schedule
    return watching.watch(), watching.schedule(session.protocol)


def cockpit(now: Now, *, at: datetime, language: str | None, typed: Mapping[str, str], take: bool = False) -> Cockpit:
    """The whole screen, in the reader's language and the site's time. `take`: what the monitor measures stands in the sheet."""
    spoken, session, state = known(language), now.session, now.state
    read = limits.of_site(session.site_id)  # once, for what holds now and for what held when it began
    treated.watch(session, at=at, read=read)
    rules = context.rules(session, at=at)
    near = around(now, rules, at=at, read=read)
    measured = minutes.of(session) if session.__dict__.get("measured", True) else []
    trace = of_session.trace(now, near, at=at if now.open else None, language=spoken, minutes=measured)
    who = identities.of(patients.details(session.patient))
    zone = ZoneInfo(session.site.zone)
    begun = state.first_exposure
    calm = replace(near, items=()) if state.emergency else near  # nothing is asked for while an emergency is open
    bound = _bound(now)
    on = switches.at(session) if bound else frozenset[Function]()
    live = values.of_session(bound, near.watch, at=at) if bound and Function.VALUES in on else None
    return Cockpit(
        id=session.id,
        name=who.name,
        born=who.birth[:4],
        room=f"{session.chair.room.name} · {session.chair.name}",
        phase=word(PHASES[state.phase], spoken),
        since=elapsed(at - begun) if begun else "",
        clock=f"{at.astimezone(zone):%H:%M}",
        identity=_identity(state, zone, spoken),
        alarms=alarms(now, at=at, language=spoken),
        emergency=word("cockpit.emergency_since", spoken, since=elapsed(at - state.emergency.at))
        if state.emergency
        else "",
        vitals=vitals.vitals(state, near, at=at, language=spoken, live=live),
        monitored=live is not None,
        off=tuple(word(said_, spoken) for one, said_ in OFF.items() if bound and one not in on),
        svg=mark_safe(
            drawn(trace, title=word("cockpit.chart", spoken), desc=said(trace, language=spoken), language=spoken)
        ),
        table=table(trace, language=spoken),
        sheets=sheets.sheets(
            state,
            calm,
            at=at,
            language=spoken,
            key=ids.new,
            typed=typed,
            offers=bool(from_monitor.live_now(live)),
            taken=from_monitor.taken(bound, live, near.watch, at=at) if take and bound else None,
        )
        if now.open
        else (),
        checklist=checklist.lines(state, rules, near.items, at=at, language=spoken),
        doses=tuple(
            Line("met", of_session.said_dose(one), f"{one.first.astimezone(zone):%H:%M}") for one in state.exposures
        ),
        dose=_dose(state),
        pump=_pump(now, at=at, language=spoken),
        due=_due(now, near, at=at, language=spoken),
        uncovered=_uncovered(now, at=at, language=spoken),
        people=_people(onsite.said_here(session.site, at), session.chair.room.name, spoken),
        step=step(now, rules, at=at, language=spoken),
        closed=not now.open,
    )


def _bound(now: Now) -> UUID | None:
    """The binding of the device that belongs to the session, if one does. Whoever read the session knows it."""
    if not now.open:
        return None
    known = now.session.__dict__
    return (
        known["bound"] if "bound" in known else devices.monitors([now.session.pk]).values_list("pk", flat=True).first()
    )


def _pump(now: Now, *, at: datetime, language: str) -> Pump | None:
    """What the pump of the session says; None without one, and where pumps are not shown."""
    known = now.session.__dict__
    if not now.open or ("pump" in known and known["pump"] is None) or Function.PUMPS not in switches.at(now.session):
        return None
    found = devices.pumps_of([now.session.pk]).first()
    return telling.of_pump(found, None, at=at, language=language) if found else None


def _identity(state: State, zone: ZoneInfo, language: str) -> Line:
    told = state.identified
    if told is None:
        return Line("unknown", "", word("cockpit.not_identified", language))
    right = told.told.get("matched") is True
    said_ = word(
        "cockpit.identified" if right else "cockpit.identity_differs", language, at=f"{told.at.astimezone(zone):%H:%M}"
    )
    return Line("met" if right else "not-met", "", said_)


def _uncovered(now: Now, *, at: datetime, language: str) -> str:
    """Who is missing here because of an emergency in another session; asked only where there ever was one."""
    if now.state.emergency or not (now.open and now.state.exposed and getattr(now.session, "beside", True)):
        return ""
    found = left_alone([now, *queries.emergencies_at(now.session.site_id)], at=at)
    return said_alone(found.get(now.session.pk, ()), language)


def _due(now: Now, near: Around, *, at: datetime, language: str) -> tuple[Line, ...]:
    """What comes next; while an emergency is open nothing is reminded of, and only alarms sound."""
    if now.state.emergency and now.open:
        return (Line("plain", "", word("cockpit.suspended", language)),)
    return due_next.lines(near.items, until=near.until, at=at, language=language) if now.open else ()


def _dose(state: State) -> str:
    return ", ".join(sorted({one.drug for one in state.exposures if one.drug}))


def _people(present: Iterable[Here], room: str, language: str) -> tuple[Line, ...]:
    """Who has said that they are in this room first; who is elsewhere at the site after them."""
    found = sorted(present, key=lambda one: one.room != room)
    lines = []
    for one in found:
        told = told_here(one, language)
        where = told["room"] if one.room else word("cockpit.on_site", language)
        state = "unknown" if one.overdue else "met" if one.room == room else "plain"
        lines.append(Line(state, told["name"], f"{told['roles']} · {where}"))
    return tuple(lines)
