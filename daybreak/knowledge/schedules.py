"""How is a course under a protocol planned? (`schedules.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.courses.plan import Phase
from daybreak.knowledge.store import loaded


def schedule(protocol: str) -> Mapping[str, Any]:
    """The schedule as it stands in the file. LookupError when there is none."""
    found = next((one for one in loaded("schedules")["schedules"]["schedules"] if one["protocol"] == protocol), None)
    if found is None:
        raise LookupError(f"no schedule for {protocol!r} in schedules.yaml")
    return found  # type: ignore[no-any-return]


def phases(protocol: str) -> tuple[Phase, ...]:
    """Its phases in order."""
    return tuple(
        Phase(one["phase"], weeks=one["weeks"], days=tuple(one["days"]), every=one["every"])
        for one in schedule(protocol)["phases"]
    )


def minutes(protocol: str) -> int:
    """How long a visit is booked for."""
    return int(schedule(protocol)["minutes"]["is"])


@dataclass(frozen=True, slots=True)
class Doses:
    """The least and the most of one treatment, in mg."""

    least: Decimal
    most: Decimal


def doses(protocol: str) -> Doses | None:
    """What the protocol has; None where no source gives mg, as of a dose by body weight, or there is no schedule."""
    try:
        told = schedule(protocol).get("dose")
    except LookupError:
        return None
    return Doses(Decimal(told["least"]), Decimal(told["most"])) if told else None


def days(name: str) -> int:
    """`window` or `tentative`."""
    return int(loaded("schedules")["schedules"][name]["days"])


def home_hours() -> int:
    """How many hours after its end somebody has to know how a visit ended that nobody told of."""
    return int(loaded("schedules")["schedules"]["home"]["hours"])


def offer_hours() -> int:
    """How many hours a freed time is held for whoever it was offered to."""
    return int(loaded("schedules")["schedules"]["offer"]["hours"])


def notice_hours() -> int:
    """How many hours before a freed time whoever it was offered to has to have said that they come."""
    return int(loaded("schedules")["schedules"]["notice"]["hours"])


def reminders() -> list[int]:
    """How many hours before a treatment a patient is reminded, the longest first."""
    return sorted((int(one["hours"]) for one in loaded("schedules")["schedules"]["reminders"]), reverse=True)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a patient is told before a treatment. `lead`: so long before it holds from; None: no clock time.

    `since` is what to do who did otherwise after that time, with `{clock}` and `{clinic}` to be filled; "" without one.
    """

    words: str
    lead: timedelta | None
    since: str


def before(protocol: str, language: str, *, phase: str | None) -> list[Told]:
    """What a patient is told before a treatment under that protocol, in that phase of the course (None: not known)."""
    told = loaded("schedules")["schedules"]["before"]
    return [
        Told(
            one["words"][language],
            timedelta(minutes=one["minutes"]) if one.get("minutes") else None,
            one["since"][language] if one.get("since") else "",
        )
        for one in told
        if protocol.startswith(tuple(one["routes"])) and (not one.get("phases") or phase in one["phases"])
    ]
