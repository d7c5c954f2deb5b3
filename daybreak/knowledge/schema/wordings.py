"""What is a valid wording: the published text of one scale in one language, and where it was compared?"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from daybreak.knowledge.schema.common import Fact, Id

Text = Annotated[str, StringConstraints(min_length=1)]


class Wording(Fact):
    """One file of `wordings/LANGUAGE/`, named `SCALE.LANGUAGE.yaml`. What is published is never translated by us.

    `answers` are in the order of the scale's points. Where each item has its own, `anchors` has them item by item; an empty
    list there means that the points stand alone. `difficulty` is a question that is asked but never added.
    """

    scale: Id
    language: Literal["en", "zh-Hans"]
    stem: Text
    items: tuple[Text, ...]
    answers: tuple[Text, ...] = ()
    anchors: tuple[tuple[Text, ...], ...] = ()
    difficulty: Text | None = None
    difficulty_answers: tuple[Text, ...] = ()
    attribution: Text
    note: str | None = None

    @model_validator(mode="after")
    def _answers_once(self) -> Self:
        if bool(self.answers) == bool(self.anchors):
            raise ValueError("give either answers, or anchors item by item")
        if self.anchors and len(self.anchors) != len(self.items):
            raise ValueError(f"{len(self.anchors)} anchors for {len(self.items)} items; give one list for each")
        return self
