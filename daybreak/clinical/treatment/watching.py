"""Which alarms does a session have now, and what is due in it? (folded from its events, which are the only source)

What was told of alarms is among the events: it is the time at which the clock looked, and what sounded once stays until somebody
saw to it, whatever is known or corrected since.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.treatment import alarms
from daybreak.clinical.treatment.alarms import (
    Acknowledge,
    Alarm,
    Called,
    Change,
    Happened,
    Instead,
    NotTaken,
    Overdue,
    Pause,
    Says,
)
from daybreak.clinical.treatment.checks import Done, Facts, Item, Moment, Schedule, due, overdue, watch_until
from daybreak.clinical.treatment.events import Event, Phase, What
from daybreak.clinical.treatment.limits import Level, Watch
from daybreak.clinical.treatment.session import Check, State, corrected, fold
from daybreak.clinical.treatment.vitals import Reading, baseline, number

SOUND = "sound"  # acknowledging this pauses it
PARTS = ("systolic", "diastolic")
CHECK = "check."
# What is written down of a change, and under which name.
TOLD: Mapping[alarms.What, What] = {
    alarms.What.RAISED: What.ALARM_RAISED,
    alarms.What.ESCALATED: What.ALARM_ESCALATED,
    alarms.What.RESOLVED: What.ALARM_RESOLVED,
}
# What is heard through a pause of the sound, and ends it.
_HEARD = frozenset({What.CALLED, What.EMERGENCY_OPENED})
# What may change the patient's own values: that a dose begins, or that something is told anew or late.
_MOVES = frozenset({What.DOSE, What.INFUSION_STARTED, What.CORRECTED})


@dataclass(frozen=True, slots=True)
class Watched:
    """How a session is watched: its alarms, what is due, until when at least, and every change so far in order."""

    alarms: alarms.State
    items: tuple[Item, ...]
    until: datetime | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a device says of an alarm, and since when; it became known after the event of that number and before the next."""

    after: int
    at: datetime
    says: Says


def watched(
    events: Iterable[Event],
    *,
    patient: str,
    watch: Watch,
    schedule: Schedule,
    begun: datetime,
    now: datetime,
    said: Iterable[Said] = (),
) -> Watched:
    """How it stands. A session that is over has no more time: nothing in it grows overdue. `said`: in its order."""
    lines = sorted(events, key=lambda one: one.seq)
    state, changes, late = alarms.begin(patient, at=begun), list[Change](), frozenset[str]()
    waiting = deque(said)
    for n, event in enumerate(lines):
        while waiting and waiting[0].after < event.seq:
            told = waiting.popleft()
            state, found = _step(state, told.says, watch, told.at)
            changes += found
        if event.what in _MOVES or event.late:
            state = alarms.with_baseline(state, own_values(lines[: n + 1], watch, schedule))
        at = event.received or event.happened
        late = _overdue(late, event)
        for one in _heard(event, lines[: n + 1], watch, patient) or [Overdue(late)]:
            state, found = _step(state, one, watch, at)
            changes += found
        state = _kept(state, event)
    for told in waiting:
        state, found = _step(state, told.says, watch, told.at)
        changes += found
    session = fold(lines)
    known = facts(session, lines)
    until = watch_until(known, schedule)
    if session.phase is Phase.CLOSED:
        return Watched(state, (), until, tuple(changes))
    items = due(known, schedule, now)
    state, found = alarms.step(state, Overdue(overdue(items)), watch, now)
    return Watched(state, items, until, (*changes, *found))


@dataclass(frozen=True, slots=True)
class Silent:
    """Who has switched the sound of a session off, and until when."""

    by: str
    until: datetime


def silent(events: Iterable[Event], watch: Watch, now: datetime) -> Silent | None:
    """Is its sound off now? A new alarm, a call and an emergency switch it on again; so do time and a clock that was set back."""
    found: tuple[datetime, Silent] | None = None
    for one in events:
        at = one.received or one.happened
        if one.what == What.ALARM_ACKNOWLEDGED and one.told.get("alarm") == SOUND:
            found = at, Silent(one.by or "", at + watch.pause_most)
        elif one.what in _HEARD or (one.what == What.ALARM_RAISED and one.told.get("level") != "caution"):
            found = None
    return found[1] if found and found[0] <= now < found[1].until else None


