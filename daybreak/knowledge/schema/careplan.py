"""Which topics has one page of care, and how much room has each?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Topic(Strict):
    """One topic. With a `label` not everybody here reads it."""

    id: Id
    title: Words
    hint: Words
    label: Literal["substance_use", "psychotherapy"] | None = None


class CareplanFile(Fact):
    longest: Annotated[int, Field(ge=100)]
    line_days: Annotated[int, Field(ge=1)]
    topics: tuple[Topic, ...]
