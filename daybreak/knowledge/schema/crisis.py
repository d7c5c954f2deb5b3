"""What is known about whom to call in a crisis, in one country?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{2,15}$")]
Web = Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]+(/[^\s]*)?$")]


class Way(Fact):
    """Another way to the same line, or one for some people: in their language, as a veteran, by sign language."""

    id: Id
    says: Words
    call: Number | None = None
    text: Number | None = None
    web: Web | None = None

    @model_validator(mode="after")
    def leads_somewhere(self) -> Way:
        """One place: whoever touches it is led there."""
        if sum(one is not None for one in (self.call, self.text, self.web)) != 1:
            raise ValueError("expected exactly one of call, text, web")
        return self


class Line(Fact):
    """One number. `listens`: somebody to talk to; `comes`: help that comes to where one is."""

    id: Id
    kind: Literal["listens", "comes"]
    number: Number
    name: Words
    hours: Words
    ways: tuple[Way, ...] = ()


class CrisisFile(Strict):
    """One file of `crisis/`, named after its country (ISO 3166, small letters). The first line is shown first."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    name: Words
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]
