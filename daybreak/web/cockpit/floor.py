"""How does each chair of a site stand now: who is in it, in which phase, since when, what is due and what alarms?

Rooms keep their place; what changes is their shape and colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from daybreak.clinical.treatment.checks import Due, due
from daybreak.clinical.treatment.discharge import watch_until
from daybreak.clinical.treatment.events import Phase
from daybreak.clinical.treatment.session import State
from daybreak.clinical.treatment.watching import facts
from daybreak.web import ids
from daybreak.web.bedside import values
from daybreak.web.bedside.values import Signs
from daybreak.web.cockpit import alarms, vitals
from daybreak.web.cockpit import due as due_next
from daybreak.web.cockpit.alarms import Quiet
from daybreak.web.cockpit.made import PHASES, kept
from daybreak.web.cockpit.of_session import Around
from daybreak.web.cockpit.scale import elapsed
from daybreak.web.cockpit.shown import Vital
from daybreak.web.courses.models import Chair
from daybreak.web.limits import queries as limits
from daybreak.web.limits.models import Signed
from daybreak.web.patients import identity as identities
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Details
from daybreak.web.treatment import context, escort, queries
from daybreak.web.treatment.emergencies import left_alone, said_alone
from daybreak.web.treatment.queries import Now
from daybreak.web.words import known, word

# The ring: a stretch of its 360 degrees for each part of a session, with a gap after it.
PARTS = {"check_in": (0, 54), "dosing": (60, 42), "watch": (108, 192), "leaving": (306, 48)}
OF_PHASE = {
    Phase.PLANNED: "check_in",
    Phase.ARRIVED: "check_in",
    Phase.CLEARED: "check_in",
    Phase.DOSING: "dosing",
    Phase.OBSERVING: "watch",
    Phase.READY: "leaving",
}
FREE, CALM, CAUTION, ALARM = "free", "calm", "caution", "alarm"


@dataclass(frozen=True, slots=True)
class Arc:
    """A stretch of the ring: `past` or `live`, from where on and how long, in degrees."""

    kind: str
    offset: int
    length: float

    @property
    def dashes(self) -> str:
        """As the drawing writes it: so long, then nothing."""
        return f"{self.length:g} {360 - self.length:g}"


@dataclass(frozen=True, slots=True)
class Tile:
    """One chair. `who` and what was measured are for those who may know; a display leaves them out."""

    session: UUID | None
    room: str
    chair: str
    state: str
    phase: str
    who: str = ""
    big: str = ""
    sub: str = ""
    arcs: tuple[Arc, ...] = ()
    pressure: str = ""
    pressure_age: str = ""
    minor: str = ""
    next: str = ""
    late: bool = False
    quiet: Quiet | None = None  # its sound is off
    unseen: bool = False  # something calls, and nobody has seen to it: it is heard
    uncovered: str = ""  # who is missing here because of an emergency elsewhere
    monitored: bool = False  # a device belongs to it, and what it sends is looked at every moment
    help: UUID | None = None  # the chair for which anybody who stands here can call an emergency
    key: UUID | None = None


def tiles(site_id: UUID, chairs: Iterable[Chair], *, at: datetime, language: str | None) -> list[Tile]:
    """Every one of these chairs by room and name, and those in which somebody sits though they take no bookings any more."""
    spoken, open_ = known(language), queries.open_at(site_id)
    of = {one.session.chair_id: one for one in open_}
    every = {one.id: one for one in (*chairs, *(one.session.chair for one in open_))}
    patients = [one.session.patient_id for one in open_]
    rows = Details.objects.filter(patient__in=patients, replaced_by__isnull=True)
    names = {row.patient_id: identities.of(row) for row in rows}
    signed = limits.of_site(site_id) if open_ else []
    found = sorted(every.values(), key=lambda chair: (chair.room.name, chair.name))
    alone = left_alone(open_, at=at)
    live = values.of_sessions((one.session.pk for one in open_), at=at) if open_ else {}
    return [
        replace(
            _tile(chair, of[chair.id], signed, names, live.get(of[chair.id].session.pk), at=at, language=spoken),
            uncovered=said_alone(alone.get(of[chair.id].session.pk, ()), spoken),
        )
        if chair.id in of
        else Tile(None, chair.room.name, chair.name, FREE, word("cockpit.free", spoken))
        for chair in found
    ]


def _tile(
    chair: Chair,
    now: Now,
    signed: Sequence[Signed],
    names: dict[UUID, Identity],
    live: Signs | None,
    *,
    at: datetime,
    language: str,
) -> Tile:
    state, open_ = now.state, alarms.standing(now)
    watch, schedule = kept(now.session, read=signed)
    until = watch_until(state, context.rules(now.session, at=at, read=signed))
    near = Around(watch, due(facts(state, now.events), schedule, at), until)
    shown = {one.id: one for one in vitals.vitals(state, near, at=at, language=language, live=live)}
    begun = state.first_exposure
    unseen = [one for one in open_ if one.seen is None]
    stays = _stays(now, at=at, language=language)
    lines = due_next.lines(near.items, until=until, at=at, language=language)
    who_ = names.get(now.session.patient_id)
    signs = [shown["spo2"], shown["heart_rate"]]
    return Tile(
        session=now.session.id,
        room=chair.room.name,
        chair=chair.name,
        state=_state(state, [one.level for one in open_]),
        phase=word("cockpit.emergency" if state.emergency else PHASES[state.phase], language),
        who=initials(who_) if who_ else "",
        big=elapsed(at - (begun or now.session.created)),
        sub=word("cockpit.after_dose" if begun else "cockpit.after_arrival", language),
        arcs=arcs(state, until, at=at),
        pressure=shown["pressure"].value,
        pressure_age=shown["pressure"].age,
        minor=" · ".join(_short(one, live is not None) for one in signs),
        next=" · ".join(one for one in (_alarm(unseen, language), stays) if one)
        or (word("cockpit.suspended", language) if state.emergency else "")
        or (f"{lines[0].what} · {lines[0].said}" if lines else ""),
        monitored=live is not None,
        help=None if state.emergency else chair.id,
        key=ids.new(),
        quiet=alarms.quiet(now, at=at, named=False),
        unseen=state.emergency is not None or any(one.level != "caution" for one in unseen),
        late=bool(unseen)
        or bool(stays)
        or (not state.emergency and any(one.state is Due.OVERDUE for one in near.items)),
    )


def _short(one: Vital, monitored: bool) -> str:
    """A sign in a few words; of a device also whether it is live."""
    worth = one.more.partition(" · ")[0] if monitored else ""
    return " ".join(part for part in (one.name, one.value, one.age, worth) if part)


def _alarm(unseen: list[alarms.Standing], language: str) -> str:
    return alarms.said(unseen[0].id, unseen[0].told, language) if unseen else ""


def _stays(now: Now, *, at: datetime, language: str) -> str:
    """Whose way home has not come, and for how long staff is still here."""
    if now.state.escort_missing is None:
        return ""
    return (
        f"{word('treatment.was_escort_missing', language)} · {escort.staff(now.session.site, at=at, language=language)}"
    )


def _state(state: State, levels: Iterable[str]) -> str:
    """The loudest of what is open; what somebody has seen to is open still."""
    found = list(levels)
    if state.emergency or any(one != "caution" for one in found):
        return ALARM
    return CAUTION if found else CALM


def arcs(state: State, until: datetime | None, *, at: datetime) -> tuple[Arc, ...]:
    """What is over of the ring, and how far the part that runs has come; without a known end it only began."""
    now = OF_PHASE.get(state.phase, "check_in")
    found = []
    for part, (offset, length) in PARTS.items():
        if part == now:
            found.append(Arc("live", offset, round(length * _part(state, until, at=at), 1)))
            break
        found.append(Arc("past", offset, length))
    return tuple(found)


def _part(state: State, until: datetime | None, *, at: datetime) -> float:
    begun = state.first_exposure
    if state.phase is not Phase.OBSERVING or until is None or begun is None or until <= begun:
        return 0.5
    return min(max((at - begun) / (until - begun), 0.02), 1.0)


def initials(person: Identity) -> str:
    """First letters and the year of birth, as they stand on a board."""
    letters = "".join(name[:1].upper() for name in (person.given_names, person.family_name) if name)
    return " · ".join(part for part in (letters, person.birth[:4]) if part)
