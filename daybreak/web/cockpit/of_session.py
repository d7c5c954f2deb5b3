"""What of a session is drawn: its checks, doses and events, the lines they should not cross, and what is planned?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from daybreak.clinical.treatment.checks import Due, Item
from daybreak.clinical.treatment.events import Event, What, decimal
from daybreak.clinical.treatment.limits import Level, Watch, beyond, line
from daybreak.clinical.treatment.limits import Limit as Line
from daybreak.clinical.treatment.session import Check, Exposure, State
from daybreak.knowledge import sessions
from daybreak.knowledge.sentences import number
from daybreak.web.bedside.minutes import Minute
from daybreak.web.cockpit.figures import PRESSURE, figure
from daybreak.web.cockpit.traced import (
    ALARM,
    CALM,
    CAUTION,
    Graded,
    Limit,
    Live,
    Mark,
    Planned,
    Pressure,
    Reading,
    Running,
    Step,
    Trace,
)
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word

GRADED = {"moaa-s": "sed", "dissociation": "dis"}
READINGS = ("heart_rate", "spo2", "breaths")
LEVELS = {Level.CAUTION: CAUTION, Level.ALARM: ALARM}
TOLD = {What.PAUSED: "cockpit.paused", What.RESUMED: "cockpit.resumed", What.STOPPED: "cockpit.stopped"}


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around the session: its limits and its due checks, until when it lasts, and the pressures of the last."""

    watch: Watch
    items: tuple[Item, ...] = ()
    until: datetime | None = None
    last: tuple[tuple[timedelta, Decimal], ...] = ()


def trace(now: Now, around: Around, *, at: datetime | None, language: str, minutes: Iterable[Minute] = ()) -> Trace:
    """The session as it is drawn; `at`: None when it is over; `minutes`: what its devices measured."""
    state = now.state
    late = {one.seq for one in now.events if one.late}
    rows = _by_row(state.checks)

    def readings(row: str) -> tuple[Reading, ...]:
        return tuple(
            Reading(one.at, figure(one), level(one, state, around.watch), one.seq in late) for one in rows.get(row, ())
        )

    base = state.baseline("pressure") if state.exposed else None
    both = [figure(base, part) for part in PRESSURE]
    return Trace(
        zone=now.session.site.zone,
        begins=min((one.happened for one in now.events), default=now.session.created),
        now=at,
        zero=state.first_exposure,
        until=around.until,
        holds=around.watch.signs["spo2"].feeds["hand"].stale,
        pressures=tuple(
            Pressure(
                one.at, *(figure(one, part) for part in PRESSURE), level(one, state, around.watch), one.seq in late
            )
            for one in rows.get("pressure", ())
        ),
        rates=readings("heart_rate"),
        saturations=readings("spo2"),
        breaths=readings("breaths"),
        graded=tuple(_graded(row, kind, rows, state, around, late, language) for row, kind in GRADED.items()),
        baseline=(both[0], both[1]) if both[0] is not None and both[1] is not None else None,
        limits=tuple(_limits(state, around.watch, language)),
        doses=tuple(Mark(one.first, said_dose(one), one.seq in late) for one in _bolus(now)),
        runs=tuple(Running(one.first, one.last, said_dose(one)) for one in _infusions(now)),
        marks=tuple(_marks(now, rows, late, language)),
        planned=tuple(
            Planned(one.at, GRADED.get(row, row))
            for one in around.items
            if one.at and at and one.state in (Due.AHEAD, Due.DUE) and one.at >= at
            for row in one.rows
        ),
        last=around.last,
        live=tuple(_live(minutes)),
    )


def _live(minutes: Iterable[Minute]) -> Iterator[Live]:
    """A line for each source of a sign: two that measure the same are two."""
    found: dict[tuple[str, str, str], list[Reading]] = {}
    for one in minutes:
        found.setdefault((one.sign, one.source, one.device), []).append(Reading(one.at, one.median))
    yield from (Live(sign, tuple(readings)) for (sign, *_), readings in found.items())


def level(check: Check, state: State, watch: Watch) -> str:
    """How far a check lies beyond the limits, by the nearer of the absolute and the patient's own line."""
    worst = None
    for sign, part in (
        (("systolic", "systolic"), ("diastolic", "diastolic")) if check.row == "pressure" else ((check.row, ""),)
    ):
        value = figure(check, part)
        if value is None or sign not in watch.signs:
            continue
        own = figure(state.baseline(check.row), part) if state.exposed else None
        found = [one.level for one in watch.signs[sign].limits if beyond(one, value, own)]
        worst = max([*found, *([worst] if worst else [])], default=None)
    return CALM if worst is None else LEVELS[worst]


def own(state: State, row: str, part: str = "") -> Decimal | None:
    """The patient's own value before the first dose; none before there is a dose."""
    return figure(state.baseline(row), part) if state.exposed else None


