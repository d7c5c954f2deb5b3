"""What does somebody agree to: which statements in which order, which questions about them, and for how long does it hold?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Statement(Fact):
    """One thing to know, on a screen of its own."""

    id: Id
    says: Words


class Answer(Strict):
    """One answer that can be chosen; exactly one of a question's is `right`."""

    says: Words
    right: bool = False


class Question(Fact):
    """Has it been understood? `explains` is what a person says when the answer was another one."""

    id: Id
    asks: Words
    answers: Annotated[tuple[Answer, ...], Field(min_length=2)]
    explains: Words

    @model_validator(mode="after")
    def has_one_right_answer(self) -> Question:
        """Otherwise nobody could tell what was understood."""
        if sum(one.right for one in self.answers) != 1:
            raise ValueError("expected exactly one right answer")
        return self


class Document(Fact):
    """What is signed as a whole. Without `protocols` it is a choice beside the treatment, which needs none of it.

    It holds for `lasts_days` from the day of the signature; `renewal_days` before that somebody is asked to renew it. With
    `per_series` it serves one series of treatments: the next one asks for it anew. With
    `signed_at_home` the patient may also sign it by a link; without, they read it there and sign at the clinic.
    """

    id: Id
    title: Words
    about: Words
    protocols: tuple[Id, ...] = ()
    from_years: Annotated[int, Field(ge=0)]
    lasts_days: Annotated[int, Field(ge=1)]
    renewal_days: Annotated[int, Field(ge=0)]
    per_series: bool = False
    signed_at_home: bool = False
    statements: Annotated[tuple[Id, ...], Field(min_length=1)]
    questions: tuple[Id, ...] = ()


class ConsentFile(Strict):
    """One file of `consents/`. A document may name statements and questions of any of these files."""

    statements: tuple[Statement, ...] = ()
    questions: tuple[Question, ...] = ()
    documents: tuple[Document, ...] = ()
