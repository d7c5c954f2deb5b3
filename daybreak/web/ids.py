"""Which key does a new row get? (UUID version 7: made by the caller, sorted by time, the FHIR id too)"""

from __future__ import annotations

import secrets
import time
from datetime import datetime
from uuid import UUID

_VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62


def new() -> UUID:
    """A key of this millisecond. Twelve bits tell moments within it apart, 62 bits are chance."""
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    within = nanoseconds * 4096 // 1_000_000
    return UUID(int=milliseconds << 80 | within << 64 | secrets.randbits(62) | _VERSION_AND_VARIANT)


def first_of(moment: datetime) -> UUID:
    """The lowest key that a row of that moment can have: `id__gte=first_of(moment)` finds what was made since."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | _VERSION_AND_VARIANT)


def derived(key: UUID, n: int) -> UUID:
    """The key of the `n`th of several things that one request does: the same request has the same keys."""
    return UUID(int=(key.int + n + 1) % (1 << 128))
