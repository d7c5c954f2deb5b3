"""What does the registry count, in which windows, how surely, and beside which published cohorts?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Count = Annotated[int, Field(ge=1)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]


class Interval(Fact):
    """Of a hundred such intervals so many hold the true figure."""

    percent: Annotated[int, Field(gt=50, lt=100)]


class Number(Fact):
    is_: Count = Field(alias="is")


class Summary(Fact):
    """Counts below `least` are not told; `doubt` values of each stay possible; a summary holds so many days."""

    least: Annotated[int, Field(ge=3)]
    doubt: Annotated[int, Field(ge=2)]
    holds_days: Annotated[int, Field(ge=1)]


class Scales(Fact):
    are: Annotated[tuple[Id, ...], Field(min_length=1)]


class Days(Fact):
    days: Annotated[tuple[Count, ...], Field(min_length=1)]


class Window(Fact):
    """Counted from the first treatment, or from the last one of the induction."""

    id: Id
    after: Literal["first", "induction"]
    opens: Count
    closes: Count
    words: Words
    short: Words

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if self.closes < self.opens:
            raise ValueError(f"the window {self.id} closes before it opens")
        return self


class Published(Fact):
    """A cohort beside our own; `differs`: in what it is another."""

    id: Id
    name: Annotated[str, StringConstraints(min_length=1)]
    window: Id
    product: Id
    route: Id
    scale: Id | None = None
    followed: Count
    of: Count | None = None
    percent: dict[Literal["response", "remission", "worse"], Percent]
    differs: Words


class OutcomesFile(Strict):
    interval: Interval
    least_at_risk: Number
    in_a_row: Number
    joined_age: Number
    summary: Summary
    scales: Scales
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    retention: Days
    curve: Days
    published: tuple[Published, ...]

    @model_validator(mode="after")
    def _agrees(self) -> OutcomesFile:
        windows = {one.id for one in self.windows}
        for one in self.published:
            if one.window not in windows:
                raise ValueError(f"published cohort {one.id}: no window {one.window!r}")
            if one.scale is not None and one.scale not in self.scales.are:
                raise ValueError(f"published cohort {one.id}: the registry does not count on {one.scale!r}")
        return self
