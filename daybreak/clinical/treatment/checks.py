"""What has to be looked at when in a treatment, what is overdue, and until when is somebody watched?

Every time is compared in UTC, whatever zone it comes in. Where it is not known exactly when something was given, a check is due
from the earliest possible time on, and the watch lasts from the latest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Kind = Literal["before", "after_first", "every", "falling", "leaving"]
ZERO = timedelta(0)
DEVICE = "device"  # the next one that is planned: due like a check


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was: between two times, the same one twice where it is known."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """Rows that are due `before` the first dose (no older than `span`), `span` after the first, every `span` while a dose runs
    (`dosing`) or after it, every `span` until the pressure falls, or before `leaving`. May be done `early`; alarms `late` later.
    """

    id: str
    kind: Kind
    rows: tuple[str, ...]
    span: timedelta
    early: timedelta = ZERO
    late: timedelta | None = None
    dosing: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """The checks of one protocol, and how long somebody is watched at least; None: nobody has said it. `device_late`: so long
    after its time a device that is planned and was not given alarms."""

    from_first: timedelta | None
    from_last: timedelta | None
    between_devices: timedelta | None
    checks: tuple[Check, ...]
    device_late: timedelta = ZERO


@dataclass(frozen=True, slots=True)
class Done:
    """A row that was looked at: when, and when it was known here. `values` of a pressure: systolic, diastolic."""

    row: str
    happened: datetime
    received: datetime
    values: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What took place so far. `last_end` None while a dose runs; `restarted`: what begins the watch anew, as a sedative given;
    `device`: the last device, where another one is planned after it."""

    first: Moment | None = None
    last_end: Moment | None = None
    restarted: Moment | None = None
    done: tuple[Done, ...] = ()
    baseline: tuple[Decimal, ...] = ()
    device: Moment | None = None


class Due(StrEnum):
    """How a check stands."""

    AHEAD = "ahead"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Item:
    """One check as it stands: `rows` that are lacking, from when `at` it is due (None: not known yet), by how much it is late.
    `missed`: it was done, and later than is right, or never before the dose."""

    id: str
    state: Due
    rows: tuple[str, ...]
    at: datetime | None
    overdue_by: timedelta = ZERO
    done: datetime | None = None
    missed: bool = False


def watch_until(facts: Facts, schedule: Schedule) -> datetime | None:
    """Until when somebody is watched at least; None while a dose runs, before any, or when nobody said how long."""
    if facts.first is None or facts.last_end is None:
        return None
    spans = (
        (facts.first, schedule.from_first),
        (facts.last_end, schedule.from_last),
        (facts.restarted, schedule.from_first),
        (facts.restarted, schedule.from_last),
    )
    ends = [utc(moment.latest) + span for moment, span in spans if moment is not None and span is not None]
    return max(ends, default=None)


def next_device(last: Moment, schedule: Schedule) -> datetime:
    """The earliest time for the next device."""
    return utc(last.latest) + (schedule.between_devices or ZERO)


def due(facts: Facts, schedule: Schedule, now: datetime) -> tuple[Item, ...]:
    """Every check of the schedule. A clock that was set back behind what is known here is not believed."""
    now = max([utc(now), *(utc(one.received) for one in facts.done)])
    found = tuple(_KINDS[one.kind](one, facts, schedule, now) for one in schedule.checks)
    return found if facts.device is None else (_device(facts.device, schedule, now), *found)


def overdue(items: Sequence[Item]) -> frozenset[str]:
    """The ids of those that alarm."""
    return frozenset(one.id for one in items if one.state is Due.OVERDUE)


def fallen(pressures: Sequence[tuple[Decimal, ...]], baseline: tuple[Decimal, ...]) -> bool:
    """Has the pressure begun to fall? Its last value, above and below, is lower than one before it and has not risen since the
    one before, or is no higher than the own."""
    *before, last = pressures
    return all(
        (bool(baseline) and last[n] <= baseline[n])
        or (any(last[n] < one[n] for one in before) and last[n] <= before[-1][n])
        for n in range(len(last))
    )


def utc(when: datetime) -> datetime:
    """The same moment in UTC: two times of one zone are never subtracted by their clock faces."""
    return when.astimezone(UTC)


def _device(last: Moment, schedule: Schedule, now: datetime) -> Item:
    """The next device: it may be given from its time on, and alarms when it still was not."""
    check = Check(DEVICE, "every", (), ZERO, late=schedule.device_late)
    return _standing(check, (), next_device(last, schedule), now)


