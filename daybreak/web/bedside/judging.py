"""What do the messages of a bound device mean, one after the other? (kept in memory by the process that listens)

Nothing is written here: whoever asks is told what is news, and what a minute held once it is over.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from daybreak.clinical.treatment import live
from daybreak.clinical.treatment.alarms import Alarm, Says, begin, with_baseline
from daybreak.clinical.treatment.lag import Lag, age, waited
from daybreak.clinical.treatment.limits import Level, Watch
from daybreak.clinical.treatment.vitals import Condition, Reading, read
from daybreak.exchange.hl7.measured import measured
from daybreak.exchange.hl7.report import Kind as Of
from daybreak.exchange.hl7.report import Report
from daybreak.knowledge import devices
from daybreak.web.bedside.models import Kind, What

# What a device is found to do, beside its values; `DEVICE` is the source that says so. Of a pump each has the name with `PUMP`.
LOST, UNREADABLE, OTHER_PATIENT, TWO_SENDERS = "device.lost", "device.unreadable", "device.patient", "device.two"
UNSTORED, SAME_ID = "device.unstored", "device.same_id"
PUMP = "device.pump_"
DEVICE = frozenset({"device"})
OWN = "own"  # what begins so is an alarm of the device itself
LONGEST = 60  # letters of the name of an alarm
MOST_LETTERS = 200  # of what a device writes
ODD = re.compile(r"[^A-Za-z0-9_]+")  # what is in no name of the nomenclature


@dataclass(frozen=True, slots=True)
class Median:
    """A minute of one source that is over."""

    sign: str
    source: str
    minute: datetime
    values: tuple[Decimal, ...]

    @property
    def median(self) -> Decimal:
        return statistics.median_low(self.values)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that the device says happened, `taken` by its own clock: evidence, and nobody's entry."""

    what: What
    told: Mapping[str, Any]
    taken: datetime | None


@dataclass(slots=True)
class Bound:
    """One binding in force, and all that is known of its device since. `noted`: when each thing that is over at
    once was told last; `own`: its own alarms that go on; `lines`: what was not written down yet."""

    binding: UUID
    session: UUID
    device: str
    patients: tuple[str, ...]
    watch: Watch
    seq: int
    now: live.Now
    alarms: bool
    lag: Lag = field(default_factory=Lag)
    came: int = 0
    minutes: dict[tuple[str, str, datetime], list[Decimal]] = field(default_factory=dict)
    connections: dict[Of, list[int]] = field(default_factory=dict)
    noted: dict[str, datetime] = field(default_factory=dict)
    own: dict[str, Alarm] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    kind: ClassVar[Kind] = Kind.MONITOR

    @property
    def patient(self) -> str:
        return str(self.session)

    def judge(self, report: Report, *, at: datetime) -> tuple[Says, ...]:
        """What is news after this report of its device; nothing is, where alarms from devices are off."""
        self.lag, late = waited(self.lag, sent=report.sent, received=at, rule=devices.lag())
        self._own(report, at)
        self._values(report, late, at)
        if not self.alarms:
            return ()
        state = self.now.state
        if self.own:
            self.now = replace(self.now, state=replace(state, alarms={**state.alarms, **self.own}))
        after, found = live.news(self.now, lasts=devices.over(), at=at)
        self.now = replace(after, state=state)
        return found

    def _values(self, report: Report, late: timedelta, at: datetime) -> None:
        """What it measured is judged."""
        readings = []
        for one in measured(report):
            self.came += 1
            old = age(late, sent=report.sent, taken=one.taken)
            readings.append(
                Reading(one.sign, one.value, one.unit, one.source, self.patient, self.came, at, old, one.taken)
            )
        self.now = live.judged(self.now, readings, self.watch, at)
        self._count(readings, at)

    def _own(self, report: Report, at: datetime) -> None:
        """An alarm of the device itself begins, grows louder, goes on or is over. Its priority is its own word, and makes no
        alarm of ours quieter; what it does not say of that is as loud as can be."""
        one = report.alarm
        if one is None:
            return
        named = one.name.removeprefix("MDC_EVT_").removeprefix("MDCX_EVT_") or str(one.number or "")
        parts = (OWN, self.kind.value, ODD.sub("_", named) or "_", ODD.sub("_", one.about))
        id = _short(".".join(part for part in parts if part))
        over = "end" in one.phase.lower() or one.state.lower().startswith("inactive")
        before, level = self.own.get(id), devices.own(one.priority)
        if over and before:
            del self.own[id]
        elif not over and (before is None or level > before.level):
            self.own[id] = Alarm(id, level, at, DEVICE)
        else:
            return
        told = {
            "alarm": id,
            "name": readable(named),
            "text": readable(one.text),
            "priority": one.priority,
            "over": over,
        }
        self.lines.append(Line(What.ALARM, told, taken(report)))

    def over(self, *, at: datetime) -> Iterator[Median]:
        """The minutes that are over, each once."""
        for key in sorted(key for key in self.minutes if key[2] + timedelta(minutes=1) <= at):
            yield Median(*key, tuple(sorted(self.minutes.pop(key))))

    def current(self, seq: int) -> bool:
        """Does it know the session as it is by now?"""
        return self.seq == seq

    def written(self) -> list[Line]:
        """What is to be written down, handed over once."""
        lines, self.lines = self.lines, []
        return lines

    def another_sender(self, connection: int, of: Of) -> bool:
        """Does the device come by two connections in turn? One that is made anew does not go back to the last; and what it
        measures and its alarms may each have a connection of their own."""
        before = self.connections.get(of, [])
        if before and before[-1] == connection:
            return False
        self.connections[of] = [*before[-3:], connection]
        return connection in before

    def knows(self, *, watch: Watch, baseline: Mapping[str, Decimal], seq: int) -> None:
        """The session has another event: perhaps another own value of the patient."""
        self.watch, self.seq = watch, seq
        self.now = live.Now(with_baseline(self.now.state, baseline), self.now.told, self.now.quiet)

    def switched(self, *, alarms: bool) -> None:
        """What it said before is over then, and what is so now is news once it is on."""
        if alarms is not self.alarms:
            self.alarms, self.now = alarms, live.Now(self.now.state)

    def _count(self, readings: Sequence[Reading], at: datetime) -> None:
        for one in readings:
            value, found = read(one, self.watch.signs[one.sign], patient=self.patient)
            if value is not None and found is Condition.OK:
                minute = (at - one.age).replace(second=0, microsecond=0)
                self.minutes.setdefault((one.sign, one.source, minute), []).append(value)


