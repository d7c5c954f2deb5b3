"""May this patient go home, and when may they drive?

Each thing to be seen has its verdict and its reason. Only what makes leaving safe holds somebody; the rest becomes a task.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, Answer, Reason, Term, Verdict
from daybreak.clinical.treatment.events import decimal
from daybreak.clinical.treatment.rules import Bound, Criterion, Rules
from daybreak.clinical.treatment.session import Check, State

UNSEEN = frozenset(
    {"leaving.not-checked", "leaving.checked-long-ago"}
)  # what was written down and is no figure was seen


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing to be seen before somebody leaves, whether it was, and whether nobody leaves without it."""

    id: str
    answer: Answer
    gates: bool


def leaving(state: State, rules: Rules, now: datetime) -> tuple[Seen, ...]:
    """Everything, in the order in which it is asked."""
    return (
        Seen("watched", _watched(state, rules, now), True),
        *(Seen(one.id, _seen(one, state, rules, now), one.gates) for one in rules.leaving),
        Seen("identity", _identity(state, rules, now), True),
    )


def holds(state: State, rules: Rules, now: datetime) -> Iterator[Reason]:
    """Why the patient cannot be called ready, or sent home."""
    if state.emergency:
        yield Reason("session.emergency")
    if any(level != "caution" for level in state.alarms.values()):
        yield Reason("session.alarm")
    yield from (one.answer.reason for one in leaving(state, rules, now) if one.gates and one.answer.verdict is not MET)


def watch_until(state: State, rules: Rules) -> datetime | None:
    """Until when the patient is watched at least; None where nobody has said how long, or a dose still runs."""
    if rules.watch_from_first is None and rules.watch_after_last is None:
        return None
    first, last, again = state.watched_from, state.last_exposure, state.watch_again_from
    if first is None or last is None:
        return None
    spans = [(first, rules.watch_from_first), (last, rules.watch_after_last)]
    if again is not None:  # the whole of it, anew
        spans += [(again, rules.watch_from_first), (again, rules.watch_after_last)]
    return max(begun + span for begun, span in spans if span is not None)


