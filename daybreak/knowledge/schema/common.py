"""What does every fact carry: source, standing, dates, and its words in every language."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Standing = Literal["label", "statute", "guideline", "study", "secondary", "local_policy"]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]


class Strict(BaseModel):
    """Unknown keys are errors; values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Source(Strict):
    """`id` stands in a file of `sources/`; `where` is the place in that document."""

    id: str
    where: Annotated[str, StringConstraints(min_length=1)]


class Words(Strict):
    """A short text in every language that we ship."""

    en: Annotated[str, StringConstraints(min_length=1)]
    zh_hans: Annotated[str, StringConstraints(min_length=1)] = Field(alias="zh-Hans")


class Fact(Strict):
    """Something that we did not invent. It holds from the day `from` and no longer on the day `until`; without them, always."""

    source: Source
    standing: Standing
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None
