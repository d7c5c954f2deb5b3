"""Does an answer about suicide call for somebody here, how soon, and who is called next?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from daybreak.clinical.followup.urgency import Rule
from daybreak.clinical.records import Observation, When
from daybreak.knowledge.store import ROOT, load

OWN = "suicide-followup."  # how the kind of an answer to one of our own questions begins


@dataclass(frozen=True, slots=True)
class Calling:
    """What the clinic does about suicide answers: `clear` answers and levels by kind, the answers to the `screener` after
    which it is not asked again that day, what is asked after an answer that calls (`followup`), levels by what a consent says
    or asks (`consent`), the times, what is done after how many tries that reached nobody, and which answers wait for the day
    where that was signed (`urgency`: the rule; how long it waits for what follows, how soon somebody has to be there)."""

    clear: Mapping[str, frozenset[str]]
    levels: Mapping[str, str]
    screener: str
    calm: frozenset[str]
    followup: Mapping[str, Any]
    consent: Mapping[str, str]
    escalation: tuple[timedelta, ...]
    again: timedelta
    old: timedelta
    today: timedelta
    unfinished: timedelta
    unreached: tuple[tuple[int, str], ...]
    urgency: Rule
    wait: timedelta
    staffed: timedelta


@lru_cache(maxsize=4)
def calling(root: Path = ROOT) -> Calling:
    """The rule in force."""
    file = load("suicide", root)["suicide"]
    return Calling(
        clear={one["kind"]: frozenset(one["clear"]) for one in file["answers"]},
        levels={one["kind"]: one["level"] for one in file["answers"]},
        screener=file["asked_today"]["kind"],
        calm=frozenset(file["asked_today"]["calm"]),
        followup=file["followup"],
        consent={one["item"]: one["level"] for one in file["consent"]},
        escalation=tuple(timedelta(minutes=n) for n in file["escalation"]["minutes"]),
        again=timedelta(minutes=file["again"]["minutes"]),
        old=timedelta(days=file["old"]["days"]),
        today=timedelta(hours=file["today"]["hours"]),
        unfinished=timedelta(hours=file["unfinished"]["hours"]),
        unreached=tuple((one["after"], one["does"]) for one in file["unreached"]["steps"]),
        urgency=_urgency(file),
        wait=timedelta(minutes=file["urgency"]["wait"]["minutes"]),
        staffed=timedelta(hours=file["urgency"]["staffed"]["hours"]),
    )


def _urgency(file: Mapping[str, Any]) -> Rule:
    """What follows is asked in our own words: `no` is the answer that is clear for all of these."""
    told, questions = file["urgency"], tuple(one["id"] for one in file["followup"]["questions"])
    clear = {tuple(one["clear"]) for one in file["answers"] if one["kind"] in {f"{OWN}{id}" for id in questions}}
    ((no,),) = clear
    every_day, before, plan = Decimal(told["every_day"]), told["before"]["days"], told["plan"]["days"]
    return Rule(told["item"], every_day, before, plan, questions, no)


def calls(observation: Observation, *, today: date, rule: Calling) -> str | None:
    """The level at which this answer calls for somebody; None when it is no such answer, or clearly "no".

    What nobody can read, or a value that was not recorded, is not "no". An answer without a date counts as new.
    """
    clear = rule.clear.get(observation.kind)
    if clear is None or _said(observation.value) in clear:
        return None
    when = observation.when
    if isinstance(when, When) and today - when.latest > rule.old:
        return "today"
    return rule.levels[observation.kind]


def item_of(scale: str, rule: Calling) -> str | None:
    """The kind of the scale's own question about suicide; None when it has none."""
    return next((kind for kind in rule.levels if kind.startswith(f"{scale}.item-")), None)


def follows_up(kind: str, rule: Calling) -> bool:
    """Is this an answer to one of the questions that follow an answer that called for somebody?"""
    return kind.startswith((OWN, f"{rule.followup['screener']}.q"))


def _said(value: object) -> str | None:
    """The value as it stands in the file: a number without the zeros behind it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if isinstance(value, str) else None
