"""By when is a task of today due?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from daybreak.knowledge.spans import span
from daybreak.web import zones

A_MINUTE = timedelta(minutes=1)


def today(zone: str, at: datetime) -> datetime:
    """The last minute of the day that it is in the zone; later when there would be no time left to act."""
    return max(at + span("asked-least"), end_of(zones.day(at, zone), zone))


def end_of(day: date, zone: str) -> datetime:
    """The last minute of that day in the zone."""
    return zones.midnight(day + timedelta(days=1), zone) - A_MINUTE


def before(moment: datetime, *, lead: timedelta, at: datetime) -> datetime:
    """So long before a moment; later when there would be no time left to act, and never after the moment itself."""
    return min(max(moment - lead, at + span("asked-least")), max(moment, at))