def untold(found: Watched, events: Iterable[Event]) -> list[tuple[What, dict[str, Any]]]:
    """What no event tells yet of the changes: each event with what it is to tell. What was raised twice in one instant is
    told again when it is louder."""
    known: dict[tuple[Any, ...], Level] = {}
    for one in events:
        if one.what in TOLD.values():
            key = (one.what, one.told.get("alarm"), one.told.get("at"))
            known[key] = max(_level(one), known.get(key, Level.CAUTION))
    new = []
    for change in found.changes:
        what, alarm = TOLD.get(change.what), change.alarm
        if what is None or alarm is None:
            continue
        loudest = known.get((what, alarm.id, change.at.isoformat()))
        if loudest is None or (what is What.ALARM_RAISED and alarm.level > loudest):
            new.append((what, _told(change, alarm)))
    return new


def _told(change: Change, alarm: Alarm) -> dict[str, Any]:
    """`since`: when it was raised; with what was measured, and both lines."""
    found: dict[str, Any] = {"alarm": alarm.id, "level": alarm.level.name.lower(), "at": change.at.isoformat()}
    found["since"] = alarm.raised.isoformat()
    if change.role:
        found["role"] = change.role
    if change.what is alarms.What.RAISED and alarm.value is not None and alarm.line is not None:
        lines = {"value": alarm.value, "absolute": alarm.line.absolute, "relative": alarm.line.relative}
        found |= {name: str(one) for name, one in lines.items() if one is not None}
    return found


def facts(session: State, events: Iterable[Event]) -> Facts:
    """What the checks ask of a session."""
    received = {one.seq: one.received or one.happened for one in events}
    first = last = restarted = None
    if session.first_exposure is not None and session.watched_from is not None:
        first = Moment(session.first_exposure, session.watched_from)
    waits = (
        session.phase is Phase.DOSING and not session.paused and (session.planned_doses or 0) > len(session.exposures)
    )
    if session.last_exposure is not None:
        last = Moment(session.last_exposure, session.last_exposure)
    if session.watch_again_from is not None:
        restarted = Moment(session.watch_again_from, session.watch_again_from)
    before = session.baseline("pressure")
    done = tuple(Done(one.row, one.earliest, received[one.seq], _pressure(one)) for one in session.checks)
    return Facts(first, last, restarted, done, _pressure(before) if before else (), last if waits else None)


def own_values(events: Sequence[Event], watch: Watch, schedule: Schedule) -> dict[str, Decimal]:
    """The patient's own values, as far as they are known by then: the last ones before the first dose that were fresh. One
    that can have been after it counts where there is no other: a line more than the absolute one only alarms sooner."""
    session = fold(events)
    first = session.first_exposure
    fresh = max((one.span for one in schedule.checks if one.kind == "before"), default=timedelta(0))
    if first is None:
        return {}
    sure, unsure = dict[str, list[tuple[datetime, Decimal]]](), dict[str, list[tuple[datetime, Decimal]]]()
    for check in session.checks:
        for sign, value in _signs(check.row, check.value, watch):
            figure = number(value)
            if figure is not None:
                found = sure if check.latest <= first else unsure
                found.setdefault(sign, []).append((check.earliest, figure))
    own = [
        {sign: baseline(values, first=first, fresh=fresh) for sign, values in found.items()} for found in (unsure, sure)
    ]
    return {sign: value for one in own for sign, value in one.items() if value is not None}


def _heard(event: Event, lines: Sequence[Event], watch: Watch, patient: str) -> list[Happened]:
    """What an event says to the alarms; nothing: only that time went on."""
    at, told = event.received or event.happened, event.told
    if event.what == What.CHECK:
        return list(_readings(event.seq, told, at, at - event.earliest, watch, patient))
    if event.what == What.CORRECTED:
        return list(_corrected(event, lines, watch, patient))
    if event.what == What.CALLED:
        return [Called(str(told.get("what", "call")))]
    if event.what == What.ALARM_ACKNOWLEDGED:
        minutes = number(told.get("within"))
        within = None if minutes is None else timedelta(minutes=int(minutes))
        if told.get("alarm") == SOUND:
            return [Pause(event.by or "", watch.pause_most)]
        return [Acknowledge(str(told.get("alarm")), event.by or "", str(told.get("did", "")), within)]
    return []


