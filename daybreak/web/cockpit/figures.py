"""Which number does a check of a session hold?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from daybreak.clinical.treatment.events import decimal
from daybreak.clinical.treatment.session import Check

PRESSURE = ("systolic", "diastolic")


def figure(check: Check | None, part: str = "") -> Decimal | None:
    """The number of a check, or one of its two; None when there is none that can be read."""
    value: Any = check.value if check else None
    if part:
        value = value.get(part) if isinstance(value, Mapping) else None
    return decimal(value)
