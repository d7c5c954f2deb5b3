"""What is a patient asked at home, and when?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

PhaseName = Literal["induction", "optimisation", "maintenance", "afterwards"]
Length = Annotated[int, Field(ge=1)]
FormId = Annotated[str, Field(pattern=r"^[a-z]+:[a-z0-9-]+$")]


class Occasion(Fact):
    """When one form is asked: so many hours after each treatment, before each planned one, or every so many days."""

    id: Id
    form: FormId
    phases: Annotated[tuple[PhaseName, ...], Field(min_length=1)]
    lasts_hours: Length
    after_hours: Length | None = None
    before_hours: Length | None = None
    every_days: Length | None = None
    stops_days: Length | None = None
    lead_hours: Annotated[int, Field(ge=0)] = 0
    spares_days: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _one_way(self) -> Occasion:
        if sum(one is not None for one in (self.after_hours, self.before_hours, self.every_days)) != 1:
            raise ValueError(f"{self.id}: one of after_hours, before_hours and every_days")
        if (self.every_days is None) != (self.stops_days is None):
            raise ValueError(f"{self.id}: every_days and stops_days stand together")
        if self.before_hours is not None and self.lasts_hours > self.before_hours:
            raise ValueError(f"{self.id}: what is asked before a treatment is over when the treatment begins")
        return self


class Choice(Strict):
    """One answer, and its words."""

    id: Id
    words: Words


class Asked(Strict):
    """One question in our own words; `after`: only after one of these answers. Without `choices` it is answered in words.

    With one of the answers `tells` a nurse has a look within so many `hours`.
    """

    id: Id
    words: Words
    choices: tuple[Choice, ...] = ()
    after: tuple[Id, ...] = ()
    tells: tuple[Id, ...] = ()
    hours: Length | None = None

    @model_validator(mode="after")
    def _fits(self) -> Asked:
        if (self.hours is None) != (not self.tells) or not {*self.tells} <= {one.id for one in self.choices}:
            raise ValueError(f"{self.id}: who is told of which of its answers, within how many hours")
        return self


class OwnForm(Fact):
    """A short form of our own; `after` of a question is about the question before it."""

    id: Id
    title: Words
    questions: Annotated[tuple[Asked, ...], Field(min_length=1)]


class Window(Fact):
    """Who answers from so many hours to so many hours after a treatment was followed up."""

    id: Id
    words: Words
    opens_hours: Length
    closes_hours: Length

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if self.closes_hours <= self.opens_hours:
            raise ValueError(f"{self.id}: it closes after it opens")
        return self


class CheckinsFile(Strict):
    occasions: Annotated[tuple[Occasion, ...], Field(min_length=1)]
    forms: tuple[OwnForm, ...]
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
