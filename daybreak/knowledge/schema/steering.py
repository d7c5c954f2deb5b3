"""How is a course steered between treatments: states, signals, when somebody looks again, which judgement is due?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Days = Annotated[int, Field(ge=1)]
Percent = Annotated[int, Field(ge=1, le=100)]
STATES = Literal["remission", "response", "partial", "none", "worse", "relapse", "unknown"]


class Share(Fact):
    """So many percent."""

    percent: Percent


class Span(Fact):
    """So many days."""

    days: Days


class Lost(Fact):
    """In so many ratings in a row, the first and the last so many days apart."""

    in_a_row: Annotated[int, Field(ge=2)]
    days_apart: Days


class States(Strict):
    """What makes each state, beside the figures of the scale."""

    partial: Share
    worse: Share
    lost: Lost
    baseline: Span


class Control(Fact):
    """The chart of individuals."""

    least: Annotated[int, Field(ge=3)]
    most: Annotated[int, Field(ge=3)]
    factor: Annotated[Decimal, Field(gt=0)]
    range_percent: Percent
    in_a_row: Annotated[int, Field(ge=2)]
    stale_days: Days

    @model_validator(mode="after")
    def _in_order(self) -> Control:
        if self.most < self.least:
            raise ValueError("`most` totals are not fewer than `least`")
        return self


class LookAgain(Span):
    """So many days after a state was seen."""

    state: STATES


class Overuse(Fact):
    """More than `most` treatments in `days` days, from so many days after the first on, under these protocols."""

    protocols: Annotated[tuple[Id, ...], Field(min_length=1)]
    begins_days: Days
    days: Days
    most: Annotated[int, Field(ge=1)]


class Judgement(Fact):
    """Due so many days after the first treatment, or after so many treatments: one of the two."""

    id: Id
    protocols: Annotated[tuple[Id, ...], Field(min_length=1)]
    after_days: Days | None = None
    treatments: Annotated[int, Field(ge=1)] | None = None
    again_days: Days | None = None
    early_days: Annotated[int, Field(ge=0)]
    gates: bool
    words: Words

    @model_validator(mode="after")
    def _one_beginning(self) -> Judgement:
        if (self.after_days is None) == (self.treatments is None):
            raise ValueError("a judgement is due after days or after treatments")
        return self


class SteeringFile(Strict):
    states: States
    control: Control
    look_again: tuple[LookAgain, ...]
    lost_again: Span
    overuse: Overuse
    judgements: tuple[Judgement, ...]

    @model_validator(mode="after")
    def _every_state_once(self) -> SteeringFile:
        if sorted(one.state for one in self.look_again) != sorted(STATES.__args__):  # type: ignore[attr-defined]
            raise ValueError("each state stands in `look_again` once")
        return self
