"""Is a pump set as the dose was ordered, and if not, which slip of the hand explains the figure that it shows?

The pump is only read here, never told anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.treatment.dosing import positive
from daybreak.clinical.treatment.ladders import Finding, Strength
from daybreak.clinical.treatment.units import MINUTES_OF_AN_HOUR, per_hour, ug_per_minute, written

RATE, VOLUME, DOSE, CONCENTRATION, WEIGHT, TIME = "rate", "volume", "dose", "concentration", "weight", "minutes"
UNITS = {RATE: "mL/h", VOLUME: "mL", DOSE: "mg", CONCENTRATION: "mg/mL", WEIGHT: "kg", TIME: "min"}
FIELDS = {
    RATE: Term("pump.rate"),
    VOLUME: Term("pump.volume"),
    DOSE: Term("pump.dose"),
    CONCENTRATION: Term("pump.concentration"),
    WEIGHT: Term("pump.weight"),
    TIME: Term("pump.minutes"),
}
TEN, POUNDS, HOURS, MG_FOR_ML = "ten", "pounds", "hours", "mg-for-ml"
OTHER_CONCENTRATION, OTHER_FIGURE, NO_NUMBER = "other-concentration", "other-figure", "no-number"
SLIPS = {
    TEN: Term("slip.ten"),
    POUNDS: Term("slip.pounds"),
    HOURS: Term("slip.hours"),
    MG_FOR_ML: Term("slip.mg-for-ml"),
    OTHER_CONCENTRATION: Term("slip.other-concentration"),
    OTHER_FIGURE: Term("slip.other-figure"),
    NO_NUMBER: Term("slip.no-number"),
}


@dataclass(frozen=True, slots=True)
class Programme:
    """What an infusion runs by, as it was ordered."""

    dose_mg: Decimal
    minutes: int
    concentration_mg_per_ml: Decimal
    weight_kg: Decimal


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure that is not what was ordered. `names`: what explains it; nothing does when there is none."""

    field: str
    shown: Decimal
    ordered: Fraction
    names: tuple[str, ...]


def ordered(one: Programme) -> dict[str, Fraction]:
    """Each figure that a pump may show, exactly."""
    dose, strength = Fraction(one.dose_mg), Fraction(one.concentration_mg_per_ml)
    return {
        RATE: per_hour(dose, Fraction(one.minutes)) / strength,
        VOLUME: dose / strength,
        DOSE: dose,
        CONCENTRATION: strength,
        WEIGHT: Fraction(one.weight_kg),
        TIME: Fraction(one.minutes),
    }


def slips(
    programme: Programme,
    shown: Mapping[str, Decimal],
    *,
    concentrations: Iterable[Decimal],
    pound_kg: Decimal,
    percent: Decimal,
    step: Decimal,
) -> tuple[Slip, ...]:
    """What differs from the order, field by field. `shown`: the figures that the pump has; `concentrations`: what the clinic
    has in vials or dilutes to; figures within `percent` are the same, and a rate or a volume within half a `step` of the
    pump's display."""
    right = ordered(programme)
    found = []
    for name, figure in shown.items():
        apart = step if name in (RATE, VOLUME) else Decimal(0)
        if positive(figure) is None:
            found.append(Slip(name, figure, right[name], (NO_NUMBER,)))
            continue
        if _same(Fraction(figure), right[name], percent=percent, step=apart):
            continue
        explained = _explanations(name, right, programme, list(concentrations), pound_kg)
        names = dict.fromkeys(
            slip for slip, value in explained if _same(Fraction(figure), value, percent=percent, step=apart)
        )
        found.append(Slip(name, figure, right[name], tuple(names)))
    return tuple(found)


def finding(slip: Slip) -> Finding:
    """What is said of it: nothing runs before somebody has put it right."""
    told = {
        "what": FIELDS[slip.field],
        "unit": UNITS[slip.field],
        "ordered": written(slip.ordered),
        "shown": written(slip.shown) if slip.shown.is_finite() else "?",
    }
    if not slip.names:
        return Finding(Strength.REFUSES, Reason("pump.differs", told))
    return Finding(Strength.REFUSES, Reason("pump.slip", {**told, "slips": tuple(SLIPS[name] for name in slip.names)}))


def _explanations(
    name: str, right: Mapping[str, Fraction], programme: Programme, strengths: list[Decimal], pound_kg: Decimal
) -> list[tuple[str, Fraction]]:
    """Each slip with the figure that it would leave in this field."""
    value, pound = right[name], Fraction(pound_kg)
    found = [(TEN, value * factor) for factor in (10, 100, Fraction(1, 10), Fraction(1, 100))]
    if name in (RATE, VOLUME, DOSE, WEIGHT):
        found += [(POUNDS, value / pound), (POUNDS, value * pound)]
    if name in (RATE, TIME):
        found += [(HOURS, value * MINUTES_OF_AN_HOUR), (HOURS, value / MINUTES_OF_AN_HOUR)]
    if name in (RATE, VOLUME):
        found.append((MG_FOR_ML, value * right[CONCENTRATION]))
        found += [(OTHER_CONCENTRATION, value * right[CONCENTRATION] / Fraction(one)) for one in strengths]
    if name == CONCENTRATION:
        found += [(OTHER_CONCENTRATION, Fraction(one)) for one in strengths]
    by_kg = right[RATE] * right[CONCENTRATION] / right[WEIGHT]
    others = [figure for other, figure in right.items() if other != name]
    others += [by_kg, ug_per_minute(by_kg), Fraction(programme.dose_mg) / right[WEIGHT]]
    return found + [(OTHER_FIGURE, figure) for figure in others]


def _same(one: Fraction, other: Fraction, *, percent: Decimal, step: Decimal) -> bool:
    apart = abs(one - other)
    return apart * 100 <= Fraction(percent) * other or apart <= Fraction(step) / 2