def bound(
    *,
    binding: UUID,
    session: UUID,
    device: str,
    patients: Sequence[str],
    watch: Watch,
    baseline: Mapping[str, Decimal],
    told: Mapping[str, Says],
    alarms: bool,
    seq: int,
    at: datetime,
    of: type[Bound] = Bound,
) -> Bound:
    """As it begins, or begins again after a start: `told` is what was said before and not that it is over; `alarms`: is it on
    at the site that what a device says alarms? `of`: which kind."""
    mine = {id: one for id, one in told.items() if whose(id) is of.kind and not id.startswith("device.")}
    now = live.Now(begin(str(session), at=at, baseline=baseline), mine)
    own = {id: Alarm(id, one.level, at, one.sources) for id, one in mine.items() if id.startswith(f"{OWN}.")}
    return of(binding, session, device, tuple(patients), watch, seq, now, alarms, own=own)


def whose(alarm: str) -> Kind:
    """Which kind of device says an alarm of that name."""
    return Kind.PUMP if alarm.startswith(("pump.", f"{OWN}.pump.", PUMP)) else Kind.MONITOR


def found(alarm: str, watch: Watch, kind: Kind) -> Says:
    """That something is so of a device itself."""
    levels = {LOST: "lost", UNSTORED: "lost", OTHER_PATIENT: "wrong_patient", TWO_SENDERS: "wrong_patient"}
    levels[SAME_ID] = "stale"  # it is used, and somebody should know
    return Says(of(alarm, kind), watch.technical.get(levels.get(alarm, "not_a_number"), Level.ALARM), DEVICE)


def of(alarm: str, kind: Kind) -> str:
    """As it is called of a device of that kind."""
    return alarm if kind is Kind.MONITOR else alarm.replace("device.", PUMP)


def readable(text: str) -> str:
    """As a line keeps what a device writes: as it stands, but no longer than somebody reads, and nothing that no letter is."""
    return "".join(one for one in text if one.isprintable())[:MOST_LETTERS]


def taken(report: Report) -> datetime | None:
    """When it was by the clock of the device."""
    return next((one.taken for one in report.observations if one.taken), report.sent)


def _short(id: str) -> str:
    """Two long names that begin alike stay two alarms."""
    return id if len(id) <= LONGEST else f"{id[: LONGEST - 9]}~{sha256(id.encode()).hexdigest()[:8]}"
