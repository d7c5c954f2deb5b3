"""What is drawn of one session, ready made? (`trace` draws it, `trace_table` writes the same values)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

CALM, CAUTION, ALARM = "", "caution", "alarm"
LEVELS = (CALM, CAUTION, ALARM)


@dataclass(frozen=True, slots=True)
class Pressure:
    """One blood pressure in mm[Hg]; `None`: it was tried and gave no number."""

    at: datetime
    systolic: Decimal | None
    diastolic: Decimal | None
    level: str = CALM
    late: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a sign; `None`: it was tried and gave none."""

    at: datetime
    value: Decimal | None
    level: str = CALM
    late: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """What one source of a device measured of a sign: a median each minute. Nobody has entered it."""

    sign: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One look at a graded row, and how that grade is called in a word or two."""

    at: datetime
    grade: int | None
    said: str = ""
    level: str = CALM
    late: bool = False


@dataclass(frozen=True, slots=True)
class Graded:
    """A row of grades from 0 to `most`, drawn as steps. `kind` names its colour."""

    name: str
    kind: str
    most: int
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, in a few words: an event, a symptom, an alarm, what was given."""

    at: datetime
    said: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """Something that ran for a while, an infusion; None: it still runs."""

    begins: datetime
    ends: datetime | None
    said: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A line that a value should not cross. The nearest of several is the one that alarms; all are drawn."""

    value: Decimal
    said: str
    nearest: bool
    sign: str = "pressure"


@dataclass(frozen=True, slots=True)
class Planned:
    """A check that is to come, in the row of `what` (`pressure`, `spo2`, `breaths` or the kind of a graded row)."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One session. `zero`: the first exposure, None before it; `now`: None once the session is closed.

    `holds`: a reading of oxygen saturation says nothing any more after that long: its line stops there.
    `last`: systolic pressures of the session before this one, by the time since its own first exposure.
    """

    zone: str
    begins: datetime
    now: datetime | None
    zero: datetime | None = None
    until: datetime | None = None
    holds: timedelta = timedelta(0)
    pressures: tuple[Pressure, ...] = ()
    rates: tuple[Reading, ...] = ()
    saturations: tuple[Reading, ...] = ()
    breaths: tuple[Reading, ...] = ()
    graded: tuple[Graded, ...] = ()
    baseline: tuple[Decimal, Decimal] | None = None
    limits: tuple[Limit, ...] = ()
    doses: tuple[Mark, ...] = ()
    runs: tuple[Running, ...] = ()
    marks: tuple[Mark, ...] = ()
    planned: tuple[Planned, ...] = ()
    last: tuple[tuple[timedelta, Decimal], ...] = ()
    live: tuple[Live, ...] = ()

    def moments(self) -> Iterator[datetime]:
        """Every moment of which something is known or planned."""
        yield self.begins
        yield from (one for one in (self.now, self.zero, self.until) if one)
        rows: tuple[tuple[Any, ...], ...] = (
            self.pressures,
            self.rates,
            self.saturations,
            self.breaths,
            self.doses,
            self.marks,
            self.planned,
        )
        yield from (
            one.at for one in chain(*rows, *(row.steps for row in self.graded), *(row.readings for row in self.live))
        )
        for one in self.runs:
            yield from (end for end in (one.begins, one.ends) if end)
