"""Which step of a session is the next one, which lie before and behind it, and what holds each up?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.commands import Command, again, card, decides, may, stops
from daybreak.clinical.treatment.events import Phase, What
from daybreak.clinical.treatment.rules import Effect
from daybreak.knowledge import sessions
from daybreak.web.treatment.context import Found
from daybreak.web.treatment.queries import Now

IDENTITY, QUESTION, DECIDE, VITALS, PRESSURE = "identity", "question", "decide", "vitals", "pressure"
CARD = "card"  # every question that is asked aloud and was not answered yet, on one page
HOME, CLEAR, PUMP, TIME_OUT = "home", "clear", "pump", "time_out"
DOSE, WATCH, OVER = "dose", "watch", "over"

EARLY = frozenset({IDENTITY, CARD, QUESTION, DECIDE, VITALS})  # nothing is judged in these
LATE = frozenset({WATCH, OVER})  # and nothing any more


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `about`: the question that it is about."""

    id: str
    about: str = ""
    done: bool = False

    @property
    def name(self) -> str:
        """As it stands in the address."""
        return f"{self.id}-{self.about}" if self.about else self.id


def steps(now: Now, found: Found) -> list[Step]:
    """Everything before the dose, in order."""
    return list(_before(now, found))


def following(now: Now, found: Found) -> Step:
    """The next one."""
    phase = now.state.phase
    if phase is Phase.CLOSED:
        return Step(OVER)
    if phase in (Phase.OBSERVING, Phase.READY):
        return Step(WATCH)
    if phase is Phase.DOSING:
        first = () if now.state.running else _last(now, found)
        return next((one for one in first if not one.done), Step(DOSE))
    following = next((one for one in steps(now, found) if not one.done), Step(DOSE))
    return Step(CARD) if following.id == QUESTION and following.about in aloud(now, found) else following


def aloud(now: Now, found: Found) -> list[str]:
    """The questions that others may hear, and that were not answered yet."""
    told = now.state.answers
    asked = card(now.state, found.rules)
    return [one.id for one in asked if one.id not in told and not sessions.question(one.id)["private"]]


def _before(now: Now, found: Found) -> Iterator[Step]:
    state, context = now.state, found.context
    who = state.identified
    yield Step(IDENTITY, done=who is not None and who.told.get("matched") is True)
    for one in card(state, found.rules):
        told = state.answers.get(one.id)
        yield Step(QUESTION, one.id, done=told is not None)
        if told is not None and one.effect(told.answer) is not Effect.STOP and decides(one, told):
            yield Step(DECIDE, one.id, done=bool(told.decided))
    measured = all(state.baseline(row) for row in found.rules.rows_before)
    yield Step(VITALS, done=measured)
    if measured and (context.pressure is not True or state.pressure):
        yield Step(PRESSURE, done=not delayed(now) and (context.pressure is True or _goes(now, found)))
    yield Step(HOME, done=context.way_home is True)
    yield Step(CLEAR, done=state.cleared is not None)
    yield from _last(now, found)


def _last(now: Now, found: Found) -> Iterator[Step]:
    """What is held anew when the order changes, between two devices too."""
    if found.by_pump:
        yield Step(PUMP, done=found.context.pump is True)
    yield Step(TIME_OUT, done=now.state.time_out is not None and not again(now.state, found.context))


def delayed(now: Now) -> bool:
    """Has a prescriber delayed the dose, and was the pressure not measured since?"""
    decided, measured = now.state.pressure, now.state.baseline("pressure")
    if decided is None or decided.told.get("go") is True:
        return False
    return measured is None or measured.at <= decided.at


def _goes(now: Now, found: Found) -> bool:
    """Has a prescriber decided on the newest reading that the dose is given?"""
    decided, measured = now.state.pressure, now.state.baseline("pressure")
    if decided is None or measured is None or found.context.may_weigh is not True:
        return False
    return decided.told.get("go") is True and decided.at >= measured.at


def held(now: Now, found: Found, what: What, *, at: datetime) -> tuple[Reason, ...]:
    """Why that cannot be done now."""
    return may(now.state, Command(what), rules=found.rules, context=found.context, now=at)


def stopped(now: Now, found: Found) -> list[str]:
    """The questions of which the answer, or a prescriber, says that there is no dose today."""
    told = now.state.answers
    return [one.id for one in card(now.state, found.rules) if one.id in told and stops(one, told[one.id])]
