"""What does a reading say, how old is it, and may it be believed?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from daybreak.clinical.treatment.limits import Feed, Sign

# Digits of ASCII with at most one point: everything else that a person or a device may send is no number.
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)


class Condition(StrEnum):
    """What a value is worth. Only `OK` is a number to act on; all others are alarms themselves."""

    OK = "ok"
    STALE = "stale"
    LOST = "lost"
    FROZEN = "frozen"
    NOT_A_NUMBER = "not_a_number"
    UNIT_UNKNOWN = "unit_unknown"
    IMPLAUSIBLE = "implausible"
    WRONG_PATIENT = "wrong_patient"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value as it came. `sequence` orders what one source sent; `received` is the server's time, and `age` how long the
    value had waited by then. The device's own clock decides nothing."""

    sign: str
    value: Any
    unit: str | None
    source: str
    patient: str | None
    sequence: int
    received: datetime
    age: timedelta = timedelta(0)
    device_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest of a sign from one source. `value` None when it cannot be used; `same_since`: since when it has not moved."""

    sign: str
    source: str
    value: Decimal | None
    condition: Condition
    taken: datetime
    sequence: int
    same_since: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a sign now."""

    latest: Latest
    condition: Condition
    age: timedelta


def number(value: Any) -> Decimal | None:
    """The number that this is; None when it is none. Nothing is guessed: `>99`, `---`, `1e2` and other digits are none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    text = str(value).strip()
    return Decimal(text) if NUMBER.fullmatch(text) else None


def read(reading: Reading, sign: Sign, *, patient: str) -> tuple[Decimal | None, Condition]:
    """The value, if it is this patient's, a number, in the unit of the sign, and possible."""
    if reading.patient != patient:
        return None, Condition.WRONG_PATIENT
    value = number(reading.value)
    if value is None:
        return None, Condition.NOT_A_NUMBER
    if reading.unit not in sign.spelled:
        return None, Condition.UNIT_UNKNOWN
    if not sign.least <= value <= sign.most:
        return None, Condition.IMPLAUSIBLE
    return value, Condition.OK


def newer(reading: Reading, before: Latest | None, *, taken: datetime) -> bool:
    """Did it come after what is known, and was it taken no sooner?"""
    return before is None or (reading.sequence > before.sequence and taken >= before.taken)


def follow(
    reading: Reading, before: Latest | None, *, value: Decimal | None, condition: Condition, taken: datetime
) -> Latest:
    """The newest of its source, once it is the newer one."""
    unmoved = before is not None and value is not None and before.value == value
    same_since = before.same_since if before is not None and unmoved else taken
    return Latest(reading.sign, reading.source, value, condition, taken, reading.sequence, same_since)


def condition(latest: Latest, feed: Feed, now: datetime) -> Condition:
    """What it is worth now: worst first. A value that cannot be used stays so until a newer one comes."""
    age = now - latest.taken
    if feed.lost is not None and age > feed.lost:
        return Condition.LOST
    if latest.condition is not Condition.OK:
        return latest.condition
    if age > feed.stale:
        return Condition.STALE
    if feed.frozen is not None and latest.taken - latest.same_since >= feed.frozen:
        return Condition.FROZEN
    return Condition.OK


def shown(sign: Sign, latest: Iterable[Latest], now: datetime) -> Shown | None:
    """What stands on the screen: the newest that can be used, else the newest of all; None when nobody measured anything."""
    own = [Shown(one, condition(one, sign.feed(one.source), now), now - one.taken) for one in latest]
    return max(own, key=lambda one: (one.condition is Condition.OK, one.latest.taken), default=None)


def baseline(readings: Iterable[tuple[datetime, Decimal]], *, first: datetime, fresh: timedelta) -> Decimal | None:
    """The patient's own value: the last one (when, value) before the first dose, if it is no older than `fresh` then."""
    before = [(when, value) for when, value in readings if first - fresh <= when <= first]
    return max(before)[1] if before else None
