"""What is a form? Questions in one language, in order; pure data, whatever app it comes from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from daybreak.exchange.fhir.dates import read_date
from daybreak.web.refusals import Refused

NOT_SAID, NOT_KNOWN = (
    "not-said",
    "not-known",
)  # answers like any other: that somebody would rather not say, or cannot know
LONGEST = 2000


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    DAY = "day"  # as exactly as it is known: 2024-05-03, 2024-05, 2024
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen: what is stored, and its words."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. It is asked only when an earlier one (`after`) has one of these answers.

    `others` are NOT_SAID and NOT_KNOWN as far as they are offered; `safety`: the answer is looked at the moment it is given.
    """

    id: str
    words: str
    kind: Kind
    options: tuple[Option, ...] = ()
    others: tuple[str, ...] = (NOT_SAID,)
    stem: str = ""
    help: str = ""
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False  # a number without a fraction
    after: tuple[str, frozenset[str]] | None = None
    safety: bool = False
    follows: bool = False  # it follows an answer that calls for somebody: the crisis card stands beside it
    ours: bool = False  # in our own words: the attribution of the form is not about it
    sensitive: bool = False  # the answer is for those who may read what bears a label


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form. `language` is that of its words, which may be another than the reader's."""

    id: str
    title: str
    explained: str
    language: str
    questions: tuple[Question, ...]
    attribution: str = ""

    @property
    def version(self) -> str:
        """Changes when any word or answer of it does."""
        told = json.dumps(asdict(self), sort_keys=True, default=_plain, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def question(self, id: str) -> Question:
        """The question of that id. ValueError when there is none."""
        return self.questions[self.ids.index(id)]

    @property
    def ids(self) -> list[str]:
        """The ids of its questions, in order."""
        return [one.id for one in self.questions]


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def asked(form: Form, answers: Mapping[str, str]) -> list[Question]:
    """The questions that are asked, given these answers; one that hangs on a question that is not asked is not."""
    found: dict[str, Question] = {}
    for question in form.questions:
        if question.after is not None:
            id, values = question.after
            if id not in found or not values.intersection(answers.get(id, "").split(" ")):
                continue
        found[question.id] = question
    return list(found.values())


def first_open(form: Form, answers: Mapping[str, str]) -> Question | None:
    """The first question that is asked and has no answer."""
    return next((one for one in asked(form, answers) if one.id not in answers), None)


def read(question: Question, typed: str) -> str:
    """The answer as it is stored. Refused with a sentence when it is none to this question."""
    text = typed.strip()
    if text in question.others:
        return text
    if not text:
        raise Refused("forms.open")
    return _READERS[question.kind](question, text)


def _choice(question: Question, text: str) -> str:
    if text not in {one.value for one in question.options}:
        raise Refused("forms.no_choice")
    return text


def _several(question: Question, text: str) -> str:
    chosen = set(text.split(" "))
    known = [one.value for one in question.options]
    if not chosen <= set(known):
        raise Refused("forms.no_choice")
    return " ".join(value for value in known if value in chosen)


def _number(question: Question, text: str) -> str:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    low, high = question.low, question.high
    part = question.whole and value.is_finite() and value != value.to_integral_value()
    if part or not value.is_finite() or (low is not None and value < low) or (high is not None and value > high):
        raise Refused("forms.no_number", typed=text[:30], low=low, high=high)
    return f"{value.normalize():f}"


def _day(question: Question, text: str) -> str:
    found = read_date(text) if len(text) <= len("2000-01-01") else None
    if not found:
        raise Refused("forms.no_day", typed=text[:30])
    return text


def _text(question: Question, text: str) -> str:
    if len(text) > LONGEST:
        raise Refused("forms.too_long", most=LONGEST)
    return text.replace("\0", "")


_READERS = {
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
    Kind.TEXT: _text,
}
