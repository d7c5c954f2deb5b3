"""What may one dose be, of which product, by which route?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Amount = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
Unit = Literal["mg", "mg/kg"]
Strength = Literal["refuses", "reason", "says"]


class Device(Fact):
    """One device or application: its mg, and the minutes until the next."""

    mg: Amount
    minutes: Annotated[int, Field(gt=0)]


class Allowed(Fact):
    """The doses, in mg, of the first treatment of a course or of the later ones, from an age on and below one."""

    doses: Annotated[tuple[Amount, ...], Field(min_length=1)]
    prefilled: Amount | None = None
    first: bool | None = None
    from_age: Annotated[int, Field(gt=0)] | None = None
    below_age: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Allowed:
        if self.prefilled is not None and self.prefilled not in self.doses:
            raise ValueError(f"{self.prefilled} mg is filled in and is none of the doses")
        return self


class Others(Fact):
    """What becomes of any other dose."""

    strength: Literal["refuses", "reason"]


class Usual(Fact):
    """What is filled in, in the first unit of the ladder."""

    amount: Amount


class Range(Fact):
    """From the least to the most that was published."""

    least: Amount
    most: Amount

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if self.most < self.least:
            raise ValueError(f"the most, {self.most}, is less than the least, {self.least}")
        return self


class Rungs(Fact):
    """One after another, a step up only for whom a score has not fallen by `unless_improved` percent."""

    mg_per_kg: Annotated[tuple[Amount, ...], Field(min_length=2)]
    unless_improved: Amount

    @model_validator(mode="after")
    def _in_order(self) -> Rungs:
        if list(self.mg_per_kg) != sorted(set(self.mg_per_kg)):
            raise ValueError("the rungs stand from the lowest to the highest, each once")
        return self


class Mg(Fact):
    mg: Amount


class MgPerKg(Fact):
    mg_per_kg: Amount


class Ceiling(Fact):
    """Never more: in mg, or in mg for each kg of the weight that is dosed by."""

    mg: Amount | None = None
    mg_per_kg: Amount | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Ceiling:
        if (self.mg is None) == (self.mg_per_kg is None):
            raise ValueError("a ceiling has one of mg and mg_per_kg")
        return self


class Minutes(Fact):
    """How long it runs: usually, and from the shortest to the longest that was published."""

    usual: Annotated[int, Field(gt=0)]
    least: Annotated[int, Field(gt=0)]
    most: Annotated[int, Field(gt=0)]

    @model_validator(mode="after")
    def _in_order(self) -> Minutes:
        if not self.least <= self.usual <= self.most:
            raise ValueError("the usual time lies between the least and the most")
        return self


class Signs(Fact):
    """Figures that a clinic has to sign before there is a dose."""

    figures: Annotated[tuple[Literal["ceiling", "concentration"], ...], Field(min_length=1)]


class Note(Fact):
    """What is said of one dose, of the first treatment only where `first` says so."""

    id: Id
    mg: Amount
    first: bool | None = None
    strength: Strength
    words: Words


class Frequency(Fact):
    """How often, in a phase of the course."""

    phase: Literal["induction", "optimisation", "maintenance"]
    words: Words


class Ladder(Strict):
    """One product by one route, for the courses under these protocols."""

    id: Id
    title: Words
    product: Literal["ketamine", "esketamine"]
    way: Literal["device", "infusion", "injection", "mouth"]
    protocols: tuple[Id, ...] = ()
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    device: Device | None = None
    allowed: tuple[Allowed, ...] = ()
    other_doses: Others | None = None
    usual: Usual | None = None
    range_: Range | None = Field(default=None, alias="range")
    range_mg: Range | None = None
    unsupported: Fact | None = None
    rungs: Rungs | None = None
    step: Mg | None = None
    ceiling: Ceiling | None = None
    anaesthetic: MgPerKg | None = None
    minutes: Minutes | None = None
    replacement: Fact | None = None
    signs: Signs | None = None
    notes: tuple[Note, ...] = ()
    frequency: tuple[Frequency, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Ladder:
        if (self.way == "device") != (self.device is not None):
            raise ValueError("a device and its mg stand together")
        if (self.way == "infusion") != (self.minutes is not None):
            raise ValueError("an infusion and its minutes stand together")
        if bool(self.allowed) != (self.other_doses is not None):
            raise ValueError("allowed doses, and what becomes of others, stand together")
        if (
            self.ceiling is None
            and self.anaesthetic is None
            and "ceiling" not in (self.signs.figures if self.signs else ())
        ):
            raise ValueError("nothing bounds the dose: a source gives a ceiling, or the clinic signs one")
        if not (self.allowed or self.range_ or self.rungs or self.unsupported):
            raise ValueError("no dose is named: say that none is supported")
        return self


class Vial(Fact):
    mg_per_ml: Amount


class IdealWeight(Fact):
    """So many kg at a height, and more for each inch above it."""

    name: str
    from_cm: Amount
    inch_cm: Amount
    kg_per_inch: Amount
    female_kg: Amount
    male_kg: Amount


class Rounding(Fact):
    mg: Amount
    ml: Amount
    ml_per_hour: Amount


class Percent(Fact):
    percent: Amount


class NotFull(Fact):
    id: Id
    words: Words


class DosingFile(Strict):
    ladders: tuple[Ladder, ...]
    vials: tuple[Vial, ...]
    ideal_weight: IdealWeight
    rounding: Rounding
    programme: Percent
    not_full: tuple[NotFull, ...]
