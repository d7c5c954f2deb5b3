"""What does a clinic card answer, each question by which one measure?"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Days = Annotated[int, Field(ge=1)]


class Population(Fact):
    """Of whom, or of what, a measure tells."""

    id: Id
    words: Words


class Head(Strict):
    id: Id
    words: Words


class Measure(Fact):
    """`answers`: the questions that it may answer. `words`: its sentence, `few`: the one where too few were counted."""

    id: Id
    kind: Literal["share", "middle", "total", "stated", "harm"]
    population: Id
    answers: Annotated[tuple[Id, ...], Field(min_length=1)]
    plain: bool = False
    least: Annotated[int, Field(ge=1)] | None = None
    words: Words | None = None
    few: Words | None = None

    @model_validator(mode="after")
    def _tells_what_it_counts(self) -> Measure:
        if (self.kind == "stated") != (self.words is None):
            raise ValueError(f"{self.id!r}: what is counted has a sentence, and what is stated has none")
        return self


class Question(Fact):
    id: Id
    head: Id
    measure: Id
    words: Words


class CardFile(Fact):
    small: Annotated[int, Field(ge=2)]
    lengths_days: Annotated[tuple[Days, ...], Field(min_length=1)]
    holds_days: Days
    states_days: Days
    score_before_days: Days
    result_days: Days
    populations: tuple[Population, ...]
    heads: tuple[Head, ...]
    measures: tuple[Measure, ...]
    questions: tuple[Question, ...]

    @model_validator(mode="after")
    def _names_stand(self) -> CardFile:
        heads, people = {one.id for one in self.heads}, {one.id for one in self.populations}
        for one in self.questions:
            if one.head not in heads:
                raise ValueError(f"{one.id!r}: there is no head {one.head!r}")
        for each in self.measures:
            if each.population not in people:
                raise ValueError(f"{each.id!r}: there is no population {each.population!r}")
        if list(self.lengths_days) != sorted(set(self.lengths_days)):
            raise ValueError("`lengths_days` go from the shortest to the longest")
        return self

    @model_validator(mode="after")
    def _one_measure_for_one_question(self) -> CardFile:
        """No substitute: both sides name each other, and each stands there once."""
        asked = [(one.id, one.measure) for one in self.questions]
        answered = [(question, one.id) for one in self.measures for question in one.answers]
        if sorted(asked) != sorted(answered):
            odd = sorted(set(asked) ^ set(answered)) or asked
            raise ValueError(f"question and measure have to name each other: {odd[0]}")
        for ids in ([one.id for one in self.questions], [one.id for one in self.measures]):
            twice = [id for id, n in Counter(ids).items() if n > 1]
            if twice:
                raise ValueError(f"{twice[0]!r} stands there twice")
        return self
