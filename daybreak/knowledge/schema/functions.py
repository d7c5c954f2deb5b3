"""Which functions are off until a clinic's responsible person switches each on, and what is said of them?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from daybreak.knowledge.schema.common import Fact, Strict, Words


class Function(Fact):
    """One of them: its name, what it does, and what it does not."""

    id: Literal["values", "alarms", "pumps", "concentration", "urgency"]
    words: Words
    does: Words
    does_not: Words


class FunctionsFile(Strict):
    says: Words
    functions: Annotated[tuple[Function, ...], Field(min_length=5, max_length=5)]
