"""Which devices stand in the demo's rooms, and who says of them whose they are?"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import ObjectDoesNotExist

from daybreak.demo.messages import Monitor, by_gateway, by_number, by_parts
from daybreak.demo.pump import Pump
from daybreak.demo.rooms import LATE, LEAVES, RISES, chair
from daybreak.web.bedside import actions
from daybreak.web.bedside.models import Device, Kind
from daybreak.web.refusals import Refused
from daybreak.web.treatment import queries

log = logging.getLogger("daybreak.demo")
MONITORS = (
    Monitor("00A0370000DE0001", RISES, "Room 1", by_number),
    Monitor("0009FBFFFFDE0002", LATE, "Room 2", by_parts),
    Monitor("080019FFFEDE0003", LEAVES, "Room 3", by_gateway),
)
PUMPS = (Pump("P52814", LEAVES),)
KINDS: Mapping[Monitor | Pump, Kind] = dict.fromkeys(MONITORS, Kind.MONITOR) | dict.fromkeys(PUMPS, Kind.PUMP)


class Nurses:
    """They see which device stands at which chair, and say so once; who takes it off again is not contradicted."""

    def __init__(self) -> None:
        self.waiting = set(KINDS)

    def connect(self, *, at: datetime) -> None:
        """Those that have sent something by now."""
        for one in sorted(self.waiting, key=lambda each: each.name):
            device, who = Device.objects.filter(name=one.name).first(), chair(one.patient)
            if device is None or who is None:
                continue
            try:
                session = who.session
                if not queries.now(session).open or session.bindings.filter(kind=KINDS[one].value).exists():
                    self.waiting.discard(one)
                    continue
                key = uuid5(UUID(int=0), f"{session.pk} {one.name}")
                actions.bind(session, device, kind=KINDS[one], by=who.nurse, at=at, key=key)
                self.waiting.discard(one)
            except (Refused, ObjectDoesNotExist) as refused:
                log.debug("a device is not connected: %s", type(refused).__name__)
