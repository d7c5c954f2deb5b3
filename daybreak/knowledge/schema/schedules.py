"""How is a course planned: phases of weeks with visits on certain days?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Day = Annotated[int, Field(ge=0, le=6)]


class Phase(Fact):
    """`weeks` long, with visits on these `days` of the week (0: the day on which the course began), `every` so many weeks."""

    phase: Literal["induction", "optimisation", "maintenance"]
    weeks: Annotated[int, Field(gt=0, le=104)]
    days: Annotated[tuple[Day, ...], Field(min_length=1)]
    every: Annotated[int, Field(gt=0)] = 1


class Minutes(Fact):
    """How long a visit takes, as it is booked."""

    is_: Annotated[int, Field(gt=0, alias="is")]


class Days(Fact):
    """So many days."""

    days: Annotated[int, Field(ge=0)]


class Schedule(Strict):
    """The schedule of one protocol."""

    protocol: Id
    minutes: Minutes
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]


class Hours(Fact):
    """So many hours."""

    hours: Annotated[int, Field(gt=0, le=24 * 14)]


class Told(Fact):
    """What a patient is told before a treatment whose protocol's id begins with one of `routes`."""

    id: Id
    routes: Annotated[tuple[Literal["esketamine", "ketamine"], ...], Field(min_length=1)]
    words: Words


class SchedulesFile(Strict):
    schedules: tuple[Schedule, ...]
    window: Days
    tentative: Days
    offer: Hours
    home: Hours
    reminders: tuple[Hours, ...]
    before: tuple[Told, ...]
