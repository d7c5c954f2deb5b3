"""What does the pump of a session say of a dose, for a person to take over, or to see beside what they enter?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from daybreak.clinical.treatment.events import decimal
from daybreak.clinical.treatment.pump import DELIVERED, Runs, given_ml
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
from daybreak.web.treatment import payload
from daybreak.web.treatment.models import SessionEvent
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word

Told = Mapping[str, Any]
COUNTED = (What.RUNS, What.EVENT, What.SET)  # the lines that hold its counter


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


def offered(now: Now, order: Told | None, *, language: str) -> Offer | None:
    """No offer: no pump belongs to the session, it has not said yet, or pumps are not shown here."""
    if Function.PUMPS not in switches.at(now.session):
        return None
    lines = _lines(now)
    last = next((one for one in reversed(lines) if one.what is What.RUNS), None)
    if last is None or not last.told["runs"]:
        return None
    ml, mg = _amount(now, lines, order)
    runs = Runs(last.told["runs"])
    most = now.state.running.mg_high if now.state.running else None
    return Offer(
        last.n,
        word(RUNS[runs], language),
        zones.clock(last.received),
        zones.clock(last.taken) if last.taken else "–",
        written(ml) if ml is not None else "",
        f"{mg:f}" if mg is not None else "",
        most is not None and mg not in (None, most) and runs is not Runs.RUNS,
    )


def beside(now: Now, n: str, order: Told | None, *, taken_over: bool, key: UUID) -> dict[str, Any]:
    """What the event keeps of it: which line of which device, how much by it, and whether that was taken over. Nothing without
    a line; what the page showed is still the newest, else somebody looks again. Sent once more (`key`) it is as it was."""
    if earlier := SessionEvent.objects.filter(session=now.session, key=key).first():
        return {name: one for name, one in payload.event(earlier).told.items() if name == "pump"}
    if not n:
        return {}
    lines = _lines(now)
    last = next((one for one in reversed(lines) if one.what is What.RUNS), None)
    if last is None or str(last.n) != n:
        raise Conflict("treatment.pump_said_more")
    ml, mg = _amount(now, lines, order)
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


def _lines(now: Now) -> list[Said]:
    """Of the pump that belongs to it now, about the infusion that runs or ran last: from the last line before that, where an
    earlier one had ended."""
    binding = devices.pumps_of([now.session.pk]).first()
    if binding is None:
        return []
    every = [one for one in evidence.of(now.session.pk) if one.device == binding.device.name and one.what in COUNTED]
    earlier = [one.last for one in now.state.exposures[:-1] if one.last]
    if not earlier:
        return every
    before = [one for one in every if one.received <= max(earlier)]
    return [*before[-1:], *(one for one in every if one.received > max(earlier))]


def _amount(now: Now, lines: Sequence[Said], order: Told | None) -> tuple[Decimal | None, Decimal | None]:
    """What it says that it delivered of it, and how much that is of what was ordered. Of what began after its last word it says
    nothing, and not that it was nothing."""
    if not now.state.exposures or lines[-1].received < now.state.exposures[-1].first:
        return None, None
    told = [
        (Runs(one.told["runs"]) if one.told["runs"] else None, decimal(one.told["figures"].get(DELIVERED)))
        for one in lines
    ]
    ml = given_ml(told)
    strength = decimal((order or {}).get("mg_per_ml"))
    if ml is None or not strength:
        return ml, None
    return ml, rounded(Fraction(ml) * Fraction(strength), rounding().mg)
