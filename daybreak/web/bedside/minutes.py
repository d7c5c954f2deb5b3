"""What did the devices of a session measure, minute by minute? (the record of it: each with its median, least and most)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from daybreak.web.bedside import models
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment.models import Session


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute of one source of a device, in the unit of its sign, and of how many values."""

    device: str
    sign: str
    source: str
    at: datetime
    median: Decimal
    least: Decimal
    most: Decimal
    values: int


def of(session: Session) -> list[Minute]:
    """By sign, source and time; nothing where what devices measure is not shown."""
    if Function.VALUES not in switches.at(session):
        return []
    rows = models.Minute.objects.filter(binding__session=session.pk).select_related("binding__device")
    return [
        Minute(
            one.binding.device.name,
            one.sign,
            one.source,
            one.minute,
            Decimal(one.median),
            Decimal(one.least),
            Decimal(one.most),
            one.values,
        )
        for one in rows.order_by("sign", "source", "minute")
    ]
