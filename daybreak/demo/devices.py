"""Which monitors stand in the demo's rooms, and who says of them whose they are?"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import ObjectDoesNotExist

from daybreak.demo.messages import Monitor, by_gateway, by_number, by_parts
from daybreak.demo.rooms import LATE, LEAVES, RISES, chair
from daybreak.web.bedside import actions
from daybreak.web.bedside.models import Device
from daybreak.web.refusals import Refused
from daybreak.web.treatment import queries

log = logging.getLogger("daybreak.demo")
MONITORS = (
    Monitor("00A0370000DE0001", RISES, "Room 1", by_number),
    Monitor("0009FBFFFFDE0002", LATE, "Room 2", by_parts),
    Monitor("080019FFFEDE0003", LEAVES, "Room 3", by_gateway),
)


class Nurses:
    """They see which monitor stands at which chair, and say so once; who takes it off again is not contradicted."""

    def __init__(self) -> None:
        self.waiting = set(MONITORS)

    def connect(self, *, at: datetime) -> None:
        """Those that have sent something by now."""
        for monitor in sorted(self.waiting, key=lambda one: one.name):
            device, who = Device.objects.filter(name=monitor.name).first(), chair(monitor.patient)
            if device is None or who is None:
                continue
            try:
                session = who.session
                if not queries.now(session).open or session.bindings.exists():
                    self.waiting.discard(monitor)
                    continue
                key = uuid5(UUID(int=0), f"{session.pk} {monitor.name}")
                actions.bind(session, device, by=who.nurse, at=at, key=key)
                self.waiting.discard(monitor)
            except (Refused, ObjectDoesNotExist) as refused:
                log.debug("a monitor is not connected: %s", type(refused).__name__)
