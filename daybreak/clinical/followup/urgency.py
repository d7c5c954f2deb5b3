"""How soon does somebody see to an answer about suicide, by the rule that a prescriber signed?

What is not known never makes it later: only an answer that is clearly "no" does, and only to what follows the first one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

NOW, TODAY, WAITS = "now", "today", "waits"
UNSIGNED, NOT_HERE, UNREADABLE, EVERY_DAY = "unsigned", "not_here", "unreadable", "every_day"
NOTHING_BEFORE, WORSE, NO_PLAN, FOLLOWED, LEFT_OPEN = "nothing_before", "worse", "no_plan", "followed", "left_open"
BLANK, UNCHANGED = "blank", "unchanged"


@dataclass(frozen=True, slots=True)
class Rule:
    """Of which item it speaks; from which answer on it is now whatever follows; against how many days before an answer is
    held; for how many days a safety plan is current; which questions follow, and their one answer that is "no"."""

    item: str
    every_day: Decimal
    before_days: int
    plan_days: int
    questions: tuple[str, ...]
    no: str


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: `value` None is a blank, and no number is what nobody can read. `before`: what the same item said on earlier
    days, with its day; a None among them is one that nobody can read. `plan_on`: the day of the newest safety plan, None
    without one. `followed`: what the questions after it said so far. `over`: nothing more is awaited of them."""

    item: str
    value: Decimal | None
    on: date
    before: Sequence[tuple[date, Decimal | None]]
    plan_on: date | None
    followed: Mapping[str, str | None]
    over: bool


@dataclass(frozen=True, slots=True)
class Urgency:
    """NOW, TODAY, or WAITS: today if what follows is clearly "no", and now if it is not, or stays open. `why` is one word."""

    level: str
    why: str


def urgency(said: Said, rule: Rule | None) -> Urgency:
    """`rule` None: nobody has signed one, and everything is now."""
    if rule is None:
        return Urgency(NOW, UNSIGNED)
    if said.item != rule.item:
        return Urgency(NOW, NOT_HERE)
    if any(said.followed[one] != rule.no for one in rule.questions if one in said.followed):
        return Urgency(NOW, FOLLOWED)
    if said.value is None:
        return Urgency(TODAY, BLANK)
    if not said.value.is_finite():
        return Urgency(NOW, UNREADABLE)
    if said.value >= rule.every_day:
        return Urgency(NOW, EVERY_DAY)
    since = said.on - timedelta(days=rule.before_days)
    before = [value for day, value in said.before if since <= day < said.on and value is not None and value.is_finite()]
    if not before:
        return Urgency(NOW, NOTHING_BEFORE)
    if said.value > max(before):
        return Urgency(NOW, WORSE)
    if said.plan_on is None or not said.on - timedelta(days=rule.plan_days) <= said.plan_on <= said.on:
        return Urgency(NOW, NO_PLAN)
    if all(one in said.followed for one in rule.questions):
        return Urgency(TODAY, UNCHANGED)
    return Urgency(NOW, LEFT_OPEN) if said.over else Urgency(WAITS, UNCHANGED)
