"""What has a prescriber signed for this session: how long it is watched, and which dose?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from daybreak.knowledge.dosing import ladders
from daybreak.web.limits import queries as limits
from daybreak.web.treatment.models import Session


@dataclass(frozen=True, slots=True)
class Watch:
    """How long a patient is watched, from the first dose and after the last, as the site has signed."""

    from_first: timedelta | None
    after_last: timedelta | None


@dataclass(frozen=True, slots=True)
class Order:
    """So many doses or devices, and how long giving them takes."""

    doses: int
    lasts: timedelta


def between_devices(protocol: str) -> timedelta | None:
    """How far apart the devices of this protocol are; None where it has none."""
    minutes = [one.device.minutes for one in ladders().values() if one.device and protocol in one.protocols]
    return timedelta(minutes=max(minutes)) if minutes else None


def watch(session: Session, *, at: datetime) -> Watch | None:
    """None: no prescriber has signed it for this protocol at this site."""
    found = limits.signed(session.site_id, session.protocol, at=at)
    return Watch(found.schedule.from_first, found.schedule.from_last) if found else None


def order(session: Session, *, at: datetime) -> Order | None:
    """None: no prescriber has signed a dose for this treatment."""
    return None
