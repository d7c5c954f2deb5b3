"""What may be done in a session now, and what was done in it without its gates?

A *command* asks first (`may`). A *report* says what has happened already: it is never refused, and what was missing then
is a deviation. Unknown is never yes: a gate about which nothing is known is not cleared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.treatment.discharge import holds
from daybreak.clinical.treatment.events import (
    AFTER_EXPOSURE,
    BEFORE_EXPOSURE,
    Event,
    Outcome,
    Phase,
    What,
    decimal,
)
from daybreak.clinical.treatment.rules import Effect, Question, Rules
from daybreak.clinical.treatment.session import Act, Answered, Check, State, corrected, fold, step

Known = bool | None


@dataclass(frozen=True, slots=True)
class Context:
    """What the gates ask beyond the session itself. True clears; False and None (not known) do not.

    `why`: the sentences of a gate that is not clear, by its name here; without them it has its general one.
    """

    decision: Known = None
    consent: Known = None
    visit: Known = None  # everything else that a booking needs
    criteria: Known = None  # the protocol's criteria before each dose, blood pressure apart
    pressure: Known = None  # within the protocol's bounds, minutes old
    may_weigh: Known = None  # may a prescriber decide on a dose beyond them?
    way_home: Known = None
    monitored: Known = None  # the prescription monitoring programme was looked at, or the site asks for no look
    order: Known = None
    more: Known = None  # the order has a dose more than were given
    most_mg: Decimal | None = None  # so much is one dose of the order
    timed_out: Known = None  # the time-out was about the order as it stands now
    pump: Known = None  # it shows what is ordered, or the dose needs none
    stock: Known = None  # what the cupboard's book says was taken for this session is not used up
    limits: Known = None
    sound: Known = None  # a loud device was tested at the site today, and heard
    prescriber: Known = None  # on site until the expected end and the margin
    nurses: Known = None  # so many patients as the clinic lets one nurse watch
    calm: Known = None  # no emergency elsewhere binds who watches here
    only_one: Known = None  # the patient is in no other session
    chair: Known = None
    today: Known = None  # that it is over was told on this day
    why: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants to do, and what they tell with it."""

    what: What
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deviation:
    """What was missing when something was done, by the number of its event."""

    seq: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Asked:
    """One command in its moment; what each gate looks at."""

    state: State
    command: Command
    rules: Rules
    context: Context
    now: datetime


Gate = Callable[[_Asked], Iterable[Reason]]


def may(state: State, command: Command, *, rules: Rules, context: Context, now: datetime) -> tuple[Reason, ...]:
    """Why not; empty when it may be done."""
    phases, gates = TRANSITIONS[command.what]
    if state.phase not in phases:
        return (Reason("session.not-now", {"phase": Term(f"phase.{state.phase}")}),)
    asked = _Asked(state, command, rules, context, now)
    return tuple(dict.fromkeys(reason for gate in gates for reason in gate(asked)))


def deviations(events: Iterable[Event], rules: Rules) -> tuple[Deviation, ...]:
    """Everything that was done without its gates: what was missing when it was reported, as written down then, and what of
    the session itself was missing as its events now stand. In their order; a correction after which nothing was given too."""
    every = sorted(events, key=lambda one: one.seq)
    state, found = State(), []
    for n, one in enumerate(corrected(every)):
        lacking = [Reason(each["id"], each.get("values", {})) for each in one.told.get("lacking", ())]
        if one.what in _TOLD_AGAIN:
            command = Command(What(one.what), one.told)
            lacking += may(state, command, rules=rules, context=ELSE_CLEAR, now=one.happened)
        if one.what == What.CORRECTED and fold(every[:n]).exposed and not fold(every[: n + 1]).exposed:
            lacking.append(Reason("session.taken-back"))
        state = step(state, one)
        seen: dict[str, Reason] = {}
        for reason in lacking:
            seen.setdefault(reason.id, reason)
        found += [Deviation(one.seq, reason) for reason in seen.values()]
    return tuple(found)


