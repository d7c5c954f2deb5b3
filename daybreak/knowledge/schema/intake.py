"""What is asked before the first visit: one form in our own plain words."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Choice(Strict):
    """An answer that can be chosen. `value` is a word of the record: an id of a condition, a reply, a reason."""

    value: Id
    words: Words


class After(Strict):
    """Asked only after one of these answers to an earlier question."""

    question: Id
    values: tuple[Id, ...]


class Asked(Strict):
    """One question. `from_list` offers all antidepressants; `each` asks it once for every one that was chosen there.

    `unnamed`: what the record says when there is something, and the patient did not say what.
    """

    id: Id
    kind: Literal["choice", "several", "number", "day", "text"]
    words: Words
    help: Words | None = None
    unnamed: Words | None = None
    options: tuple[Choice, ...] = ()
    from_list: Literal["antidepressants"] | None = None
    each: Id | None = None
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    may_be_unknown: bool = True
    sensitive: bool = False
    after: After | None = None


class IntakeFile(Fact):
    """The whole form; `then` are rating scales whose published wording follows.

    `nothing`: what somebody types, in lower case, who has nothing to name.
    """

    title: Words
    explained: Words
    questions: tuple[Asked, ...]
    then: tuple[Id, ...] = ()
    nothing: tuple[str, ...]

    @model_validator(mode="after")
    def _what_hangs_on_what(self) -> IntakeFile:
        seen: dict[str, Asked] = {}
        for one in self.questions:
            if one.id in seen:
                raise ValueError(f"the question {one.id} stands here twice")
            for before in filter(None, (one.each, one.after and one.after.question)):
                if before not in seen:
                    raise ValueError(f"{one.id} hangs on {before}, which is not asked before it")
            if one.after and not seen[one.after.question].from_list and one.after.question not in (one.each,):
                known = {choice.value for choice in seen[one.after.question].options}
                if not set(one.after.values) <= known:
                    raise ValueError(f"{one.id} waits for an answer that {one.after.question} does not have")
            if (one.kind in ("choice", "several")) != bool(one.options or one.from_list):
                raise ValueError(f"{one.id}: a choice has options and nothing else has")
            seen[one.id] = one
        return self
