"""What has a prescriber signed for this session: how long it is watched, and which dose?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from daybreak.clinical.treatment.checks import Schedule
from daybreak.clinical.treatment.compared import Ordered
from daybreak.clinical.treatment.limits import Sign
from daybreak.knowledge.dosing import ladders
from daybreak.knowledge.watch import schedule
from daybreak.web.dosing import queries as dosing
from daybreak.web.dosing.figures import unsigned
from daybreak.web.limits import queries as limits
from daybreak.web.limits.models import Signed
from daybreak.web.treatment.models import Session

INFUSION = "infusion"


@dataclass(frozen=True, slots=True)
class Watch:
    """How long a patient is watched, from the first dose and after the last, and by which limits and checks, as signed."""

    from_first: timedelta | None
    after_last: timedelta | None
    signs: Mapping[str, Sign]
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Order:
    """So many doses of so many mg, by which way, and how long giving all of them takes. `told`: all that is gone through at
    the time-out, as an event keeps it; `unsigned`: which limits nobody signed here for it, as ids of words."""

    drug: str
    way: str
    doses: int
    mg: Decimal
    lasts: timedelta
    told: Ordered
    unsigned: tuple[str, ...] = ()

    @property
    def by_pump(self) -> bool:
        """Is it given by a pump?"""
        return self.way == INFUSION


def by_protocol(protocol: str) -> timedelta | None:
    """How far apart the devices of this protocol are; None where it has none."""
    return schedule(protocol).between_devices


def between_devices(session: Session) -> timedelta | None:
    """The same of a session, or of what was ordered beside its protocol; None where there are none. Read once."""
    if "between_devices" not in session.__dict__:
        session.__dict__["between_devices"] = by_protocol(session.protocol) or _of_ladder(session)
    return session.__dict__["between_devices"]  # type: ignore[no-any-return]


def _of_ladder(session: Session) -> timedelta | None:
    order = dosing.newest(session.course, session.booking) or dosing.newest(session.course, None)
    device = ladders()[order.ladder].device if order else None
    return timedelta(minutes=device.minutes) if device else None


def watch(session: Session, *, at: datetime, read: Sequence[Signed] | None = None) -> Watch | None:
    """None: no prescriber has signed it for this protocol at this site, or it rests on another knowledge than today's. Asked
    once for a moment: an action sees one state."""
    kept = session.__dict__.setdefault("watches", {})
    if at not in kept:
        found = limits.signed(session.site_id, session.protocol, at=at, read=read)
        kept[at] = _whole(found) if found else None
    return kept[at]  # type: ignore[no-any-return]


def _whole(found: limits.InForce) -> Watch:
    kept = found.schedule
    return Watch(kept.from_first, kept.from_last, found.watch.signs, kept)


def order(session: Session, *, at: datetime) -> Order | None:
    """None: no prescriber has signed a dose for this treatment, or what was signed holds no longer."""
    found = dosing.order_for(session.booking, at)
    if found is None or found.plan.dose_mg is None:
        return None
    ladder, plan = ladders()[found.order.ladder], found.plan
    devices = plan.devices
    lasts = devices[-1].earliest_minutes if devices else plan.minutes or 0
    mg = devices[0].mg if devices else plan.dose_mg
    row = found.order
    told = {
        "id": str(row.id),
        "ladder": row.ladder,
        "doses": len(devices) or 1,
        "mg": f"{mg:f}",
        "minutes": row.minutes or 0,
        "mg_per_ml": row.concentration_mg_per_ml,
        "weight_kg": row.weight_kg,
    }
    return Order(
        ladder.product,
        ladder.way,
        doses=len(devices) or 1,
        mg=mg,
        lasts=timedelta(minutes=lasts),
        told=told,
        unsigned=unsigned(ladder, found.ground.signed.get(ladder.id)),
    )
