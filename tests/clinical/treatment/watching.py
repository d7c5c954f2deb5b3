"""What do tests of the watch begin with: limits that are written down here, readings, and minutes?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.treatment.alarms import Change, State, begin, step
from daybreak.clinical.treatment.limits import Feed, Level, Limit, Pace, Sign, Watch
from daybreak.clinical.treatment.vitals import Reading

NOW = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
PATIENT = "p"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TECHNICAL = ("not_a_number", "unit_unknown", "implausible", "wrong_patient", "frozen", "lost", "overdue", "called")


def limit(side: Any, level: Level, absolute: int, away: int | None = None, back: int = 5) -> Limit:
    return Limit(side, level, Decimal(absolute), Decimal(away) if away else None, Decimal(back))


HAND = Feed("hand", timedelta(0), 30 * MINUTE)
MONITOR = Feed("monitor", 10 * SECOND, 10 * SECOND, 20 * SECOND, 10 * MINUTE)
FAST = Feed("fast", timedelta(0), 10 * SECOND, 20 * SECOND, 10 * MINUTE)
WATCH = Watch(
    signs={
        "systolic": Sign(
            "systolic",
            frozenset({"mm[Hg]", "mmHg"}),
            Decimal(40),
            Decimal(300),
            {"hand": HAND, "fast": FAST},
            (
                limit("above", Level.CAUTION, 160, 25),
                limit("above", Level.ALARM, 180, 40),
                limit("below", Level.CAUTION, 100, 25),
                limit("below", Level.ALARM, 90, 40),
            ),
        ),
        "spo2": Sign(
            "spo2",
            frozenset({"%"}),
            Decimal(30),
            Decimal(100),
            {"hand": HAND, "monitor": MONITOR, "fast": FAST},
            (limit("below", Level.CAUTION, 95, 3, 1), limit("below", Level.ALARM, 93, 5, 1)),
        ),
    },
    paces={Level.CAUTION: Pace(5 * MINUTE, 10 * MINUTE), Level.ALARM: Pace(MINUTE, 2 * MINUTE)},
    technical=dict.fromkeys(TECHNICAL, Level.ALARM) | {"stale": Level.CAUTION},
    roles=("nurse", "prescriber"),
    pause_most=2 * MINUTE,
    recheck_most=10 * MINUTE,
)
UNITS = {"systolic": "mm[Hg]", "spo2": "%"}


def reading(value: Any, *, sign: str = "systolic", sequence: int = 1, source: str = "hand", **other: Any) -> Reading:
    told = {"unit": UNITS[sign], "patient": PATIENT, "received": NOW} | other
    return Reading(sign, value, told.pop("unit"), source, told.pop("patient"), sequence, told.pop("received"), **told)


class Run:
    """One session of the watch: what was said to it, minute by minute, and what it answered."""

    def __init__(self, *, watch: Watch = WATCH, baseline: dict[str, int] | None = None) -> None:
        own = {sign: Decimal(value) for sign, value in (baseline or {}).items()}
        self.state: State = begin(PATIENT, at=NOW, baseline=own)
        self.watch, self.changes = watch, list[Change]()
        self.at, self.sequence = NOW, 0

    def tell(self, event: Any = None, *, after: timedelta = timedelta(0)) -> list[str]:
        """What changed, as `what id`; `after` so long a time."""
        self.at += after
        self.state, changes = step(self.state, event, self.watch, self.at)
        self.changes += changes
        return [f"{one.what} {one.alarm.id if one.alarm else ''}".strip() for one in changes]

    def value(self, value: Any, *, after: timedelta = timedelta(0), **other: Any) -> list[str]:
        self.sequence += 1
        return self.tell(reading(value, sequence=other.pop("sequence", self.sequence), **other), after=after)
