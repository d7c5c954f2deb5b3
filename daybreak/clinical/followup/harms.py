"""Which harms that build up over months are asked about again, after how many treatments and how much in all?

Nothing of this holds a dose or anybody's leaving up. What nobody answered was not asked, and an unknown dose is never nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


class Why(StrEnum):
    """Why a part is due, or that it is not."""

    NEVER = "never"
    TREATMENTS = "treatments"
    TIME = "time"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Rule:
    """The part of this `domain` is asked about after so many `treatments`, and so long `after` it was asked last, whichever
    comes first. `refer`: so many yes in one answer propose a referral."""

    domain: str
    treatments: int
    after: timedelta
    refer: int


@dataclass(frozen=True, slots=True)
class Given:
    """A treatment: its day, and between how many mg reached the patient. None: nobody knows."""

    day: date
    mg_low: Decimal | None
    mg_high: Decimal | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer to a part: its day, and of its questions how many were a yes. None: one of them was not answered."""

    day: date
    yes: int | None


@dataclass(frozen=True, slots=True)
class Sum:
    """`n` treatments; `known` of them have a dose, and these come to between `mg_low` and `mg_high`."""

    n: int
    known: int
    mg_low: Decimal
    mg_high: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """How a part stands. `last`: its last whole answer. `since`: what was given after it. `due`: `why`, or NOT_DUE; `next`: by
    then it is due by the time alone. `refer`: the last whole answer proposes a referral."""

    domain: str
    last: Asked | None
    since: Sum
    why: Why
    next: date | None
    refer: bool

    @property
    def due(self) -> bool:
        return self.why is not Why.NOT_DUE


def summed(given: Sequence[Given]) -> Sum:
    """All of it together."""
    known = [(one.mg_low, one.mg_high) for one in given if one.mg_low is not None and one.mg_high is not None]
    low, high = (sum((one[place] for one in known), Decimal(0)) for place in (0, 1))
    return Sum(len(given), len(known), low, high)


def part(rule: Rule, *, given: Sequence[Given], asked: Sequence[Asked], today: date) -> Part | None:
    """How it stands, of treatments and answers in order; None: nothing was ever given."""
    if not given:
        return None
    whole = [one for one in asked if one.yes is not None]
    last = whole[-1] if whole else None
    if last is None:
        return Part(rule.domain, None, summed(given), Why.NEVER, None, refer=False)
    since = summed([one for one in given if one.day > last.day])
    next_ = last.day + rule.after
    why = Why.TREATMENTS if since.n >= rule.treatments else Why.TIME if today >= next_ else Why.NOT_DUE
    return Part(rule.domain, last, since, why, next_, refer=(last.yes or 0) >= rule.refer)
