"""For which treatments is there no dose order that holds? The gate of a session, not of a booking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daybreak.web.courses.state import Standing
from daybreak.web.dosing.queries import order_for


def no_order(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """By booking. Each is asked by itself: a session asks for its own."""
    return {one.booking.id for one in visits if order_for(one.booking, at) is None}
