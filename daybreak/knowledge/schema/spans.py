"""How long is what of a clinic's day?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict

Length = Annotated[int, Field(ge=1)]


class Span(Fact):
    """So many minutes, hours or days: one of the three."""

    id: Id
    minutes: Length | None = None
    hours: Length | None = None
    days: Length | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Span:
        if sum(one is not None for one in (self.minutes, self.hours, self.days)) != 1:
            raise ValueError("a span has one of minutes, hours and days")
        return self


class SpansFile(Strict):
    spans: tuple[Span, ...]
