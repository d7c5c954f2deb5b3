"""What does the form of an order begin with, and what was typed into it?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from daybreak.clinical.records import When
from daybreak.clinical.treatment.dosing import ACTUAL, IDEAL, MG_PER_KG
from daybreak.clinical.treatment.judged import prefilled
from daybreak.clinical.treatment.ladders import Ladder
from daybreak.clinical.treatment.units import written
from daybreak.web.dosing.models import RECORD, SCALE, Order
from daybreak.web.dosing.numbers import number, whole
from daybreak.web.dosing.worked import Ground, Typed

NAMES = ("amount", "unit", "basis", "weight", "height", "concentration", "minutes", "reason")


def begins(ground: Ground, ladder: Ladder, newest: Order | None) -> dict[str, str]:
    """With the order that stands, where it is of this ladder; else with what the source begins with."""
    if newest is not None and newest.ladder == ladder.id:
        return {
            "amount": newest.amount,
            "unit": newest.unit,
            "basis": newest.basis,
            "height": newest.height_cm,
            "concentration": newest.concentration_mg_per_ml,
            "minutes": str(newest.minutes or ""),
        }
    before = ground.last.mg if ground.last else None
    amount = prefilled(ladder, first=ground.first, ages=ground.ages, last_mg=before)
    minutes = str(ladder.minutes.usual) if ladder.minutes else ""
    return {"amount": written(amount, 4) if amount is not None else "", "minutes": minutes}


def read(fields: Mapping[str, str], ground: Ground, ladder: Ladder, *, today: date) -> Typed | None:
    """The order that the fields hold; None while there is no amount. Refused where a field holds no number."""
    amount = number(_field(fields, "amount"), in_field="amount")
    kg, weighed, where = _weight(_field(fields, "weight"), ground, today)
    height = number(_field(fields, "height"), in_field="height")
    strength = number(_field(fields, "concentration"), in_field="concentration")
    minutes = whole(_field(fields, "minutes"), in_field="minutes")
    if amount is None:
        return None
    unit = _field(fields, "unit") if _field(fields, "unit") in ladder.units else ladder.units[0]
    return Typed(
        ladder=ladder.id,
        amount=amount,
        unit=unit,
        basis=IDEAL if _field(fields, "basis") == IDEAL and unit == MG_PER_KG else ACTUAL,
        weight_kg=kg,
        weight_from=where,
        weighed=weighed,
        height_cm=height,
        concentration_mg_per_ml=strength if ladder.way in ("infusion", "injection") else None,
        minutes=minutes if ladder.minutes else None,
    )


def _field(fields: Mapping[str, str], name: str) -> str:
    return fields.get(name, "").replace("\0", "").strip()


def _weight(typed: str, ground: Ground, today: date) -> tuple[Decimal | None, date | None, str]:
    """The weight, its day, and where it comes from: the scale of today when one was typed, else the record."""
    scale = number(typed, in_field="weight")
    if scale is not None:
        return scale, today, SCALE
    one = ground.weight
    if one is not None and isinstance(one.value, Decimal) and isinstance(one.when, When):
        return one.value, one.when.latest, RECORD
    return None, None, ""
