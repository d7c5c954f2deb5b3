"""How long was a message under way, when the clock of the device is wrong by nobody knows how much?

What is known is by how much more one message was behind than the quickest of late: a clock that is wrong is so for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class Rule:
    """Over so long the quickest counts (`within`). A clock that is set for summer or winter jumps by one of `steps`, give or
    take `off`: that is no delay."""

    within: timedelta
    steps: tuple[timedelta, ...]
    off: timedelta


@dataclass(frozen=True, slots=True)
class Lag:
    """When the last message came and how far behind the device's own time it was, and how far those of late were, each with when
    it was received."""

    last: datetime | None = None
    behind: timedelta = ZERO
    known: tuple[tuple[datetime, timedelta], ...] = ()


def waited(lag: Lag, *, sent: datetime | None, received: datetime, rule: Rule) -> tuple[Lag, timedelta]:
    """How long this one had waited, and what is known then. Without a time of the device it counts as new. Of late is what
    was so before the last message, and the time in which a line stood, or brings what waited, does not count: what waited is not
    taken for new because it comes after a silence."""
    if sent is None:
        return lag, ZERO
    behind, last = received - sent, lag.last or received
    stood = min(abs(behind - lag.behind), max(received - last, ZERO))
    recent = tuple((when + stood, each) for when, each in lag.known if last - when <= rule.within)
    least = min((one[1] for one in recent), default=behind)
    if any(abs(behind - least - each) <= rule.off for each in rule.steps):
        return Lag(received, behind, ((received, behind),)), ZERO
    slower = tuple(one for one in recent if one[1] < behind)
    return Lag(received, behind, (*slower, (received, behind))), max(behind - least, ZERO)


def begun(behind: Iterable[timedelta], *, at: datetime) -> Lag:
    """What is known at that moment, when so far behind were some that came before."""
    least = min(behind, default=None)
    return Lag() if least is None else Lag(at, least, ((at, least),))


def age(waited: timedelta, *, sent: datetime | None, taken: datetime | None) -> timedelta:
    """How old a value is: how long its message had waited, and how long before that the device had measured it, by its clock."""
    return waited + (max(sent - taken, ZERO) if sent and taken else ZERO)
