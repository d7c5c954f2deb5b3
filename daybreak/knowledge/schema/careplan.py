"""Which topics has one page of care, how much room has each, and what is a carer asked?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Topic(Strict):
    """One topic. With a `label` not everybody here reads it."""

    id: Id
    title: Words
    hint: Words
    label: Literal["substance_use", "psychotherapy"] | None = None


class Choice(Strict):
    """One answer of a carer. `tells`: somebody looks at it within hours, or is called at once."""

    id: Id
    words: Words
    tells: Literal["look", "now"] | None = None


class Question(Strict):
    """One question to a carer."""

    id: Id
    words: Words
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]


class Carer(Strict):
    """When after a treatment a carer is asked, until when, and within how many hours an answer is looked at."""

    after_hours: Annotated[int, Field(ge=1)]
    closes_hours: Annotated[int, Field(ge=1)]
    look_hours: Annotated[int, Field(ge=1)]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class CareplanFile(Fact):
    longest: Annotated[int, Field(ge=100)]
    line_days: Annotated[int, Field(ge=1)]
    beside: Annotated[tuple[Id, ...], Field(min_length=1)]
    carer: Carer
    topics: tuple[Topic, ...]

    @model_validator(mode="after")
    def _open(self) -> CareplanFile:
        """Whoever sees a rating or a session may not be somebody who reads what has a label."""
        if wrong := set(self.beside) - {one.id for one in self.topics if one.label is None}:
            raise ValueError(
                f"beside: {', '.join(sorted(wrong))}: no topic, or one with a label. Name topics that have none."
            )
        return self