def _of_context(name: str, general: str) -> Gate:
    def gate(asked: _Asked) -> Iterable[Reason]:
        if getattr(asked.context, name) is True:
            return ()
        return asked.context.why.get(name) or (Reason(general),)

    return gate


_decision = _of_context("decision", "session.no-decision")
_consent = _of_context("consent", "session.no-consent")
_visit = _of_context("visit", "session.visit-incomplete")
_criteria = _of_context("criteria", "session.criteria")
_way_home = _of_context("way_home", "session.no-way-home")
_monitored = _of_context("monitored", "session.pdmp-never")
_order = _of_context("order", "session.no-order")
_more = _of_context("more", "session.no-more-doses")
_stock = _of_context("stock", "session.no-stock")
_limits = _of_context("limits", "session.no-limits")
_sound = _of_context("sound", "session.no-sound")
_prescriber = _of_context("prescriber", "session.no-prescriber")
_nurses = _of_context("nurses", "session.too-few-nurses")
_calm = _of_context("calm", "session.emergency-elsewhere")
_only_one = _of_context("only_one", "session.another-session")
_chair = _of_context("chair", "session.chair-taken")
_today = _of_context("today", "session.ended-before-today")


def _amount(asked: _Asked) -> Iterator[Reason]:
    """No more than one dose of the order has, and not so much that nobody knows how much it is. Who has told nothing yet
    asks whether anything may be given at all."""
    if "mg_high" not in asked.command.told:
        return
    most, mg = asked.context.most_mg, decimal(asked.command.told["mg_high"])
    if most is None:
        yield Reason("session.no-order")
    elif most.is_finite() and (mg is None or mg > most):
        yield Reason("session.more-than-ordered", {"most": f"{most.normalize():f}"})


def _identity(asked: _Asked) -> Iterator[Reason]:
    told = asked.state.identified
    if told is None or told.told.get("matched") is not True:
        yield Reason("session.not-identified" if told is None else "session.identity-differs")


def card(state: State, rules: Rules) -> tuple[Question, ...]:
    """The questions that are asked as things are answered so far: an answer that stands beside a later one counts too."""
    said = {id: (one.answer, *one.earlier) for id, one in state.answers.items()}
    return tuple(one for one in rules.questions if one.follows(said.get(one.after, ())))


def _card(asked: _Asked) -> Iterator[Reason]:
    """Every question of the card is answered, none of them stops the dose, and a prescriber decided where one has to. Another
    answer than the first takes neither what calls for that nor a prescriber's no away: a slip is corrected, with its reason."""
    answers = asked.state.answers
    for one in card(asked.state, asked.rules):
        told = answers.get(one.id)
        if told is None:
            yield Reason("session.not-asked", {"question": Term(f"question.{one.id}")})
            continue
        if stops(one, told):
            yield Reason("session.answer-stops", {"question": Term(f"question.{one.id}")})
        elif decides(one, told) and told.decided != Effect.GO:
            yield Reason("session.answer-undecided", {"question": Term(f"question.{one.id}")})


def stops(one: Question, told: Answered) -> bool:
    """Is there no dose today, by the answer or by a prescriber's word that stands?"""
    return one.effect(told.answer) is Effect.STOP or told.decided == Effect.STOP or told.stopped


def decides(one: Question, told: Answered) -> bool:
    """Does a prescriber decide about it, by what was answered now or before?"""
    return any(one.effect(each) is not Effect.GO for each in (told.answer, *told.earlier))


def _baseline(asked: _Asked) -> Iterator[Reason]:
    """Measured, and no longer ago than it may be; by a clock that was wrong nobody knows how long ago."""
    fresh = asked.rules.fresh_before
    for row in asked.rules.rows_before:
        check = asked.state.baseline(row)
        if check is None:
            yield Reason("session.no-baseline", {"row": Term(f"row.{row}")})
        elif fresh is None or asked.now < check.at or asked.now - check.earliest > fresh:
            yield Reason("session.baseline-old", {"row": Term(f"row.{row}")})


