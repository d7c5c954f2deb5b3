"""What is a valid wording: the published text of one scale in one language, and where it was compared?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from daybreak.knowledge.schema.common import Fact, Id

Text = Annotated[str, StringConstraints(min_length=1)]


class Wording(Fact):
    """One file of `wordings/LANGUAGE/`, named `SCALE.LANGUAGE.yaml`. Never a translation of our own.

    `answers` are in the order of the points from 0; `difficulty` is a question that is asked but never added.
    """

    scale: Id
    language: Literal["en", "zh-Hans"]
    stem: Text
    items: tuple[Text, ...]
    answers: tuple[Text, ...]
    difficulty: Text | None = None
    difficulty_answers: tuple[Text, ...] = ()
    attribution: Text
    note: str | None = None
