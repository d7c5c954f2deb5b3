"""What speaks against starting a pump: how do the figures that it shows, the scale, the record and the order differ?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from daybreak.clinical.treatment import programmes
from daybreak.clinical.treatment.ladders import Finding
from daybreak.clinical.treatment.programmes import Programme
from daybreak.clinical.treatment.weights import ORDER, PUMP, RECORD, SCALE, weights
from daybreak.knowledge import dosing as knowledge
from daybreak.knowledge.terms import terms
from daybreak.web.dosing.numbers import number
from daybreak.web.dosing.queries import Ordered
from daybreak.web.patients.weights import POUND, WEIGHT
from daybreak.web.refusals import Refused

FIELDS = {
    programmes.RATE: "dosing.figure_rate",
    programmes.VOLUME: "dosing.figure_volume",
    programmes.CONCENTRATION: "dosing.figure_strength",
    programmes.DOSE: "dosing.figure_dose",
    programmes.WEIGHT: "dosing.pump_weight",
    programmes.TIME: "dosing.figure_minutes",
}
NO_WEIGHT = "no_weight"  # said of a pump that is not programmed by weight


def programme(found: Ordered) -> Programme | None:
    """What a pump runs by; None for a dose that no pump gives."""
    row = found.order
    if found.plan.dose_mg is None or not row.minutes or not row.concentration_mg_per_ml or not row.weight_kg:
        return None
    strength, kg = Decimal(row.concentration_mg_per_ml), Decimal(row.weight_kg)
    return Programme(found.plan.dose_mg, row.minutes, strength, kg)


def held_against(found: Ordered, ordered: Programme, typed: Mapping[str, str]) -> tuple[Finding, ...]:
    """Every figure that is not as ordered, and every weight that is missing or differs. Refused without the pump's rate, and
    where a field holds no number. `typed`: what stands in the fields, the scale and `NO_WEIGHT` among them."""
    figures = {name: value for name in FIELDS if (value := number(typed.get(name, ""), in_field=name)) is not None}
    scale = number(typed.get(SCALE, ""), in_field=SCALE)
    if programmes.RATE not in figures:
        raise Refused("dosing.pump_rate_missing", in_field=programmes.RATE)
    kind = terms().kinds[WEIGHT]
    assert kind.change is not None
    slips = programmes.slips(
        ordered,
        figures,
        concentrations=knowledge.vials(),
        pound_kg=kind.units[POUND],
        percent=knowledge.programme_percent(),
        step=knowledge.rounding().ml_per_hour,
    )
    recorded = found.ground.weight.value if found.ground.weight else None
    weighed: dict[str, Decimal | None] = {SCALE: scale}
    weighed |= {RECORD: recorded} if isinstance(recorded, Decimal) else {ORDER: ordered.weight_kg}
    if programmes.WEIGHT in figures or not typed.get(NO_WEIGHT):
        weighed[PUMP] = figures.get(programmes.WEIGHT)
    compared = weights(weighed, percent=kind.change, pound_kg=kind.units[POUND])
    return (*(programmes.finding(one) for one in slips), *compared)
