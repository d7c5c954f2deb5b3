"""Which entries of a record bear a label of their own?"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict


class Labelled(Fact):
    """What bears the label: kinds of therapy, conditions by concept, observations by the beginning of their ids."""

    label: Literal["substance_use", "psychotherapy", "reproductive"]
    therapies: tuple[Id, ...] = ()
    conditions: tuple[Id, ...] = ()
    observations: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if not (self.therapies or self.conditions or self.observations):
            raise ValueError("a label says what bears it")
        return self


class LabelsFile(Strict):
    labels: Annotated[tuple[Labelled, ...], Field(min_length=1)]
