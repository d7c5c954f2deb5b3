"""Did a talk take place in the time after a treatment that is meant for it, and in how many of the treatments?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Said(StrEnum):
    """The last word about it."""

    OFFERED = "offered"
    KEPT = "kept"
    MISSED = "missed"
    DECLINED = "declined"
    NOT_OFFERED = "not_offered"


class State(StrEnum):
    """MET: a talk took place within the time. OUTSIDE: it did, but earlier or later. UNKNOWN: its time is over and nobody said
    whether there was one. AHEAD: its time is not over."""

    MET = "met"
    OUTSIDE = "outside"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """Met in `met` of `of` treatments whose time is over; of `unknown` among them nobody said."""

    met: int
    of: int
    unknown: int


def window(last: datetime, *, opens: timedelta, closes: timedelta) -> Window:
    """After the last dose of the treatment."""
    return Window(last + opens, last + closes)


def state(window: Window, said: Said | None, starts: datetime | None, *, now: datetime) -> State:
    """`starts`: when the talk was, as it was told with the word; a talk of which nobody knows when it was is not met."""
    if said is Said.KEPT and starts is not None:
        return State.MET if window.opens <= starts <= window.closes else State.OUTSIDE
    if said in (Said.MISSED, Said.DECLINED, Said.NOT_OFFERED):
        return State.NOT_MET
    return State.AHEAD if now <= window.closes else State.UNKNOWN


def share(states: Iterable[State]) -> Share:
    """What lies ahead is not counted; what nobody said is, and is not met."""
    over = [one for one in states if one is not State.AHEAD]
    return Share(over.count(State.MET), len(over), over.count(State.UNKNOWN))
