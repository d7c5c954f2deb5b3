"""What does somebody ask a clinic before they begin, and what is each question for?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Asked(Strict):
    """What to say on the phone. `article`: which question of the source article it is; `card`: what a clinic card answers."""

    id: Id
    article: Id
    card: Id | None = None
    words: Words


class Part(Strict):
    id: Id
    words: Words


class ClinicQuestion(Fact):
    """`short`: as a statement. `good`, `poor`: what an answer may sound like. `needs`: without each of them a yes is none."""

    id: Id
    head: Id
    words: Words
    short: Words
    why: Words
    good: Words
    poor: Words
    needs: tuple[Part, ...] = ()
    asks: Annotated[tuple[Asked, ...], Field(min_length=1)]


class ClinicQuestionsFile(Strict):
    questions: tuple[ClinicQuestion, ...]

    @model_validator(mode="after")
    def _each_once(self) -> ClinicQuestionsFile:
        places = [ask.article for one in self.questions for ask in one.asks]
        if twice := sorted({one for one in places if places.count(one) > 1}):
            raise ValueError(f"asked twice: {', '.join(twice)}; each question of the article has one place")
        return self
