"""Which day, or which span of days, does a FHIR date mean, and which moment?"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from functools import lru_cache

from daybreak.clinical.records import When, on


@lru_cache(maxsize=8192)
def read_date(text: str) -> tuple[When, datetime | None] | None:
    """The day (or the span that "2012" or "2012-03" leaves open) and the moment in UTC if there is one.

    The day is the one written, in the writer's time zone; a time without a zone gives no moment. None: no FHIR date.
    """
    try:
        if len(text) == 10 and text[4] == text[7] == "-":
            return on(date.fromisoformat(text)), None
        if len(text) > 10 and text[4] == text[7] == "-" and text[10] == "T":
            moment = datetime.fromisoformat(text)
            return on(date.fromisoformat(text[:10])), moment.astimezone(UTC) if moment.tzinfo else None
        if not text.isascii():
            return None
        if len(text) == 4 and text.isdecimal():
            year = int(text)
            return When(date(year, 1, 1), date(year, 12, 31)), None
        if len(text) == 7 and text[4] == "-" and (text[:4] + text[5:]).isdecimal():
            year, month = int(text[:4]), int(text[5:])
            return When(date(year, month, 1), date(year, month, monthrange(year, month)[1])), None
    except (ValueError, OverflowError):  # no such day; a moment that UTC cannot express
        return None
    return None
