"""What is too high, too low, too old or too long in a treatment?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Literal

Side = Literal["above", "below"]


class Level(IntEnum):
    """How loud: an alarm is more than a caution."""

    CAUTION = 1
    ALARM = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """Beyond `absolute`, or further than `from_baseline` from the patient's own value; it ends `back` inside the line."""

    side: Side
    level: Level
    absolute: Decimal
    from_baseline: Decimal | None
    back: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """Where a limit lies for one patient: both lines, and the `nearer` one that decides. `relative` None: no own value."""

    absolute: Decimal
    relative: Decimal | None
    nearer: Decimal


@dataclass(frozen=True, slots=True)
class Feed:
    """How a value of one kind of source ages. `lost` and `frozen` None: such a source does not send by itself."""

    id: str
    delay: timedelta
    stale: timedelta
    lost: timedelta | None = None
    frozen: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """One number that is watched, the unit in which alone it is read, and what of it is believed."""

    id: str
    spelled: frozenset[str]
    least: Decimal
    most: Decimal
    feeds: Mapping[str, Feed]
    limits: tuple[Limit, ...]

    def feed(self, source: str) -> Feed:
        """How a value of that source ages: its kind is the first word, what follows tells one of a kind from another."""
        return self.feeds[source.partition(" ")[0]]

    def of(self, side: Side) -> tuple[Limit, ...]:
        """The limits of one side."""
        return tuple(one for one in self.limits if one.side == side)


@dataclass(frozen=True, slots=True)
class Pace:
    """Until somebody acknowledges an alarm: it sounds again after `sound`, and the next role is called after `escalate`."""

    sound: timedelta
    escalate: timedelta


@dataclass(frozen=True, slots=True)
class Watch:
    """All of it. `technical`: how loud what cannot be used is; `roles`: who is called, one after the other."""

    signs: Mapping[str, Sign]
    paces: Mapping[Level, Pace]
    technical: Mapping[str, Level]
    roles: tuple[str, ...]
    pause_most: timedelta
    recheck_most: timedelta


def line(limit: Limit, baseline: Decimal | None) -> Line:
    """Where the limit lies for somebody with that value of their own before the dose."""
    if limit.from_baseline is None or baseline is None:
        return Line(limit.absolute, None, limit.absolute)
    if limit.side == "above":
        relative = baseline + limit.from_baseline
        return Line(limit.absolute, relative, min(limit.absolute, relative))
    relative = baseline - limit.from_baseline
    return Line(limit.absolute, relative, max(limit.absolute, relative))


def beyond(limit: Limit, value: Decimal, baseline: Decimal | None) -> bool:
    """Does the value pass the limit?"""
    nearer = line(limit, baseline).nearer
    return value > nearer if limit.side == "above" else value < nearer


def inside(limit: Limit, value: Decimal, baseline: Decimal | None) -> bool:
    """Is the value so far within the limit that it is over?"""
    nearer = line(limit, baseline).nearer
    return value <= nearer - limit.back if limit.side == "above" else value >= nearer + limit.back
