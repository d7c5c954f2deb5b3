"""Which signs may be of misuse, and when are they talked about?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Sign(Fact):
    """What somebody sees; `lasting`: what somebody does, or what stays, and no effect of a dose."""

    id: Id
    lasting: bool
    words: Words


class Explanation(Fact):
    """What else it may come of."""

    id: Id
    words: Words


class TalkRule(Fact):
    """So many hours a sign may be the dose; so many different ones within so many days propose to talk, one never does."""

    hours: Annotated[int, Field(ge=1, le=168)]
    least: Annotated[int, Field(ge=2)]
    days: Annotated[int, Field(ge=1)]


class MisuseFile(Strict):
    signs: Annotated[tuple[Sign, ...], Field(min_length=1)]
    explanations: Annotated[tuple[Explanation, ...], Field(min_length=1)]
    rule: TalkRule

    @model_validator(mode="after")
    def _each_once(self) -> MisuseFile:
        for ids in ([one.id for one in self.signs], [one.id for one in self.explanations]):
            if len(set(ids)) < len(ids):
                raise ValueError("each sign and each explanation has an id of its own")
        return self
