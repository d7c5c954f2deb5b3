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


class Quiet(Fact):
    """From when until when nothing is sent that nobody waits for, by the clock of whoever gets it; over midnight."""

    begins: Annotated[str, Field(pattern=r"^(1[2-9]|2[0-3]):[0-5][0-9]$")]
    ends: Annotated[str, Field(pattern=r"^(0[0-9]|1[01]):[0-5][0-9]$")]


class Minutes(Fact):
    """So many of them."""

    minutes: Annotated[int, Field(ge=1)]


class Days(Fact):
    """On these days after something."""

    days: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)


class StopWords(Fact):
    """Each in small letters."""

    words: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1)


class ReachFile(Strict):
    stop_words: StopWords
    after_stop: Days
    quiet: Quiet
    texts_again: Minutes
    within: tuple[Within, ...]
    stated_risk: tuple[StatedRisk, ...]
