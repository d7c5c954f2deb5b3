"""What does a treatment cost in a country, who says so, and since when? Every price is a fact with a source and its own date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Money = Annotated[Decimal, Field(ge=0, decimal_places=2)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Headline(Fact):
    """A range is said only when so many sources gave a price within so many months before the day of asking."""

    sources: Annotated[int, Field(ge=2)]
    months: Annotated[int, Field(ge=1)]


class Phase(Fact):
    """So many visits in one part of a course."""

    id: Literal["induction", "maintenance"]
    words: Words
    least: Annotated[int, Field(ge=1)]
    most: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Phase:
        if self.least > self.most:
            raise ValueError(
                f"at least {self.least} visits and at most {self.most}; the least is not more than the most"
            )
        return self


class Stay(Fact):
    """Minutes in the clinic at each visit, at the least."""

    minutes: Annotated[int, Field(ge=1)]


class Route(Strict):
    """A way of giving it. `supervised` false: nobody is there; it stands apart, without a total. `protocols`: those it is of."""

    id: Id
    words: Words
    off_label: bool
    supervised: bool
    protocols: tuple[Id, ...] = ()
    phases: tuple[Phase, ...] = ()
    stay: Stay | None = None


class Coverage(Strict):
    """Who pays. `says`: what it means, in plain words. They stand in the order in which they are shown."""

    id: Id
    words: Words
    says: Words


class Price(Fact):
    """What one source asks or allows for one visit, fill or year. `dated`: the day or the first day of the year it is for;
    without it nobody knows, and it counts for no headline. `pays`: who. `doubt`: what in the source does not fit."""

    id: Id
    route: Id
    coverage: Id
    pays: Literal["patient", "insurer"]
    per: Literal["visit", "fill"]
    words: Words
    low: Money
    high: Money
    dated: date | None = None
    doubt: Words | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Price:
        if self.low > self.high:
            raise ValueError(f"from {self.low} to {self.high}; the low price is not above the high one")
        return self


class Share(Fact):
    """What is left to the patient of a sum that an insurance allows: a sum each year, then so many in a hundred of the rest."""

    id: Id
    route: Id
    coverage: Id
    percent: Annotated[Decimal, Field(ge=0, le=100)]
    yearly: Money
    years_most: Annotated[int, Field(ge=1)]
    dated: date
    words: Words
    also: tuple[Fact, ...] = ()


class Said(Fact):
    """A rule of a payer, a help or a warning, in plain words. `dated`: of which day, where the source says so."""

    id: Id
    dated: date | None = None
    says: Words
    doubt: Words | None = None


class CostsFile(Strict):
    """The file is named after the country. `first` is shown before every price; `ask` is asked where nothing is known."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    currency: Currency
    headline: Headline
    routes: tuple[Route, ...]
    coverages: tuple[Coverage, ...]
    prices: tuple[Price, ...]
    shares: tuple[Share, ...]
    first: tuple[Said, ...]
    rules: tuple[Said, ...]
    help: tuple[Said, ...]
    apart: tuple[Said, ...]
    others: tuple[Said, ...]
    ask: tuple[Words, ...]
    keep: tuple[Words, ...]
