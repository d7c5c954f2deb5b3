"""What can happen in a treatment session, and what does each event carry?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any


class What(StrEnum):
    """What happened."""

    ARRIVED = "arrived"
    IDENTIFIED = "identified"
    ANSWERED = "answered"
    PRESSURE_DECIDED = "pressure_decided"
    PUMP_COMPARED = "pump_compared"
    TIMED_OUT = "timed_out"
    CLEARED = "cleared"
    DOSE = "dose"
    INFUSION_STARTED = "infusion_started"
    INFUSION_ENDED = "infusion_ended"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    CHECK = "check"
    EVENT = "event"
    RESCUE = "rescue"
    CALLED = "called"
    ESCORT_MISSING = "escort_missing"
    ESCORT_TRIED = "escort_tried"
    ESCORT_DECIDED = "escort_decided"
    ESCORT_CAME = "escort_came"
    ALARM_RAISED = "alarm_raised"
    ALARM_ACKNOWLEDGED = "alarm_acknowledged"
    ALARM_ESCALATED = "alarm_escalated"
    ALARM_RESOLVED = "alarm_resolved"
    EMERGENCY_OPENED = "emergency_opened"
    EMERGENCY_CLOSED = "emergency_closed"
    READY = "ready"
    OBSERVING_AGAIN = "observing_again"
    ENDED = "ended"
    REOPENED = "reopened"
    CORRECTED = "corrected"


# What a person signed with their name, and what the watch raised: a correction of the data beneath never takes it back.
ACTS = frozenset(
    {
        What.CLEARED,
        What.PUMP_COMPARED,
        What.ESCORT_DECIDED,
        What.TIMED_OUT,
        What.PRESSURE_DECIDED,
        What.READY,
        What.OBSERVING_AGAIN,
        What.ENDED,
        What.REOPENED,
        What.CORRECTED,
        What.ALARM_RAISED,
        What.ALARM_ACKNOWLEDGED,
        What.ALARM_ESCALATED,
        What.ALARM_RESOLVED,
        What.EMERGENCY_OPENED,
        What.EMERGENCY_CLOSED,
    }
)


# What a correction may take back as a whole: it never was. Of a dose it says instead that nothing reached the patient.
TAKEN_BACK = frozenset({What.CHECK, What.EVENT, What.RESCUE})


class Phase(StrEnum):
    """Where a session is."""

    PLANNED = "planned"
    ARRIVED = "arrived"
    CLEARED = "cleared"
    DOSING = "dosing"
    OBSERVING = "observing"
    READY = "ready"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a session ended."""

    DISCHARGED = "discharged"
    AGAINST_ADVICE = "against_advice"
    UNSEEN = "unseen"
    TRANSFERRED = "transferred"
    DIED = "died"
    CANCELLED = "cancelled"
    NOT_TODAY = "not_today"


# By what an exposure begins, and what else is said of one.
GIVES = frozenset({What.DOSE, What.INFUSION_STARTED})
EXPOSES = GIVES | {What.INFUSION_ENDED, What.STOPPED}


# Whoever was exposed, however little, leaves in one of these ways; whoever was not, in one of those.
AFTER_EXPOSURE = frozenset(
    {Outcome.DISCHARGED, Outcome.AGAINST_ADVICE, Outcome.UNSEEN, Outcome.TRANSFERRED, Outcome.DIED}
)
BEFORE_EXPOSURE = frozenset({Outcome.CANCELLED, Outcome.NOT_TODAY, Outcome.TRANSFERRED, Outcome.DIED})


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline. `happened` may be off by `uncertain_s` seconds; `by` None: the patient, or no person.
    `known`: the number of the event that tells it so, which is its own or that of its correction."""

    seq: int
    what: str
    told: Mapping[str, Any] = field(default_factory=dict)
    happened: datetime = field(kw_only=True)
    received: datetime | None = field(default=None, kw_only=True)
    uncertain_s: int = field(default=0, kw_only=True)
    late: bool = field(default=False, kw_only=True)
    by: str | None = field(default=None, kw_only=True)
    known: int = field(default=0, kw_only=True)

    @property
    def signed(self) -> bool:
        """Does it stand whatever is corrected? A decision about an answer is signed as well."""
        return self.what in ACTS or "decided" in self.told

    @property
    def never(self) -> bool:
        """Was it taken back as something that never was?"""
        return self.what in TAKEN_BACK and self.told.get("taken_back") is True

    @property
    def earliest(self) -> datetime:
        """The first moment at which it can have happened."""
        return self.happened - timedelta(seconds=self.uncertain_s)

    @property
    def latest(self) -> datetime:
        """The last one: never after we were told of it."""
        last = self.happened + timedelta(seconds=self.uncertain_s)
        return last if self.received is None else max(self.happened, min(last, self.received))


def moment(value: Any) -> datetime | None:
    """A moment as it was told; None when it is none, or nobody knows by which clock."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def decimal(value: Any) -> Decimal | None:
    """A figure as it was told; None when it is none, not finite, or below nothing: unknown. Yes and no are no figures."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or "_" in str(value):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() and found >= 0 else None
