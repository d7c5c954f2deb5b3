"""Where does a session stand after what happened in it?

The state is folded from the events, in their order, and folding refuses nothing: what should not have been is a deviation
(`commands.deviations`), never an error. A correction changes what an earlier event told, when it was, or both; what somebody
signed stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any

from daybreak.clinical.treatment.events import AFTER_EXPOSURE, Event, Outcome, Phase, What, decimal, moment


@dataclass(frozen=True, slots=True)
class Exposure:
    """One dose, or one infusion. Bounds that are None are unknown. `last` None: it runs still."""

    seq: int
    drug: str
    route: str
    n: int
    mg_low: Decimal | None
    mg_high: Decimal | None
    first: datetime
    last: datetime | None
    by: str | None = None
    lots: tuple[str, ...] = ()  # from which it came, as far as that was known
    serial: str = ""

    @property
    def anything(self) -> bool:
        """Can anything of it have reached the patient? An unknown amount can, and what runs still."""
        return self.last is None or self.mg_high is None or self.mg_high > 0 or bool(self.mg_low)


@dataclass(frozen=True, slots=True)
class Check:
    """What was seen or measured: a row and its value, as told."""

    seq: int
    row: str
    value: Any
    at: datetime
    by: str | None
    known: int = 0  # the number of the event that tells it so
    off: timedelta = timedelta(0)
    after: timedelta = timedelta(0)

    @property
    def earliest(self) -> datetime:
        """The first moment at which it can have been: it is as old as that."""
        return self.at - self.off

    @property
    def latest(self) -> datetime:
        """The last one: until then it can have been after something else."""
        return self.at + self.after


@dataclass(frozen=True, slots=True)
class Answered:
    """The last answer to a question, and what a prescriber decided about it (`go` or `stop`). It is as old as it can be (`at`);
    until `latest` it can have been said. "": two differ, and nobody knows which was the last. `earlier`: other answers before it
    that no prescriber let pass; `stopped`: about one of these a prescriber said no, and that stands until one decides anew."""

    answer: str
    at: datetime
    latest: datetime
    by: str | None
    decided: str = ""
    decided_by: str | None = None
    why: str = ""
    known: int = 0  # the number of the event that tells it so
    earlier: tuple[str, ...] = ()
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person did under their name; `latest`: until when it can have been."""

    seq: int
    at: datetime
    by: str | None
    told: Mapping[str, Any] = field(default_factory=dict)
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The session as it stands."""

    phase: Phase = Phase.PLANNED
    outcome: Outcome | None = None
    paused: bool = False
    stopped_early: bool = False
    emergency: Act | None = None
    escort_missing: Act | None = None  # until they come, or a prescriber decides how the patient leaves
    alarms: Mapping[str, str] = field(default_factory=dict)  # open: id -> level
    exposures: tuple[Exposure, ...] = ()
    planned_doses: int | None = None
    identified: Act | None = None  # the last time, `told["matched"]` may say that it failed
    answers: Mapping[str, Answered] = field(default_factory=dict)
    pressure: Act | None = None
    pump: Act | None = None  # what it shows was held against the order
    time_out: Act | None = None
    cleared: Act | None = None
    ready: Act | None = None
    ended: Act | None = None
    checks: tuple[Check, ...] = ()
    rescues: tuple[Act, ...] = ()
    watch_again_from: datetime | None = None  # a rescue medicine that by the clinic's rule begins the watch anew

    @property
    def exposed(self) -> bool:
        """Was the patient exposed, or may they have been?"""
        return any(one.anything for one in self.exposures)

    @property
    def running(self) -> Exposure | None:
        """The infusion that runs."""
        return next((one for one in self.exposures if one.last is None), None)

    @property
    def first_exposure(self) -> datetime | None:
        """The first moment at which it can have begun."""
        return min((one.first for one in self.exposures if one.anything), default=None)

    @property
    def last_exposure(self) -> datetime | None:
        """The last moment at which it can have ended; None without one, and while one runs."""
        ends = [one.last for one in self.exposures if one.anything]
        return None if self.running else max((one for one in ends if one), default=None)

    @property
    def watched_from(self) -> datetime | None:
        """From when the watch counts: the latest possible time of the first dose. One of which perhaps nothing reached the
        patient is not the first when another one surely did, or can have been it."""
        possible = [(one, one.last or one.first) for one in self.exposures if one.anything]
        sure = [at for one, at in possible if one.mg_low]
        return min(sure) if sure else max((at for _, at in possible), default=None)

    def latest(self, row: str, since: datetime | None = None) -> Check | None:
        """The newest check of a row (after that moment)."""
        found = [one for one in self.checks if one.row == row and (since is None or one.at > since)]
        return max(found, key=lambda one: (one.at, one.seq), default=None)

    def newest(self, row: str) -> tuple[Check, ...]:
        """The newest check of a row, each as old as it can be; then those that can have been after it."""
        found = sorted((one for one in self.checks if one.row == row), key=lambda one: (one.earliest, one.seq))
        return (found[-1], *(one for one in found[:-1] if one.latest > found[-1].earliest)) if found else ()

    def baseline(self, row: str) -> Check | None:
        """The newest check of a row that was surely before the first exposure."""
        begun = self.first_exposure
        found = [one for one in self.checks if one.row == row and (begun is None or one.latest <= begun)]
        return max(found, key=lambda one: (one.at, one.seq), default=None)


def fold(events: Iterable[Event]) -> State:
    """The state after these events."""
    return reduce(step, corrected(events), State())


def corrected(events: Iterable[Event]) -> list[Event]:
    """The events in order, each with what the last correction of it tells; what was signed stays as it was."""
    found = sorted(events, key=lambda one: one.seq)
    of: dict[int, list[Event]] = {}
    for one in found:
        if one.what == What.CORRECTED and isinstance(one.told.get("told"), Mapping) and _whole(one.told.get("seq")):
            of.setdefault(one.told["seq"], []).append(one)
    return [_with(one, [] if one.signed else of.get(one.seq, [])) for one in found]


def _with(one: Event, corrections: Iterable[Event]) -> Event:
    """What the last of them tells, and the moment that the last one tells that tells any. Nobody corrects what was not told
    yet. At another moment than was thought it became known late, and it was no later than it became known so."""
    now = replace(one, known=one.seq)
    for each in corrections:
        if each.seq < one.seq:
            continue
        now = replace(now, told=each.told["told"], known=each.seq)
        if at := moment(each.told.get("happened")):
            off = _whole(each.told.get("off_s")) or 0
            received = each.received or each.happened
            now = replace(now, happened=at, uncertain_s=off, received=received, late=True)
    return now


def step(state: State, event: Event) -> State:
    """The state after one more event; one that we do not know, and one that never was, changes nothing."""
    return state if event.never else _STEPS.get(event.what, _nothing)(state, event)


def _nothing(state: State, event: Event) -> State:
    return state


def _act(event: Event) -> Act:
    return Act(event.seq, event.happened, event.by, event.told)


def _arrived(state: State, event: Event) -> State:
    return replace(state, phase=Phase.ARRIVED) if state.phase is Phase.PLANNED else state


def _answered(state: State, event: Event) -> State:
    """A decision is about the answer as it is known then: one that is corrected afterwards is decided about anew."""
    question = str(event.told.get("question", ""))
    before = state.answers.get(question)
    if "decided" in event.told:
        if before is None or before.known > event.seq:
            return state
        decided = str(event.told["decided"])
        now = replace(before, decided=decided, decided_by=event.by, why=str(event.told.get("why", "")), stopped=False)
    else:
        told = str(event.told.get("answer", ""))
        now = Answered(told, event.earliest, event.latest, event.by, known=event.known)
        if before and before.decided != "go":
            earlier = tuple(dict.fromkeys((*before.earlier, before.answer)))
            now = replace(now, earlier=earlier, stopped=before.stopped or before.decided == "stop")
        if before and _late_for(event, before.latest):
            if event.latest <= before.at or told == before.answer:
                return state
            now = replace(now, answer="", at=min(now.at, before.at), latest=max(now.latest, before.latest))
    return replace(state, answers={**state.answers, question: now})


def _late_for(event: Event, latest: datetime) -> bool:
    """Did it become known late, and can it have been before what is known already? Then it does not take its place."""
    return event.late and event.earliest < latest


def _identified(state: State, event: Event) -> State:
    """Of two of which nobody knows which was the last, the one that did not fit counts."""
    before, now = state.identified, Act(event.seq, event.earliest, event.by, event.told, event.latest)
    if before and before.latest and _late_for(event, before.latest):
        fits = event.told.get("matched") is True
        if event.latest <= before.at or fits:
            return state
    return replace(state, identified=now)


def _cleared(state: State, event: Event) -> State:
    phase = Phase.CLEARED if state.phase in (Phase.PLANNED, Phase.ARRIVED) else state.phase
    return replace(state, phase=phase, cleared=_act(event))


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _dose(state: State, event: Event) -> State:
    n = _whole(event.told.get("n")) or len(state.exposures) + 1
    planned = _whole(event.told.get("of")) or state.planned_doses or n
    return _exposed(state, event, n, planned, Phase.OBSERVING if n >= planned else Phase.DOSING, event.latest)


def _infusion_started(state: State, event: Event) -> State:
    return _exposed(state, event, len(state.exposures) + 1, state.planned_doses, Phase.DOSING, None)


def _exposed(state: State, event: Event, n: int, planned: int | None, phase: Phase, last: datetime | None) -> State:
    told = event.told
    one = Exposure(
        event.seq,
        str(told.get("drug", "")),
        str(told.get("route", "")),
        n,
        decimal(told.get("mg_low")) if last else Decimal(0),
        decimal(told.get("mg_high")),
        event.earliest,
        last,
        event.by,
        lots(event.told),
        str(told.get("serial", "")),
    )
    now = replace(state, exposures=(*state.exposures, one), planned_doses=planned)
    if state.running and last:
        phase = Phase.DOSING  # an infusion goes on beside it
    return _open_again(now, phase) if one.anything or state.phase is Phase.DOSING else now


def lots(told: Mapping[str, Any]) -> tuple[str, ...]:
    """From which lots what an event tells of came."""
    return tuple(dict.fromkeys(str(one["lot"]) for one in told.get("from", ())))


def _open_again(state: State, phase: Phase) -> State:
    """An exposure takes the session to dosing or observing, also out of `ready` and of an end that is none after it."""
    if state.phase is Phase.CLOSED and state.outcome in AFTER_EXPOSURE:
        return state
    return replace(
        state, phase=phase, outcome=None, ended=None, ready=None, paused=state.paused and phase is Phase.DOSING
    )


def _infusion_ended(state: State, event: Event) -> State:
    return _over(state, event)


def _stopped(state: State, event: Event) -> State:
    return _over(replace(state, stopped_early=True), event)


def _over(state: State, event: Event) -> State:
    """Whatever runs has ended. What is not told of its amount is anything up to what was meant to be given."""
    running = state.running
    if running:
        low, high = decimal(event.told.get("mg_low")), decimal(event.told.get("mg_high"))
        ended = replace(
            running,
            mg_low=low if low is not None else running.mg_low,
            mg_high=high if high is not None else running.mg_high,
            last=max(event.latest, running.first),
            lots=lots(event.told) or running.lots,
        )
        rest = tuple(ended if one.seq == running.seq else one for one in state.exposures)
        state = replace(state, exposures=rest)
    if state.phase is Phase.DOSING and not state.running:
        phase = Phase.OBSERVING if state.exposed else Phase.CLEARED
        return replace(state, phase=phase, paused=False)
    return state


def _paused(state: State, event: Event) -> State:
    return replace(state, paused=True)


def _resumed(state: State, event: Event) -> State:
    return replace(state, paused=False)


def _check(state: State, event: Event) -> State:
    row, value = event.told.get("row"), event.told.get("value")
    if not isinstance(row, str) or value is None:
        return state  # nothing was seen: a check that was corrected away
    off, after = event.happened - event.earliest, event.latest - event.happened
    one = Check(event.seq, row, value, event.happened, event.by, event.known, off, after)
    return replace(state, checks=(*state.checks, one))


def _rescue(state: State, event: Event) -> State:
    """Of a medicine about which nobody says otherwise the watch begins anew."""
    now = replace(state, rescues=(*state.rescues, _act(event)))
    if event.told.get("watch_again") is False:
        return now
    return _observing(replace(now, watch_again_from=max(event.latest, now.watch_again_from or event.latest)))


def _observing(state: State) -> State:
    return replace(state, phase=Phase.OBSERVING, ready=None) if state.phase is Phase.READY else state


def _alarm_raised(state: State, event: Event) -> State:
    id, level = str(event.told.get("alarm", event.seq)), str(event.told.get("level", "alarm"))
    now = replace(state, alarms={**state.alarms, id: level})
    return now if level == "caution" else _observing(now)


def _alarm_resolved(state: State, event: Event) -> State:
    return replace(state, alarms={id: one for id, one in state.alarms.items() if id != event.told.get("alarm")})


def _emergency_opened(state: State, event: Event) -> State:
    return _observing(replace(state, emergency=state.emergency or _act(event)))


def _emergency_closed(state: State, event: Event) -> State:
    return replace(state, emergency=None)


def _ready(state: State, event: Event) -> State:
    return replace(state, phase=Phase.READY, ready=_act(event)) if state.phase is Phase.OBSERVING else state


def _observing_again(state: State, event: Event) -> State:
    return _observing(state)


def _ended(state: State, event: Event) -> State:
    """After an exposure only its five ends close it: any other leaves it open, for somebody to end it as it did."""
    told = event.told.get("outcome")
    outcome = Outcome(told) if told in list(Outcome) else None
    if outcome is None or state.phase is Phase.CLOSED or (state.exposed and outcome not in AFTER_EXPOSURE):
        return state
    return replace(state, phase=Phase.CLOSED, outcome=outcome, ended=_act(event))


def _reopened(state: State, event: Event) -> State:
    """An end that was a mistake: the patient is watched on. Nothing more is given in it without being told of as a deviation,
    and where nothing was given the whole way to a dose is gone again."""
    if state.phase is not Phase.CLOSED or state.outcome not in AFTER_EXPOSURE:
        return state
    phase = Phase.OBSERVING if state.exposed else Phase.ARRIVED
    return replace(state, phase=phase, outcome=None, ended=None, ready=None, paused=False)


_STEPS: Mapping[str, Callable[[State, Event], State]] = {
    What.ARRIVED: _arrived,
    What.IDENTIFIED: _identified,
    What.ANSWERED: _answered,
    What.PRESSURE_DECIDED: lambda state, event: replace(state, pressure=_act(event)),
    What.PUMP_COMPARED: lambda state, event: replace(state, pump=_act(event)),
    What.TIMED_OUT: lambda state, event: replace(state, time_out=_act(event)),
    What.CLEARED: _cleared,
    What.DOSE: _dose,
    What.INFUSION_STARTED: _infusion_started,
    What.INFUSION_ENDED: _infusion_ended,
    What.PAUSED: _paused,
    What.RESUMED: _resumed,
    What.STOPPED: _stopped,
    What.CHECK: _check,
    What.RESCUE: _rescue,
    What.ALARM_RAISED: _alarm_raised,
    What.ALARM_RESOLVED: _alarm_resolved,
    What.EMERGENCY_OPENED: _emergency_opened,
    What.EMERGENCY_CLOSED: _emergency_closed,
    What.ESCORT_MISSING: lambda state, event: replace(state, escort_missing=state.escort_missing or _act(event)),
    What.ESCORT_DECIDED: lambda state, event: replace(state, escort_missing=None),
    What.ESCORT_CAME: lambda state, event: replace(state, escort_missing=None),
    What.READY: _ready,
    What.OBSERVING_AGAIN: _observing_again,
    What.ENDED: _ended,
    What.REOPENED: _reopened,
}
