"""How is it told what lies in a cupboard and what was done with it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from daybreak.clinical.treatment.ledger import TAKES, Amount, Balance, Kind, Place, Why
from daybreak.knowledge import cupboard as knowledge
from daybreak.knowledge.cupboard import Product
from daybreak.web import zones
from daybreak.web.cupboard.models import Entry, Lot
from daybreak.web.cupboard.queries import Standing
from daybreak.web.words import word

KINDS = {
    Kind.RECEIVED: "cupboard.received",
    Kind.FOUND: "cupboard.found",
    Kind.RESERVED: "cupboard.reserved",
    Kind.UNRESERVED: "cupboard.unreserved",
    Kind.QUARANTINED: "cupboard.quarantined",
    Kind.RELEASED: "cupboard.released",
    Kind.DISPENSED: "cupboard.dispensed",
    Kind.OPENED: "cupboard.opened_for_many",
    Kind.DRAWN_UP: "cupboard.drawn_up",
    Kind.RETURNED: "cupboard.returned",
    Kind.GIVEN: "cupboard.given",
    Kind.WASTED: "cupboard.wasted",
    Kind.RETURNED_OUT: "cupboard.returned_out",
    Kind.DESTROYED: "cupboard.destroyed",
    Kind.TRANSFERRED: "cupboard.transferred",
    Kind.LOST: "cupboard.lost",
}
PLACES = {
    Place.FREE: "cupboard.in_free",
    Place.RESERVED: "cupboard.in_reserved",
    Place.OPEN: "cupboard.in_open",
    Place.QUARANTINED: "cupboard.in_quarantine",
    Place.DRAWN: "cupboard.in_drawn",
}
DEVIATIONS = {
    Why.QUARANTINED: "cupboard.was_quarantined",
    Why.EXPIRED: "cupboard.was_expired",
    Why.RECALLED: "cupboard.was_recalled",
}


def number(mg: Decimal) -> str:
    """An amount without the zeros that say nothing."""
    return f"{mg.normalize():f}"


def amount(one: Amount, language: str) -> str:
    """Containers and milligrams, side by side."""
    return word("cupboard.amount", language, units=one.units, mg=number(one.mg))


def strength(product: Product, language: str, *, ml: Decimal | None = None) -> str:
    """What one container is, as it stands on its carton."""
    drug = word(f"choice.{product.drug}", language)
    if product.mg is not None:
        return word("cupboard.device_of", language, drug=drug, mg=number(product.mg))
    told = {"drug": drug, "mg_per_ml": number(product.mg_per_ml or Decimal(0))}
    if ml is None:
        return word("cupboard.vial_of", language, **told)
    return word("cupboard.vial_with", language, ml=number(ml), **told)


def product(lot: Lot, language: str) -> str:
    """What one container of the lot is."""
    return strength(knowledge.products()[lot.product], language, ml=lot.ml)


def substance(lot: Lot, language: str) -> tuple[str, str, str]:
    """The substance, its form, and the strength of one container."""
    one = knowledge.products()[lot.product]
    drug = word(f"choice.{one.drug}", language)
    if one.mg_per_ml is None:
        return drug, word("cupboard.a_device", language), f"{number(lot.unit_mg)} mg"
    ml = f", {number(lot.ml)} mL" if lot.ml is not None else ""
    return drug, word("cupboard.a_vial", language), f"{number(one.mg_per_ml)} mg/mL{ml}"


def lot(one: Standing, names: Mapping[UUID, str], *, today: date, language: str) -> dict[str, Any]:
    """One lot as a line of the stock."""
    soon = today + knowledge.time("expires-soon")
    return {
        "id": one.lot.id,
        "number": one.lot.number,
        "product": product(one.lot, language),
        "owner": names.get(one.lot.owner_id, "") if one.lot.owner_id else "",
        "expires": one.lot.expires.isoformat(),
        "expired": one.lot.expires < today,
        "soon": today <= one.lot.expires <= soon,
        "recalled": one.recalled,
        "free": one.balance.free.units,
        "reserved": one.reserved.units,
        "open": amount(one.balance.open, language) if one.balance.open.units else "",
        "quarantined": one.balance.quarantined.units,
        "drawn": one.drawn.units,
        "on_hand": amount(one.balance.on_hand, language),
    }


def entry(row: Entry, names: Mapping[UUID, str], language: str) -> dict[str, Any]:
    """One line of the book. What is needed of people was read with it."""
    return {
        "seq": row.seq,
        "at": zones.minute(row.happened),
        "late": zones.minute(row.created) if row.happened != row.created else "",
        "what": word(KINDS[Kind(row.kind)], language),
        "amount": amount(Amount(row.units, row.mg), language),
        "left": amount(Amount(row.left_units, row.left_mg), language),
        "patient": names.get(row.patient_id, "") if row.patient_id else "",
        "take": row.take if row.kind in TAKES else None,
        "by": row.by.display_name,
        "witness": row.witness.display_name if row.witness else "",
        "alone": row.alone,
        "text": row.text,
        "partner": row.partner,
        "against": [word(DEVIATIONS[Why(one)], language) for one in row.deviation.split()],
    }


def law(now: Balance, language: str) -> dict[str, Any]:
    """Both sides of the law of the cupboard, each sum with its parts."""
    reserved, drawn = Amount(0, Decimal(0)), Amount(0, Decimal(0))
    for one in now.reserved.values():
        reserved = reserved.plus(one)
    for one in now.drawn.values():
        drawn = drawn.plus(one)
    here = (
        (Place.FREE, now.free),
        (Place.RESERVED, reserved),
        (Place.OPEN, now.open),
        (Place.QUARANTINED, now.quarantined),
    )
    came = [_part(word(KINDS[kind], language), one, language) for kind, one in now.came.items()]
    went = [_part(word(PLACES[place], language), one, language) for place, one in (*here, (Place.DRAWN, drawn))]
    went += [_part(word(KINDS[kind], language), one, language) for kind, one in now.gone.items()]
    return {"came": came, "went": went, "held": now.held, "sum": amount(_total(now.came.values()), language)}


def _part(name: str, one: Amount, language: str) -> dict[str, str]:
    return {"name": name, "amount": amount(one, language)}


def _total(amounts: Iterable[Amount]) -> Amount:
    found = Amount(0, Decimal(0))
    for one in amounts:
        found = found.plus(one)
    return found
