"""By when is a task of today due?"""

from __future__ import annotations

from datetime import datetime, timedelta

from daybreak.knowledge.spans import span
from daybreak.web import zones

A_MINUTE = timedelta(minutes=1)


def today(zone: str, at: datetime) -> datetime:
    """The last minute of the day that it is in the zone; later when there would be no time left to act."""
    return max(at + span("asked-least"), zones.midnight(zones.day(at, zone) + timedelta(days=1), zone) - A_MINUTE)


def before(moment: datetime, *, lead: timedelta, at: datetime) -> datetime:
    """So long before a moment; later when there would be no time left to act, and never after the moment itself."""
    return min(max(moment - lead, at + span("asked-least")), max(moment, at))
