"""In which state was somebody at each rating since the treatments began: better, as before, worse, or ill again?

Each is judged against the rating before the first treatment, by figures that the caller brings. A rating without a total,
or without one to compare it with, shows no state: it is never better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import floor

from daybreak.clinical.screening.relapse import RelapseRule, relapsed
from daybreak.clinical.screening.response import ChangeRules, Comparison, Rating, Reliable, compare
from daybreak.clinical.screening.scoring.scale import Limit


class State(StrEnum):
    """Of one rating. RELAPSE: a response was there, is lost, and that lasts."""

    REMISSION = "remission"
    RESPONSE = "response"
    PARTIAL = "partial"
    NONE = "none"
    WORSE = "worse"
    RELAPSE = "relapse"
    UNKNOWN = "unknown"


GOOD = frozenset({State.REMISSION, State.RESPONSE, State.PARTIAL})


@dataclass(frozen=True, slots=True)
class StateRules:
    """For one scale on which more is worse. PARTIAL: an improvement of `partial_percent` or more. WORSE: beyond chance or so
    many points where `change` says that, else by `worse_percent`. RELAPSE: by `relapse`; where none is kept for the scale,
    when the response is lost in so many ratings in a row, so long apart (`lost`)."""

    change: ChangeRules
    partial_percent: Fraction
    worse_percent: Fraction
    lost: tuple[int, timedelta]
    relapse: RelapseRule | None = None


@dataclass(frozen=True, slots=True)
class At:
    """The state on a day, with what it was made of. `relapse` None: what nobody knows of an earlier rating decides it."""

    day: date
    state: State
    now: Rating
    found: Comparison
    relapse: bool | None


def states(rules: StateRules, *, first: Rating | None, later: Sequence[tuple[date, Rating]]) -> tuple[At, ...]:
    """Of each of the ratings, in the order of their days. `first`: the one before the first treatment, if there is one."""
    return tuple(_states(rules, first, later))


def _states(rules: StateRules, first: Rating | None, later: Sequence[tuple[date, Rating]]) -> Iterator[At]:
    rule = None if first is None else _relapse_rule(rules, first)
    for n, (day, now) in enumerate(later, 1):
        if first is None:
            yield At(day, State.UNKNOWN, now, Comparison(), None)
            continue
        found = compare(rules.change, before=first, now=now)
        ill = None if rule is None else relapsed(rules.change, rule, first=first, later=later[:n])
        yield At(day, _state(rules, found, ill=ill is True), now, found, ill)


def _state(rules: StateRules, found: Comparison, *, ill: bool) -> State:
    if found.percent is None:
        return State.UNKNOWN
    if found.response:
        # Of several cuts for remission that sources name, every one has to be reached.
        cuts = found.remission.values()
        return State.REMISSION if cuts and all(cuts) else State.RESPONSE
    if ill:
        return State.RELAPSE
    if _worse(rules, found, found.percent):
        return State.WORSE
    return State.PARTIAL if found.percent >= rules.partial_percent else State.NONE


def _worse(rules: StateRules, found: Comparison, percent: Fraction) -> bool:
    if found.reliable is not None:
        return found.reliable is Reliable.WORSE
    return -percent >= rules.worse_percent if found.flag_worse is None else found.flag_worse


def _relapse_rule(rules: StateRules, first: Rating) -> RelapseRule | None:
    """That of the scale, else the lowest total that is no response any more."""
    if rules.relapse is not None or first.total is None or rules.change.response_percent is None:
        return rules.relapse
    times, apart = rules.lost
    reaches = floor(first.total * (100 - rules.change.response_percent) / 100)
    return RelapseRule(Limit(at_least=reaches + 1), in_a_row=times, apart=apart)
