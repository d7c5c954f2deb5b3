"""What is kept in a cupboard, who witnesses what, by when is a loss reported, and when is somebody asked to look?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict

Amount = Annotated[Decimal, Field(gt=0)]
Number = Annotated[int, Field(ge=1)]
Hour = Annotated[int, Field(ge=0, le=24)]


class Product(Fact):
    """A container of one strength: `mg` in it or, where the volume differs, `mg_per_ml`."""

    id: Id
    drug: Literal["esketamine", "ketamine"]
    container: Literal["device", "vial"]
    mg: Amount | None = None
    mg_per_ml: Amount | None = None

    @model_validator(mode="after")
    def _one_strength(self) -> Product:
        if (self.mg is None) is (self.mg_per_ml is None):
            raise ValueError("a product has one of mg and mg_per_ml")
        return self


class Witness(Fact):
    """Is a second person asked for?"""

    id: Id
    required: bool


class Time(Fact):
    """By when or how often: one of the units."""

    id: Id
    hours: Number | None = None
    days: Number | None = None
    business_days: Number | None = None
    months: Number | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Time:
        if sum(one is not None for one in (self.hours, self.days, self.business_days, self.months)) != 1:
            raise ValueError("a time has one of hours, days, business_days and months")
        return self


class Pattern(Fact):
    """From when on somebody is asked to look: from so many of something, so many times the others' share, so many points above
    it, after so many hours, or between the hours of the site at which it is closed."""

    id: Literal["waste", "unwatched", "unaccounted", "short", "unbooked"]
    least_takes: Number | None = None
    least_checks: Number | None = None
    least_counts: Number | None = None
    times: Amount | None = None
    points: Amount | None = None
    hours: Number | None = None
    opens: Hour | None = None
    closes: Hour | None = None


class CupboardFile(Strict):
    products: tuple[Product, ...]
    witnesses: tuple[Witness, ...]
    times: tuple[Time, ...]
    patterns: tuple[Pattern, ...]
