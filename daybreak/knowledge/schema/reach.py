"""Within how long does somebody here see to what a patient or somebody outside waits for?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from daybreak.knowledge.schema.common import Fact, Id, Strict


class Within(Fact):
    """So many hours, or days, after it came up."""

    id: Id
    hours: Annotated[int, Field(ge=1)] | None = None
    days: Annotated[int, Field(ge=1)] | None = None


class StatedRisk(Fact):
    """What whoever refers somebody says about a risk of suicide, and how soon somebody here looks at it."""

    said: Literal["yes", "not_known"]
    level: Literal["now", "today"]


class ReachFile(Strict):
    within: tuple[Within, ...]
    stated_risk: tuple[StatedRisk, ...]