def _watched(state: State, rules: Rules, now: datetime) -> Answer:
    until = watch_until(state, rules)
    if until is None:
        return Answer(UNKNOWN, Reason("leaving.watch-unknown"))
    if (left := until - now) > timedelta(0):
        return Answer(NOT_MET, Reason("leaving.watch", {"minutes": -(-left // timedelta(minutes=1))}))
    return Answer(MET, Reason("leaving.watched"))


def _identity(state: State, rules: Rules, now: datetime) -> Answer:
    told = state.identified
    if told is None or _before_leaving(state, told.at):
        return Answer(UNKNOWN, Reason("leaving.identity"))
    if not _fresh(told.at, rules, now):
        return Answer(UNKNOWN, Reason("leaving.identity-long-ago", {"minutes": _minutes(told.at, now)}))
    if told.told.get("matched") is not True:
        return Answer(NOT_MET, Reason("session.identity-differs"))
    return Answer(MET, Reason("leaving.identified"))


def _before_leaving(state: State, at: datetime) -> bool:
    """Was it before the last exposure ended? Then it says nothing about leaving."""
    last = state.last_exposure
    return last is None or at <= last


def _seen(one: Criterion, state: State, rules: Rules, now: datetime) -> Answer:
    if one.question:
        return _asked(one, state, rules, now)
    without: Reason | None = None
    for bound in one.bounds:
        answer = _within(bound, state, rules, now)
        if answer.reason.id in UNSEEN and not bound.needed:
            without = Reason("leaving.seen-without", {"row": Term(f"row.{bound.row}")})
        elif answer.verdict is not MET:
            return answer
    return Answer(MET, without or Reason("leaving.seen"))


def _asked(one: Criterion, state: State, rules: Rules, now: datetime) -> Answer:
    told = state.answers.get(one.question)
    values = {"question": Term(f"question.{one.question}")}
    if told is None or _before_leaving(state, told.at):
        return Answer(UNKNOWN, Reason("leaving.not-asked", values))
    if not _fresh(told.at, rules, now):
        return Answer(UNKNOWN, Reason("leaving.asked-long-ago", {**values, "minutes": _minutes(told.at, now)}))
    before = [each for each in told.earlier if one.stays and each not in one.answers]
    if told.decided == "go" or (told.answer in one.answers and not before and not told.stopped):
        return Answer(MET, Reason("leaving.seen"))
    return Answer(NOT_MET, Reason("leaving.answered-otherwise", values))


def _within(bound: Bound, state: State, rules: Rules, now: datetime) -> Answer:
    """The newest as it is, and none that can have been after it otherwise."""
    found = state.newest(bound.row)
    values = {"row": Term(f"row.{bound.row}")}
    before = _figure(state.baseline(bound.row), bound.part)
    verdicts = {_compared(bound, _figure(one, bound.part), before) for one in found}
    held = not bound.needed and NOT_MET in verdicts  # what need not be looked at and was bad is looked at again
    if not found or (_before_leaving(state, found[0].earliest) and not held):
        return Answer(UNKNOWN, Reason("leaving.not-checked", values))
    check = found[0]
    if not (held or (_fresh(check.at, rules, now) and _fresh(check.earliest, rules, now))):
        return Answer(UNKNOWN, Reason("leaving.checked-long-ago", {**values, "minutes": _minutes(check.earliest, now)}))
    if verdicts == {MET}:
        return Answer(MET, Reason("leaving.seen"))
    verdict = NOT_MET if NOT_MET in verdicts else UNKNOWN
    return Answer(verdict, Reason("leaving.not-back" if verdict is NOT_MET else "leaving.no-figure", values))


def fits(bound: Bound, check: Check, before: Check | None) -> Verdict:
    """Is that check within the bound, against the one before the dose?"""
    return _compared(bound, _figure(check, bound.part), _figure(before, bound.part))


def _fresh(at: datetime, rules: Rules, now: datetime) -> bool:
    """Is it of just now? Of what is said to be still to come, by a clock that was wrong, nobody knows how old it is."""
    return timedelta(0) <= now - at <= rules.seen_within


def _minutes(at: datetime, now: datetime) -> int:
    return abs(now - at) // timedelta(minutes=1)


def _figure(check: Check | None, part: str) -> Decimal | None:
    value: Any = check.value if check else None
    if part:
        value = value.get(part) if isinstance(value, dict) else None
    return decimal(value)


def _compared(bound: Bound, value: Decimal | None, before: Decimal | None) -> Verdict:
    if value is None:
        return UNKNOWN
    own = before if bound.own else None
    if bound.most is not None and value > bound.most and (own is None or value > own):
        return NOT_MET
    if bound.least is not None and value < bound.least and (own is None or value < own):
        return NOT_MET
    if bound.most_above is None and bound.most_below is None:
        return MET
    if before is None:
        return UNKNOWN
    if bound.most_above is not None and value > before + bound.most_above:
        return NOT_MET
    if bound.most_below is not None and value < before - bound.most_below:
        return NOT_MET
    return MET


@dataclass(frozen=True, slots=True)
class NoDriving:
    """Not before that day, after a night's restful sleep; and not before that moment where hours are counted too."""

    day: date
    moment: datetime | None


def no_driving(state: State, rules: Rules, zone: tzinfo) -> NoDriving | None:
    """When the patient may drive again, by the clocks of the clinic; None when nothing can have reached them, it runs
    still, or nobody has said for how long."""
    last = state.last_exposure
    if last is None:
        return None
    day = last.astimezone(zone).date() + timedelta(days=1)
    hours = rules.no_driving_hours
    most = max(hours.values(), default=None)  # of a medicine that is not in the list
    if most is None:
        return None
    counted = [
        one.last + timedelta(hours=hours.get(one.drug, most))
        for one in state.exposures
        if one.anything and one.last and hours.get(one.drug, most) > 0
    ]
    moment = max(counted, default=None)
    return NoDriving(max(day, moment.astimezone(zone).date()) if moment else day, moment)