def _pressure(asked: _Asked) -> Iterable[Reason]:
    """Within bounds; or measured beyond them, and a prescriber wrote down that the dose is given all the same."""
    context, decided = asked.context, asked.state.pressure
    if context.pressure is True:
        return ()
    measured = asked.state.baseline("pressure")
    weighed = context.pressure is False and context.may_weigh is True
    if weighed and decided and measured and decided.told.get("go") is True and _about(decided, measured):
        return ()
    return context.why.get("pressure") or (Reason("session.pressure"),)


def _about(decided: Act, measured: Check) -> bool:
    """Was it decided after that was measured, and after it was known?"""
    return decided.at >= measured.at and decided.seq > measured.known


def _not_delayed(asked: _Asked) -> Iterator[Reason]:
    """A written delay holds until the pressure was measured again, or decided about anew."""
    decided, measured = asked.state.pressure, asked.state.baseline("pressure")
    if decided and decided.told.get("go") is not True and (measured is None or measured.earliest <= decided.at):
        yield Reason("session.pressure-delayed")


def _time_out(asked: _Asked) -> Iterator[Reason]:
    told = asked.state.time_out
    if told is None:
        yield Reason("session.no-time-out")
    elif asked.rules.second_person and not (_second(told) or _said(told.told, "alone_because")):
        yield Reason("session.no-second-person")
    yield from again(asked.state, asked.context)


def again(state: State, context: Context) -> tuple[Reason, ...]:
    """Why a time-out that was held has to be held anew: what was gone through in it is not so any more."""
    held = state.time_out
    found: list[Reason] = []
    if held and context.order is True and context.timed_out is not True:
        found += context.why.get("timed_out") or (Reason("session.order-changed"),)
    if held and state.pressure and state.pressure.seq > held.seq:
        found.append(Reason("session.decided-since"))
    return tuple(found)


def _pump(asked: _Asked) -> Iterable[Reason]:
    """Asked once there is an order: only that tells whether a pump gives it."""
    if asked.context.order is not True or asked.context.pump is True:
        return ()
    return asked.context.why.get("pump") or (Reason("session.pump-not-compared"),)


def _second(told: Act) -> bool:
    """Nobody is their own second person."""
    return _said(told.told, "second") and told.told["second"] != told.by


def _said(told: Mapping[str, Any], name: str) -> bool:
    return bool(str(told.get(name) or "").strip())


def _was_cleared(asked: _Asked) -> Iterator[Reason]:
    if asked.state.cleared is None:
        yield Reason("session.not-cleared")


def _well(asked: _Asked) -> Iterator[Reason]:
    """Nothing alarms in the session itself."""
    state = asked.state
    if state.emergency:
        yield Reason("session.emergency")
    if any(level != "caution" for level in state.alarms.values()):
        yield Reason("session.alarm")


def _quiet(asked: _Asked) -> Iterator[Reason]:
    """Nothing in the session itself holds the dose up."""
    yield from _well(asked)
    if asked.state.paused:
        yield Reason("session.paused")
    if asked.state.stopped_early:
        yield Reason("session.stopped")


def _running(asked: _Asked) -> Iterator[Reason]:
    if asked.state.running:
        yield Reason("session.infusion-runs")


def _no_infusion(asked: _Asked) -> Iterator[Reason]:
    if asked.state.running is None:
        yield Reason("session.no-infusion")


def _ran(asked: _Asked) -> Iterator[Reason]:
    """No more ran in than was started; what did all the same is reported."""
    running, mg = asked.state.running, decimal(asked.command.told.get("mg_high"))
    most = running.mg_high if running else None
    if mg is not None and most is not None and mg > most:
        yield Reason("session.more-than-ordered", {"most": f"{most.normalize():f}"})


