"""What can somebody read before they choose a treatment, and on which source does each claim stand?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Dated = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
People = Annotated[int, Field(ge=0)]


class Claim(Fact):
    """`first`: is read without asking for more. `dated`: what the source bears."""

    id: Id
    words: Words
    first: bool = False
    dated: Dated | None = None

    @model_validator(mode="after")
    def _not_ours(self) -> Claim:
        if self.standing == "local_policy":
            raise ValueError(f"'{self.id}' would be our own view; a claim stands on a source that one can open")
        return self


class Section(Strict):
    """`lacks`: what we found no source for, said as that."""

    id: Id
    words: Words
    claims: Annotated[tuple[Claim, ...], Field(min_length=1)]
    lacks: Words | None = None


class Effect(Strict):
    """How many told of it."""

    id: Id
    words: Words
    spray: People
    dummy: People


class SideEffects(Fact):
    """`spray`, `dummy`: how many people were in each group. `drawn`: of which effects a hundred people are drawn."""

    dated: Dated
    spray: Annotated[int, Field(ge=1)]
    dummy: Annotated[int, Field(ge=1)]
    drawn: tuple[Id, ...]
    rows: tuple[Effect, ...]

    @model_validator(mode="after")
    def _fits(self) -> SideEffects:
        known = {one.id for one in self.rows}
        if missing := sorted(set(self.drawn) - known):
            raise ValueError(f"drawn, and not among the rows: {', '.join(missing)}")
        if wrong := [one.id for one in self.rows if one.spray > self.spray or one.dummy > self.dummy]:
            raise ValueError(f"more people than there were: {', '.join(wrong)}")
        return self


class EducationFile(Strict):
    sections: tuple[Section, ...]
    side_effects: SideEffects
