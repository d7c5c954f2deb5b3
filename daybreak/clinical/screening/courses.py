"""Where in the episode does one course of a medicine lie, and what about it cannot be known?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from daybreak.clinical.answers import UNREADABLE, Evidence, Unreadable
from daybreak.clinical.records import Exposure, When


@dataclass(frozen=True, slots=True)
class Window:
    """The present episode up to the day of the decision, in ordinals. The start is a span when it is not exactly known."""

    start_earliest: int
    start_latest: int
    index: int


def window(start: When | Unreadable | None, *, index: date) -> Window:
    """An unknown start may lie anywhere up to the day of the decision."""
    day = index.toordinal()
    if start is None or start is UNREADABLE:
        return Window(1, day, day)
    return Window(min(start.earliest.toordinal(), day), min(start.latest.toordinal(), day), day)


class Course(NamedTuple):
    """One exposure with its bounds inside the episode, and what is open about it (ids of reasons, or None).

    `undated`: its days are not exactly known. `open`: whether it counts on those days is not.
    """

    exposure: Exposure
    first_earliest: int
    first_latest: int
    last_earliest: int
    last_latest: int
    undated: str | None
    open: str | None

    @property
    def why(self) -> str | None:
        """The reason to say first."""
        return self.undated or self.open

    @property
    def dated(self) -> bool:
        """Are both of its days exactly known?"""
        return self.first_earliest == self.first_latest and self.last_earliest == self.last_latest


def place(exposure: Exposure, span: Window, *, open: str | None = None) -> Course | None:
    """Where in the episode the course lies, or None when it certainly lies outside it. `open`: what else is open about it."""
    undated: str | None = None
    start, end = exposure.start, exposure.end
    if start is None or start is UNREADABLE:
        first_earliest, first_latest, undated = 1, span.index, "trial.start-unknown"
    else:
        first_earliest, first_latest = start.earliest.toordinal(), start.latest.toordinal()
        if not start.exact:
            undated = "trial.start-unknown"
    if end is None and exposure.status == "active":
        last_earliest = last_latest = span.index
    elif end is None or end is UNREADABLE:
        last_earliest, last_latest, undated = first_earliest, span.index, undated or "trial.end-unknown"
    else:
        last_earliest, last_latest = end.earliest.toordinal(), end.latest.toordinal()
        if not end.exact:
            undated = undated or "trial.end-unknown"
    if isinstance(end, When) and last_latest < first_earliest:  # neither day can be believed
        first_earliest, last_latest, undated = span.start_earliest, span.index, "trial.end-before-start"
        first_latest, last_earliest = last_latest, first_earliest
    if first_earliest > span.index or last_latest < span.start_earliest:
        return None
    if first_earliest < span.start_latest and span.start_earliest != span.start_latest:
        undated = undated or "trial.episode-unknown"
    return Course(
        exposure,
        max(first_earliest, span.start_earliest),
        min(max(first_latest, span.start_latest), span.index),
        min(last_earliest, span.index),
        min(last_latest, span.index),
        undated,
        doubt(exposure) or open,
    )


def doubt(exposure: Exposure) -> str | None:
    """Is it open whether this was taken, for depression, or what it was? The id of the reason."""
    if exposure.status is UNREADABLE or exposure.status == "held":
        return "trial.status-unknown"
    if exposure.indication is UNREADABLE:
        return "trial.indication-unknown"
    return "trial.name-unknown" if exposure.ingredients is UNREADABLE else None


def evidence(exposures: Sequence[Exposure]) -> tuple[Evidence, ...]:
    """The records themselves, each in a line."""
    return tuple(Evidence(e.ref, describe(e), _day(e.start)) for e in exposures)


def describe(exposure: Exposure) -> str:
    """One course in a line: name, dose, dates as recorded."""
    dose = f" {exposure.dose.normalize():f} mg/d" if isinstance(exposure.dose, Decimal) else ""
    return f"{exposure.text}{dose}, {_day(exposure.start) or '?'} – {_day(exposure.end) or exposure.status or '?'}"


def _day(when: When | Unreadable | None) -> str | None:
    return str(when) if isinstance(when, When) else None
