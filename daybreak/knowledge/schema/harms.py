"""Which harms between treatments and over months are asked about?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Harm(Fact):
    """One question with yes or no; who says yes is seen to within so many hours."""

    id: Id
    domain: Literal["after", "mood", "bladder", "thinking", "dependence", "liver", "nose"]
    words: Words
    hours: Annotated[int, Field(ge=1)]


class HarmsFile(Strict):
    items: Annotated[tuple[Harm, ...], Field(min_length=1)]
