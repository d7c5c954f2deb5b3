"""What stands on the cockpit of one session, ready for its page? (`made` makes it; the page decides nothing)"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from daybreak.web.bedside.telling import Pump
from daybreak.web.cockpit.trace_table import Table


@dataclass(frozen=True, slots=True)
class Vital:
    """One number that is alive. `state`: "", `caution`, `alarm`, `stale`, `due`, or `none` when nobody measured it.

    `age`: how old it is; `more`: its source, how far it is from the own value before the dose, or what is wrong with it.
    """

    id: str
    name: str
    unit: str
    value: str
    of: str
    age: str
    more: str
    state: str
    trend: str = ""


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """An alarm that nobody has seen to, or that is still there: what it is, since when, and who is called next."""

    id: str
    level: str
    said: str
    since: str
    called: str
    acknowledged: str
    key: UUID


@dataclass(frozen=True, slots=True)
class Option:
    """One tap of a sheet."""

    value: str
    said: str
    last: bool = False
    level: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Taps that belong together, of one side effect; `row`: as which they are kept together with figures."""

    name: str
    options: tuple[Option, ...]
    row: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is typed. Nothing stands in it beforehand but what was `typed` and could not be taken, or what somebody asked
    the monitor for: then `note` says so, and `minute` of which minute it is."""

    name: str
    said: str
    unit: str
    typed: str = ""
    note: str = ""
    minute: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One button of the row, and what opens above it. `state`: "", `late` or `now`; `open`: it was sent and not taken."""

    id: str
    name: str
    under: str
    state: str
    key: UUID
    options: tuple[Option, ...] = ()
    groups: tuple[Group, ...] = ()
    figures: tuple[Figure, ...] = ()
    due: tuple[Group, ...] = ()  # graded rows that are due as well: one of each is kept with the figures
    open: bool = False
    offers: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a panel: the verdict as a shape, what it is about, and what is known of it."""

    state: str
    what: str
    said: str


@dataclass(frozen=True, slots=True)
class Step:
    """The one next step: where it is done, and why it cannot be yet."""

    said: str
    address: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cockpit:
    """The whole screen."""

    id: UUID
    name: str
    born: str
    room: str
    phase: str
    since: str
    clock: str
    identity: Line
    alarms: tuple[OpenAlarm, ...]
    emergency: str
    uncovered: str
    vitals: tuple[Vital, ...]
    svg: str
    table: Table
    sheets: tuple[Sheet, ...]
    checklist: tuple[Line, ...]
    doses: tuple[Line, ...]
    dose: str
    due: tuple[Line, ...]
    people: tuple[Line, ...]
    step: Step
    closed: bool
    monitored: bool = False
    off: tuple[str, ...] = ()  # what a device does not do here, because nobody switched it on
    pump: Pump | None = None
