"""How is a course planned: phases of weeks with visits on certain days?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

PhaseName = Literal["induction", "optimisation", "maintenance"]
Day = Annotated[int, Field(ge=0, le=6)]


class Phase(Fact):
    """`weeks` long, with visits on these `days` of the week (0: the day on which the course began), `every` so many weeks."""

    phase: PhaseName
    weeks: Annotated[int, Field(gt=0, le=104)]
    days: Annotated[tuple[Day, ...], Field(min_length=1)]
    every: Annotated[int, Field(gt=0)] = 1


class Minutes(Fact):
    """How long a visit takes, as it is booked."""

    is_: Annotated[int, Field(gt=0, alias="is")]


class Days(Fact):
    """So many days."""

    days: Annotated[int, Field(ge=0)]


class Dose(Fact):
    """The least and the most of one treatment, in mg."""

    least: Annotated[int, Field(gt=0)]
    most: int

    @model_validator(mode="after")
    def _in_order(self) -> Dose:
        if self.most < self.least:
            raise ValueError(f"the most, {self.most} mg, is less than the least, {self.least} mg")
        return self


class Schedule(Strict):
    """The schedule of one protocol."""

    protocol: Id
    minutes: Minutes
    dose: Dose | None = None
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]


class Hours(Fact):
    """So many hours."""

    hours: Annotated[int, Field(gt=0, le=24 * 14)]


class Told(Fact):
    """What a patient is told before a treatment whose protocol's id begins with one of `routes`; without `phases` in each.

    `minutes`: so long before it holds from, and `since` is what to do who did otherwise after that `{clock}`.
    """

    id: Id
    routes: Annotated[tuple[Literal["esketamine", "ketamine"], ...], Field(min_length=1)]
    phases: tuple[PhaseName, ...] = ()
    minutes: Annotated[int, Field(gt=0, le=24 * 60)] | None = None
    since: Words | None = None
    words: Words

    @model_validator(mode="after")
    def _clock_and_what_then(self) -> Told:
        if (self.minutes is None) != (self.since is None):
            raise ValueError(f"{self.id}: minutes and since stand together")
        if self.since and not all(
            "{clock}" in one and "{clinic}" in one for one in (self.since.en, self.since.zh_hans)
        ):
            raise ValueError(f"{self.id}: since names {{clock}} and {{clinic}}")
        return self


class SchedulesFile(Strict):
    schedules: tuple[Schedule, ...]
    window: Days
    tentative: Days
    offer: Hours
    notice: Hours
    home: Hours
    reminders: tuple[Hours, ...]
    before: tuple[Told, ...]