def _apart(asked: _Asked) -> Iterator[Reason]:
    """So long after the last device that this protocol has devices apart."""
    ends = [one.last for one in asked.state.exposures if one.last]
    if not ends:
        return
    between = asked.rules.between_devices
    if between is None:
        yield Reason("session.one-dose")
    elif (left := max(ends) + between - asked.now) > timedelta(0):
        yield Reason("session.devices-apart", {"seconds": int(left.total_seconds()) or 1})


def _watch_known(asked: _Asked) -> Iterator[Reason]:
    if asked.rules.watch_from_first is None and asked.rules.watch_after_last is None:
        yield Reason("session.no-watch")


def _first(*gates: Gate) -> tuple[Gate, ...]:
    """Gates that are asked before the first exposure alone: a tablet's effect on the pressure does not hold up the next."""
    return tuple(_only_first(one) for one in gates)


def _only_first(gate: Gate) -> Gate:
    def first(asked: _Asked) -> Iterable[Reason]:
        return () if asked.state.exposed else gate(asked)

    return first


def _escort(asked: _Asked) -> Iterator[Reason]:
    if asked.state.escort_missing is None:
        yield Reason("session.escort-not-missing")


def _leaving(asked: _Asked) -> Iterable[Reason]:
    return holds(asked.state, asked.rules, asked.now)


def _end(asked: _Asked) -> Iterator[Reason]:
    """After an exposure one of its five ends, each with what it has to tell."""
    state, told = asked.state, asked.command.told
    outcome = told.get("outcome")
    if outcome not in (AFTER_EXPOSURE if state.exposed else BEFORE_EXPOSURE):
        yield Reason("session.end-after-dose" if state.exposed else "session.end-before-dose")
        return
    if outcome not in (Outcome.TRANSFERRED, Outcome.DIED):
        yield from _running(asked)
    if outcome == Outcome.DISCHARGED:
        if state.phase is not Phase.READY:
            yield Reason("session.not-ready")
        yield from _leaving(asked)
        if state.escort_missing:
            yield Reason("session.escort-missing")
    elif outcome == Outcome.NOT_TODAY:
        yield from _not_today(told)
    if outcome in (Outcome.AGAINST_ADVICE, Outcome.CANCELLED, Outcome.NOT_TODAY) and not _said(told, "why"):
        yield Reason("session.why")


def _mistaken(asked: _Asked) -> Iterator[Reason]:
    """What ended before any dose in one of its own ways has given its chair back, and is booked anew."""
    if asked.state.outcome not in AFTER_EXPOSURE:
        yield Reason("session.end-stands")
    if not _said(asked.command.told, "why"):
        yield Reason("session.why")


def _not_today(told: Mapping[str, Any]) -> Iterator[Reason]:
    """Nobody is sent away who is not safe to leave: they stay, until somebody says that they are, or they are taken further."""
    if told.get("safe") == "no":
        yield Reason("session.not-safe-to-leave")
    elif told.get("safe") != "yes" or not _said(told, "home") or told.get("suicide_asked") not in ("yes", "no"):
        yield Reason("session.safe-ending")


_OPEN = frozenset(Phase) - {Phase.CLOSED}
_BEFORE = frozenset({Phase.ARRIVED, Phase.CLEARED})
# Who differs, says no, or may be pregnant gets no further device either.
_ALWAYS: tuple[Gate, ...] = (_identity, _card, _decision, _consent)
_BEGIN: tuple[Gate, ...] = (
    _baseline,
    _not_delayed,
    _pressure,
    _way_home,
    _visit,
    _criteria,
    _monitored,
    _only_one,
    _chair,
    _sound,
)
_CLEAR = _ALWAYS + _BEGIN
_DOSE: tuple[Gate, ...] = (
    _was_cleared,
    *_ALWAYS,
    *_first(*_BEGIN),
    _time_out,
    _order,
    _pump,
    _more,
    _amount,
    _stock,
    _limits,
    _watch_known,
    _prescriber,
    _nurses,
    _calm,
    _quiet,
    _running,
    _apart,
)

