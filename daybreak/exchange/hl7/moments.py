"""When was it, by the clock of the device?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

STAMP = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})?(?:(\d{2})(?:\.(\d{1,6})\d*)?)?)?(?:([+-])(\d{2})(\d{2}))?", re.ASCII
)


@lru_cache(maxsize=256)  # the lines of one message say the same moment again and again
def moment(text: str, *, zone: tzinfo | None = None) -> datetime | None:
    """In UTC. None when it is no moment, or names no zone and none is given: it says when only with one. It decides nothing."""
    found = STAMP.fullmatch(text)
    if found is None or found[4] is None:
        return None
    year, month, day, hour, minute, second = (int(one or 0) for one in found.groups()[:6])
    own: tzinfo | None = zone
    if found[8]:
        away = timedelta(hours=int(found[9]), minutes=int(found[10]))
        own = timezone(away if found[8] == "+" else -away) if away < timedelta(days=1) else None
    if own is None:
        return None
    try:
        return datetime(year, month, day, hour, minute, second, int((found[7] or "0").ljust(6, "0")), own).astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        return None
