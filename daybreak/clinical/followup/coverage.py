"""Of how many who were treated did anybody hear again, a day, two weeks and four weeks later?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """Who is heard of from `opens` to `closes` after a treatment was followed up then."""

    id: str
    opens: timedelta
    closes: timedelta


@dataclass(frozen=True, slots=True)
class Treated:
    """One treatment, and every moment at which the patient answered something; what was not said is not among them."""

    at: datetime
    heard: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """`heard` of `treated`; of `waiting` more the window is not over yet, whether they were heard or not."""

    window: str
    heard: int
    treated: int
    waiting: int


def coverage(windows: Sequence[Window], treated: Sequence[Treated], *, now: datetime) -> tuple[Covered, ...]:
    """For each window. Those whose window is open still count on neither side: who answers early would make it look better."""
    return tuple(_covered(one, treated, now) for one in windows)


def _covered(window: Window, treated: Sequence[Treated], now: datetime) -> Covered:
    over = [one for one in treated if one.at + window.closes <= now]
    heard = [one for one in over if any(window.opens <= each - one.at <= window.closes for each in one.heard)]
    return Covered(window.id, len(heard), len(over), len(treated) - len(over))