# The one table: what may be done in which phases, and which gates it asks.
TRANSITIONS: Mapping[What, tuple[frozenset[Phase], tuple[Gate, ...]]] = {
    What.ARRIVED: (frozenset({Phase.PLANNED}), ()),
    What.IDENTIFIED: (_OPEN - {Phase.PLANNED}, ()),
    What.ANSWERED: (_OPEN - {Phase.PLANNED}, ()),
    What.PRESSURE_DECIDED: (_BEFORE, ()),
    What.PUMP_COMPARED: (_BEFORE | {Phase.DOSING}, ()),
    What.TIMED_OUT: (_BEFORE | {Phase.DOSING}, ()),
    What.CLEARED: (frozenset({Phase.ARRIVED}), _CLEAR),
    What.DOSE: (frozenset({Phase.CLEARED, Phase.DOSING}), _DOSE),
    What.INFUSION_STARTED: (frozenset({Phase.CLEARED}), _DOSE),
    What.INFUSION_ENDED: (frozenset({Phase.DOSING, Phase.OBSERVING}), (_no_infusion, _ran)),
    What.PAUSED: (frozenset({Phase.DOSING}), ()),
    What.RESUMED: (frozenset({Phase.DOSING}), (_prescriber, _calm, _well)),
    What.STOPPED: (frozenset({Phase.DOSING}), ()),
    What.CHECK: (_OPEN - {Phase.PLANNED}, ()),
    What.EVENT: (_OPEN, ()),
    What.RESCUE: (_OPEN - {Phase.PLANNED}, ()),
    What.CALLED: (_OPEN, ()),
    What.ESCORT_MISSING: (_OPEN - {Phase.PLANNED}, ()),
    What.ESCORT_TRIED: (_OPEN - {Phase.PLANNED}, (_escort,)),
    What.ESCORT_DECIDED: (_OPEN - {Phase.PLANNED}, (_escort,)),
    What.ESCORT_CAME: (_OPEN - {Phase.PLANNED}, (_escort,)),
    What.ALARM_RAISED: (_OPEN, ()),
    What.ALARM_ACKNOWLEDGED: (_OPEN, ()),
    What.ALARM_ESCALATED: (_OPEN, ()),
    What.ALARM_RESOLVED: (_OPEN, ()),
    What.EMERGENCY_OPENED: (_OPEN, ()),
    What.EMERGENCY_CLOSED: (_OPEN, ()),
    What.READY: (frozenset({Phase.OBSERVING}), (_leaving,)),
    What.OBSERVING_AGAIN: (frozenset({Phase.READY}), ()),
    What.ENDED: (_OPEN, (_end,)),
    What.REOPENED: (frozenset({Phase.CLOSED}), (_mistaken, _today, _only_one, _chair)),
    What.CORRECTED: (frozenset(Phase), ()),
}

# Of these the session itself tells, also after a correction, whether its own gates held; of what else was asked then only
# what was written down.
_TOLD_AGAIN = frozenset({What.CLEARED, What.DOSE, What.INFUSION_STARTED, What.RESUMED, What.READY, What.ENDED})
ELSE_CLEAR = Context(
    decision=True,
    consent=True,
    visit=True,
    criteria=True,
    pressure=True,
    way_home=True,
    monitored=True,
    order=True,
    more=True,
    most_mg=Decimal("Infinity"),  # how much was ordered then is told by what was written down
    timed_out=True,
    pump=True,
    stock=True,
    limits=True,
    prescriber=True,
    nurses=True,
    sound=True,
    calm=True,
    only_one=True,
    chair=True,
    today=True,
)
