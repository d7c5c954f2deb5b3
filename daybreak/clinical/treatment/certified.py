"""Does what a programme confirmed, or what somebody was taught, hold on a day, and how soon does it end?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Holds(StrEnum):
    """Only the first one clears anything."""

    YES = "yes"
    NEVER = "never"  # nobody wrote anything down
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    ENDED = "ended"  # somebody wrote down that it does not hold any more


@dataclass(frozen=True, slots=True)
class Told:
    """What was written down last: since when, until when (None: no last day was named), or that it `ended`."""

    since: date
    until: date | None
    ended: bool = False


def holds(told: Told | None, day: date) -> Holds:
    """On that day; its last day counts."""
    if told is None:
        return Holds.NEVER
    if told.ended:
        return Holds.ENDED
    if day < told.since:
        return Holds.NOT_YET
    return Holds.EXPIRED if told.until is not None and day > told.until else Holds.YES


def near(told: Told, day: date, steps: Iterable[int]) -> int | None:
    """The smallest of these numbers of days within which it ends; 0 when its last day is over. None: it is further off, there is
    no last day, or it ended."""
    if told.until is None or told.ended:
        return None
    left = (told.until - day).days
    return 0 if left < 0 else min((one for one in steps if left <= one), default=None)
