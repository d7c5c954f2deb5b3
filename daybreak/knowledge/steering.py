"""By which figures is a course steered between treatments? (`steering.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from daybreak.clinical.followup.control import ControlRule
from daybreak.clinical.followup.interval import OveruseRule
from daybreak.clinical.followup.response import State, StateRules
from daybreak.clinical.followup.reviews import Rule
from daybreak.knowledge.change import change_rules, relapse_rule
from daybreak.knowledge.store import loaded

REMISSION = "remission"  # a cut that its source does not call so is none


def data() -> Mapping[str, Any]:
    """Everything as it stands in the file."""
    return loaded("steering")["steering"]  # type: ignore[no-any-return]


@cache
def state_rules(scale: str) -> StateRules | None:
    """For a scale on which more is worse and which has figures for response and remission; None: for no other."""
    change, told = change_rules(scale), data()["states"]
    cuts = tuple(one for one in change.remission if one.key.startswith(REMISSION))
    if not change.higher_is_worse or change.response_percent is None or not cuts:
        return None
    return StateRules(
        change=replace(change, remission=cuts),
        partial_percent=Fraction(told["partial"]["percent"]),
        worse_percent=Fraction(told["worse"]["percent"]),
        lost=(told["lost"]["in_a_row"], timedelta(days=told["lost"]["days_apart"])),
        relapse=relapse_rule(scale),
    )


def baseline() -> timedelta:
    """A rating so long before the first treatment is one to compare with."""
    return timedelta(days=data()["states"]["baseline"]["days"])


@cache
def control_rule() -> ControlRule:
    """When a response is being lost."""
    told = data()["control"]
    return ControlRule(
        least=told["least"],
        most=told["most"],
        factor=Fraction(told["factor"]),
        range_percent=Fraction(told["range_percent"]),
        in_a_row=told["in_a_row"],
        stale=timedelta(days=told["stale_days"]),
    )


def look_again() -> dict[State, int]:
    """In how many days after each state somebody looks again at the earliest."""
    return {State(one["state"]): one["days"] for one in data()["look_again"]}


def lost_again() -> int:
    """The same, after a signal that a response is being lost."""
    return int(data()["lost_again"]["days"])


def overuse_rule(protocol: str) -> OveruseRule | None:
    """How many treatments in how many days are too many; None: nobody says so of this protocol."""
    told = data()["overuse"]
    if protocol not in told["protocols"]:
        return None
    return OveruseRule(timedelta(days=told["begins_days"]), told["days"], told["most"])


def judgements(protocol: str) -> tuple[Rule, ...]:
    """Which are due under a protocol, and when."""
    return tuple(_rule(one) for one in data()["judgements"] if protocol in one["protocols"])


def judgement(id: str) -> Mapping[str, Any]:
    """The one of that id as it stands in the file."""
    return next(one for one in data()["judgements"] if one["id"] == id)


def _rule(one: Mapping[str, Any]) -> Rule:
    def days(name: str) -> timedelta | None:
        return timedelta(days=one[name]) if name in one else None

    early = timedelta(days=one["early_days"])
    return Rule(one["id"], one["gates"], early, days("after_days"), one.get("treatments"), days("again_days"))