def _before(check: Check, facts: Facts, schedule: Schedule, now: datetime) -> Item:
    end = utc(facts.first.earliest) if facts.first else now
    when = {row: _last(facts.done, row, until=end) for row in check.rows}
    lacking = tuple(row for row, at in when.items() if at is None or end - at > check.span)
    if not lacking:
        return Item(check.id, Due.DONE, (), None, done=max(at for at in when.values() if at))
    if facts.first is None:
        return Item(check.id, Due.DUE, lacking, None)
    return Item(check.id, Due.DONE, lacking, None, missed=True)  # it cannot be made up for


def _after_first(check: Check, facts: Facts, schedule: Schedule, now: datetime) -> Item:
    if facts.first is None:
        return Item(check.id, Due.AHEAD, check.rows, None)
    return _timed(check, facts, utc(facts.first.earliest) + check.span, now)


def _every(check: Check, facts: Facts, schedule: Schedule, now: datetime) -> Item:
    begun = facts.first if check.dosing else facts.last_end
    if begun is None:
        return Item(check.id, Due.AHEAD, check.rows, None)
    if check.dosing and facts.last_end is not None:
        return Item(check.id, Due.DONE, (), None)
    start = utc(begun.earliest)
    ats = {row: max([start, *_times(facts.done, row, since=start)]) + check.span for row in check.rows}
    at = min(ats.values())
    lacking = tuple(row for row, when in ats.items() if when <= max(at, now))
    return _standing(check, lacking, at, now)


def _falling(check: Check, facts: Facts, schedule: Schedule, now: datetime) -> Item:
    if facts.first is None:
        return Item(check.id, Due.AHEAD, check.rows, None)
    since = utc(facts.first.latest)
    peak = max((one.span - one.early for one in schedule.checks if one.kind == "after_first"), default=ZERO)
    seen = sorted((utc(one.happened), one.values) for one in facts.done if one.values and utc(one.happened) > since)
    if not seen or seen[-1][0] < utc(facts.first.earliest) + peak:
        return Item(check.id, Due.AHEAD, check.rows, None)
    if fallen([values for _, values in seen], facts.baseline):
        return Item(check.id, Due.DONE, (), None, done=seen[-1][0])
    return _standing(check, check.rows, seen[-1][0] + check.span, now)


def _leaving(check: Check, facts: Facts, schedule: Schedule, now: datetime) -> Item:
    until = watch_until(facts, schedule)
    if until is None:
        return Item(check.id, Due.AHEAD, check.rows, None)
    at = until - check.early
    when = {row: _last(facts.done, row, until=now) for row in check.rows}
    lacking = tuple(row for row, seen in when.items() if seen is None or seen < at)
    if not lacking:
        return Item(check.id, Due.DONE, (), at, done=max(seen for seen in when.values() if seen))
    return Item(check.id, Due.DUE if now >= at else Due.AHEAD, lacking, at)


_KINDS: Mapping[Kind, Callable[[Check, Facts, Schedule, datetime], Item]] = {
    "before": _before,
    "after_first": _after_first,
    "every": _every,
    "falling": _falling,
    "leaving": _leaving,
}


def _timed(check: Check, facts: Facts, at: datetime, now: datetime) -> Item:
    """A check at one time: done by the first look at each row from `early` on."""
    first = {row: min(_times(facts.done, row, since=at - check.early), default=None) for row in check.rows}
    lacking = tuple(row for row, when in first.items() if when is None)
    if lacking:
        return _standing(check, lacking, at, now)
    done = max(when for when in first.values() if when)
    return Item(check.id, Due.DONE, (), at, done=done, missed=done - at > (check.late or ZERO))


def _standing(check: Check, lacking: tuple[str, ...], at: datetime, now: datetime) -> Item:
    """One that was not done yet."""
    if now - at > (check.late or ZERO):
        return Item(check.id, Due.OVERDUE, lacking, at, overdue_by=now - at)
    return Item(check.id, Due.DUE if now >= at - check.early else Due.AHEAD, lacking, at)


def _times(done: Sequence[Done], row: str, *, since: datetime) -> list[datetime]:
    return [utc(one.happened) for one in done if one.row == row and utc(one.happened) >= since]


def _last(done: Sequence[Done], row: str, *, until: datetime) -> datetime | None:
    return max((utc(one.happened) for one in done if one.row == row and utc(one.happened) <= until), default=None)
