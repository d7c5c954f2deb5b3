"""Does somebody sleep now, and until when? By the clock where they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from daybreak.knowledge.reach import quiet


def until(at: datetime, zone: str) -> datetime | None:
    """When the quiet hours end that it is now in that zone; None outside them."""
    begins, ends = quiet()
    local = at.astimezone(ZoneInfo(zone))
    if ends <= local.time() < begins:
        return None
    day = local.date() + timedelta(days=local.time() >= begins)
    return datetime.combine(day, ends, ZoneInfo(zone)).astimezone(UTC)
