"""What does the pump of a session say of a dose, for a person to take over, or to see beside what they enter?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from daybreak.clinical.treatment.events import decimal
from daybreak.clinical.treatment.pump import DELIVERED, Runs
from daybreak.clinical.treatment.units import rounded, written
from daybreak.knowledge.dosing import rounding
from daybreak.web import zones
from daybreak.web.bedside import evidence
from daybreak.web.bedside import queries as devices
from daybreak.web.bedside.evidence import Said
from daybreak.web.bedside.models import What
from daybreak.web.bedside.telling import RUNS
from daybreak.web.refusals import Conflict
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment.models import Session
from daybreak.web.words import word

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """What it said last of whether it runs, as line `n` of what devices said. `mg` "": nobody knows what is in a mL; `takes`: is
    it another amount than ends the infusion anyway?"""

    n: int
    said: str
    at: str
    own: str
    ml: str
    mg: str
    takes: bool


def offered(session: Session, order: Told | None, *, most: Decimal | None, language: str) -> Offer | None:
    """`most`: what runs in, if nobody says otherwise; None: nothing runs. No offer: no pump belongs to it, it has not said yet,
    or pumps are not shown here."""
    if Function.PUMPS not in switches.at(session):
        return None
    last = _last(session)
    if last is None or not last.told["runs"]:
        return None
    ml, mg = _amount(last.told, order)
    runs = Runs(last.told["runs"])
    return Offer(
        last.n,
        word(RUNS[runs], language),
        zones.clock(last.received),
        zones.clock(last.taken) if last.taken else "–",
        written(ml) if ml is not None else "",
        f"{mg:f}" if mg is not None else "",
        most is not None and mg not in (None, most) and runs is not Runs.RUNS,
    )


def beside(session: Session, n: str, order: Told | None, *, taken_over: bool) -> dict[str, Any]:
    """What the event keeps of it: which line of which device, how much by it, and whether that was taken over. Nothing without
    a line; what the page showed is still the newest, else somebody looks again."""
    if not n:
        return {}
    last = _last(session)
    if last is None or str(last.n) != n:
        raise Conflict("treatment.pump_said_more")
    ml, mg = _amount(last.told, order)
    kept = {"line": last.n, "device": last.device, "received": last.received.isoformat(), "taken_over": taken_over}
    figures = {"ml": ml, "mg": mg}
    return {"pump": kept | {name: f"{one:f}" for name, one in figures.items() if one is not None}}


def said(told: Told, language: str) -> str:
    """Beside an entry: what the pump said of it, whether that was taken over, and how far the entry is from it."""
    pump = told.get("pump")
    if not pump:
        return ""
    ml, mg = decimal(pump.get("ml")), decimal(pump.get("mg"))
    values = {
        "device": pump["device"],
        "ml": written(ml) if ml is not None else "?",
        "mg": f"{mg:f}" if mg is not None else "?",
    }
    text = word("treatment.pump_taken" if pump.get("taken_over") else "treatment.pump_beside", language, **values)
    low, high = decimal(told.get("mg_low")), decimal(told.get("mg_high"))
    if mg is None or low is None or high is None or low <= mg <= high:
        return text
    return f"{text} · {word('treatment.pump_apart', language, mg=f'{min(abs(mg - low), abs(mg - high)):f}')}"


def _last(session: Session) -> Said | None:
    """Of the pump that belongs to it now."""
    binding = devices.pumps_of([session.pk]).first()
    return evidence.last(binding, (What.RUNS,)) if binding else None


def _amount(told: Told, order: Told | None) -> tuple[Decimal | None, Decimal | None]:
    """What it says that it delivered, and how much that is of what was ordered."""
    ml = decimal(told["figures"].get(DELIVERED))
    strength = decimal((order or {}).get("mg_per_ml"))
    if ml is None or not strength:
        return ml, None
    return ml, rounded(Fraction(ml) * Fraction(strength), rounding().mg)