def _corrected(event: Event, lines: Sequence[Event], watch: Watch, patient: str) -> Iterator[Happened]:
    """What is said instead of a check, and which value is the newest now: perhaps one before it, or one whose time moved."""
    at, seq = event.received or event.happened, event.told.get("seq")
    wrong = next((one for one in lines if one.seq == seq and one.what == What.CHECK), None)
    if wrong is None:
        return
    checks = [one for one in corrected(lines) if one.what == What.CHECK and not one.never]
    for one in checks:
        if one.seq == seq:
            yield from _readings(event.seq, one.told, at, at - one.earliest, watch, patient)
    row, source = wrong.told.get("row"), _source(wrong.told)
    same = [one for one in checks if (one.told.get("row"), _source(one.told)) == (row, source)]
    last = max(same, key=lambda one: (one.earliest, one.seq), default=None)
    left = () if last is None else _readings(last.known, last.told, at, at - last.earliest, watch, patient)
    of = {one.sign: one for one in left}
    for sign, _ in _signs(row, {}, watch):
        yield Instead(sign, source, of.get(sign))


def _source(told: Mapping[str, Any]) -> str:
    return str(told.get("source", "hand"))


def _readings(
    seq: int, told: Mapping[str, Any], at: datetime, age: timedelta, watch: Watch, patient: str
) -> Iterator[Reading]:
    """A check as the readings that it is made of. A form writes in the unit of the sign; whoever names another one is heard."""
    source = _source(told)
    for sign, value in _signs(told.get("row"), told.get("value"), watch):
        unit = told.get("unit", min(watch.signs[sign].spelled))
        yield Reading(sign, value, unit, source, told.get("patient", patient), seq, at, max(age, timedelta(0)))


def _signs(row: Any, value: Any, watch: Watch) -> Iterator[tuple[str, Any]]:
    """The signs of a row with their values."""
    if row == "pressure":
        parts = value if isinstance(value, Mapping) else {}
        yield from ((part, parts.get(part)) for part in PARTS if part in watch.signs)
    elif row in watch.signs:
        yield row, value


def _pressure(check: Check) -> tuple[Decimal, ...]:
    """Both parts of a pressure; nothing when it is none."""
    if check.row != "pressure" or not isinstance(check.value, Mapping):
        return ()
    found = [number(check.value.get(part)) for part in PARTS]
    return tuple(one for one in found if one is not None) if None not in found else ()


def _step(state: alarms.State, event: Happened, watch: Watch, at: datetime) -> tuple[alarms.State, tuple[Change, ...]]:
    """What was acknowledged when it could not be is only time that went on: it was refused, or is told of another state."""
    try:
        return alarms.step(state, event, watch, at)
    except NotTaken:
        return alarms.step(state, None, watch, at)


def _overdue(late: frozenset[str], event: Event) -> frozenset[str]:
    """The overdue checks that were told of."""
    id = str(event.told.get("alarm", ""))
    if not id.startswith(CHECK):
        return late
    if event.what == What.ALARM_RAISED:
        return late | {id.removeprefix(CHECK)}
    return late - {id.removeprefix(CHECK)} if event.what == What.ALARM_RESOLVED else late


def _kept(state: alarms.State, event: Event) -> alarms.State:
    """An alarm that sounded is there, also when what is known now would not raise it; one that is said to last, until it is
    said to be over."""
    id = str(event.told.get("alarm"))
    if event.what == What.ALARM_RESOLVED and event.told.get("over"):
        return replace(state, alarms={name: one for name, one in state.alarms.items() if name != id})
    if event.what != What.ALARM_RAISED:
        return state
    level, there = _level(event), state.alarms.get(id)
    if there is not None and there.level >= level:
        return state
    kept = Alarm(id, level, state.now, frozenset({"clock"}) if event.told.get("lasts") else frozenset())
    return replace(state, alarms={**state.alarms, id: kept}, loudest={**state.loudest, id: (level, state.now)})


def _level(event: Event) -> Level:
    return Level[str(event.told.get("level", "alarm")).upper()]