def said_dose(one: Exposure) -> str:
    """What was given, as bounds where it is not known exactly."""
    low, high = (("?" if mg is None else number(mg)) for mg in (one.mg_low, one.mg_high))
    return f"{high} mg" if low == high or one.last is None else f"{low}–{high} mg"


def before(sessions_: Iterable[Now], now: Now) -> tuple[tuple[timedelta, Decimal], ...]:
    """The systolic pressures of the last session of this patient in which something was given, by the time since then."""
    earlier = [one for one in sessions_ if one.session.created < now.session.created and one.state.first_exposure]
    last = max(earlier, key=lambda one: one.session.created, default=None)
    if last is None or last.state.first_exposure is None:
        return ()
    zero = last.state.first_exposure
    found = ((one.at - zero, figure(one, "systolic")) for one in last.state.checks if one.row == "pressure")
    return tuple(sorted((since, value) for since, value in found if value is not None))


def _by_row(checks: Iterable[Check]) -> dict[str, list[Check]]:
    found: dict[str, list[Check]] = {}
    for one in checks:
        found.setdefault(one.row, []).append(one)
    return found


def _graded(
    row: str, kind: str, rows: Mapping[str, list[Check]], state: State, around: Around, late: set[int], language: str
) -> Graded:
    levels = {one["value"]: one["words"][language] for one in sessions.rows()[row]["levels"]}
    steps = tuple(
        Step(
            one.at,
            one.value if one.value in levels else None,
            _words(levels.get(one.value, "")),
            level(one, state, around.watch),
            one.seq in late,
        )
        for one in rows.get(row, ())
    )
    return Graded(word(ROWS[row], language), kind, max(levels), steps)


ROWS = {"moaa-s": "cockpit.row_sedation", "dissociation": "cockpit.row_dissociation"}


def _words(said: str) -> str:
    """What a level is called, without its number."""
    return said.partition(" · ")[2]


def _limits(state: State, watch: Watch, language: str) -> Iterator[Limit]:
    """The lines at which the pressure above and the oxygen alarm: the absolute one and the patient's own, the nearer marked."""
    for sign, row, part, side in (("systolic", "pressure", "systolic", "above"), ("spo2", "spo2", "", "below")):
        loud = [one for one in watch.signs[sign].of(side) if one.level is Level.ALARM]  # type: ignore[arg-type]
        for one in loud:
            yield from _lines(one, own(state, row, part), "pressure" if part else "spo2", language)


def _lines(limit: Line, baseline: Decimal | None, sign: str, language: str) -> Iterator[Limit]:
    found = line(limit, baseline)
    said = word("cockpit.limit_absolute", language, value=number(found.absolute))
    yield Limit(found.absolute, said, found.nearer == found.absolute, sign)
    if found.relative is not None and limit.from_baseline is not None:
        apart = ("+" if limit.side == "above" else "−") + number(limit.from_baseline)
        said = word("cockpit.limit_own", language, value=number(found.relative), apart=apart)
        yield Limit(found.relative, said, found.nearer == found.relative, sign)


def _kinds(now: Now) -> dict[int, str]:
    return {one.seq: one.what for one in now.events}


def _bolus(now: Now) -> list[Exposure]:
    kinds = _kinds(now)
    return [one for one in now.state.exposures if kinds.get(one.seq) != What.INFUSION_STARTED]


def _infusions(now: Now) -> list[Exposure]:
    kinds = _kinds(now)
    return [one for one in now.state.exposures if kinds.get(one.seq) == What.INFUSION_STARTED]


def _marks(now: Now, rows: Mapping[str, list[Check]], late: set[int], language: str) -> Iterator[Mark]:
    """What else is told: side effects that were seen, events, what was given against them, what the patient tapped."""
    titles = sessions.rows()
    for row, checks in rows.items():
        line = titles.get(row)
        if row in GRADED or line is None or line["before"]:
            continue
        for one in checks:
            if one.value:
                yield Mark(one.at, f"{titles[row]['title'][language]} {one.value}", one.seq in late)
    for event in now.events:
        if said := _said(event, language):
            yield Mark(event.happened, said, event.late)


def _said(event: Event, language: str) -> str:
    told = event.told
    if event.what == What.EVENT:
        card = sessions.cards().get(str(told.get("card", "")))
        return str(told.get("text", "")) or (card["title"][language] if card else "")
    if event.what == What.RESCUE:
        mg = decimal(told.get("mg"))
        return " ".join(part for part in (str(told.get("drug", "")), f"{number(mg)} mg" if mg else "") if part)
    if event.what == What.CALLED:
        call = sessions.calls().get(str(told.get("what", "")))
        return call["title"][language] if call else word("cockpit.called", language)
    if event.what == What.EMERGENCY_OPENED:
        return word("cockpit.emergency", language)
    return word(TOLD[What(event.what)], language) if event.what in TOLD else ""
