"""What comes of an order: how much, in how much, how fast, device by device, and what speaks against it?

What is not known speaks against a dose like what is wrong with it. The judging stands in `judged`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from daybreak.clinical.treatment.ladders import Finding, IdealWeight, Ladder, Rounding, Signed, Strength
from daybreak.clinical.treatment.units import per_hour, rounded, ug_per_minute

ACTUAL, IDEAL = "actual", "ideal"
MG, MG_PER_KG = "mg", "mg/kg"


@dataclass(frozen=True, slots=True)
class Order:
    """What a prescriber wrote. `basis`: the weight that mg/kg counts by; `first`: the first treatment of the course."""

    amount: Decimal
    unit: str
    protocol: str
    first: bool
    basis: str = ACTUAL
    concentration_mg_per_ml: Decimal | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Whom it is for. `ages`: the youngest and the oldest, in years, that they may be; each None: not known."""

    ages: tuple[int, int] | None
    actual_kg: Decimal | None
    ideal_kg: Decimal | None


@dataclass(frozen=True, slots=True)
class Last:
    """The treatment before: each None when it is not known. `improved`: by how many percent a score has fallen since."""

    mg: Decimal | None
    mg_per_kg: Decimal | None
    improved: Decimal | None


@dataclass(frozen=True, slots=True)
class Unit:
    """The `n`th device, and so many minutes after the first it may be given at the earliest."""

    n: int
    mg: Decimal
    earliest_minutes: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The order worked out. `exact_mg` is before rounding; everything else is of the dose as it is given, `dose_mg`.

    `ceiling_mg`: the lowest of the highest doses; None: only the clinic's own is missing. No devices: no such way.
    """

    dose_mg: Decimal | None
    exact_mg: Fraction | None
    mg_per_kg_actual: Fraction | None
    mg_per_kg_ideal: Fraction | None
    ceiling_mg: Decimal | None
    volume_ml: Decimal | None
    minutes: int | None
    rate_ml_per_hour: Decimal | None
    mg_per_hour: Fraction | None
    mg_per_kg_per_hour: Fraction | None
    ug_per_kg_per_min: Fraction | None
    devices: tuple[Unit, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        """Is there no such dose?"""
        return any(one.strength is Strength.REFUSES for one in self.findings)

    @property
    def deviates(self) -> bool:
        """Does it need a reason, and is it counted?"""
        return any(one.strength is Strength.REASON for one in self.findings)


def ideal_kg(height_cm: Decimal | None, sex: str | None, formula: IdealWeight) -> Decimal | None:
    """None where the formula says nothing: no height, one below its first, or a sex that it has no weight for."""
    height_cm = positive(height_cm)
    base = {"female": formula.female_kg, "male": formula.male_kg}.get(sex or "")
    if height_cm is None or base is None or height_cm < formula.from_cm:
        return None
    return base + (height_cm - formula.from_cm) / formula.inch_cm * formula.kg_per_inch


def positive(amount: Decimal | None) -> Decimal | None:
    """The amount; None for what is none: nothing, less, or no number at all."""
    return amount if amount is not None and amount.is_finite() and amount > 0 else None


def dosed_by(order: Order, person: Person) -> Decimal | None:
    """The weight that the order counts by; None when it is not known."""
    return positive({ACTUAL: person.actual_kg, IDEAL: person.ideal_kg}.get(order.basis))


def ceiling_mg(order: Order, ladder: Ladder, person: Person, signed: Signed) -> Decimal | None:
    """The lowest of the highest doses: of the source, by weight, and of the clinic."""
    kg = min(weights(order, person), default=None)
    by_weight = ladder.ceiling_mg_per_kg * kg if ladder.ceiling_mg_per_kg and kg is not None else None
    every = (ladder.ceiling_mg, by_weight, positive(signed.ceiling_mg))
    return min((one for one in every if one is not None), default=None)


def weights(order: Order, person: Person) -> list[Decimal]:
    """Those that bound a dose: the one that it counts by, and the actual one, as whoever weighs less than the ideal gets
    more for each kg."""
    return [kg for kg in (dosed_by(order, person), positive(person.actual_kg)) if kg is not None]


def worked_out(order: Order, ladder: Ladder, *, person: Person, signed: Signed, rounding: Rounding) -> Plan:
    """The arithmetic alone. What cannot be worked out is None."""
    kg, most = dosed_by(order, person), ceiling_mg(order, ladder, person, signed)
    strength = positive(order.concentration_mg_per_ml)
    exact = _exact(order, kg)
    dose = rounded(exact, rounding.mg, most=most) if exact is not None else None
    volume = _over(dose, strength)
    time = Fraction(order.minutes) if ladder.minutes and order.minutes and order.minutes > 0 else None
    hourly = per_hour(Fraction(dose), time) if dose is not None and time else None
    by_kg = _over(hourly, kg)
    flow = _over(hourly, strength)
    most_ml = _over(most, strength)
    most_flow = per_hour(most_ml, time) if most_ml is not None and time else None
    return Plan(
        dose_mg=dose,
        exact_mg=exact,
        mg_per_kg_actual=_over(dose, positive(person.actual_kg)),
        mg_per_kg_ideal=_over(dose, positive(person.ideal_kg)),
        ceiling_mg=most,
        volume_ml=rounded(volume, rounding.ml, most=most_ml) if volume is not None else None,
        minutes=order.minutes if time else None,
        rate_ml_per_hour=rounded(flow, rounding.ml_per_hour, most=most_flow) if flow is not None else None,
        mg_per_hour=hourly,
        mg_per_kg_per_hour=by_kg,
        ug_per_kg_per_min=ug_per_minute(by_kg) if by_kg is not None else None,
        devices=_devices(dose, ladder),
    )


def _exact(order: Order, kg: Decimal | None) -> Fraction | None:
    amount = positive(order.amount)
    if amount is None or order.unit == MG:
        return Fraction(amount) if amount is not None else None
    return Fraction(amount) * Fraction(kg) if kg is not None else None


def _over(amount: Decimal | Fraction | None, by: Decimal | None) -> Fraction | None:
    return Fraction(amount) / Fraction(by) if amount is not None and by is not None else None


def _devices(dose: Decimal | None, ladder: Ladder) -> tuple[Unit, ...]:
    if ladder.device is None or dose is None or dose % ladder.device.mg:
        return ()
    one = ladder.device
    return tuple(Unit(n + 1, one.mg, n * one.minutes) for n in range(int(dose / one.mg)))
