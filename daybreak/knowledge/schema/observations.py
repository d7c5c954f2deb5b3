"""Which measurements, scores, tests and answers do the rules ask about, and how are they written elsewhere?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Loinc = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,7}-[0-9]|LA[0-9]+-[0-9])$")]


class Change(Fact):
    """Two values of one patient that lie further apart than so many percent of the earlier one are asked about."""

    percent: Annotated[Decimal, Field(gt=0)]


class ObservationKind(Fact):
    """`units` maps a written unit to the factor that turns it into the kind's own unit; `words` maps codes and lower-case
    texts to one of the kind's words. `names` are whole names in lower case without punctuation, for scales that have no code.
    `low` and `high` bound what can be believed; outside, the value is unreadable."""

    id: Id
    title: Words
    loinc: tuple[Loinc, ...] = ()
    local: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    units: dict[str, Decimal] | None = None
    words: dict[str, str] = Field(default_factory=dict)
    low: Decimal | None = None
    high: Decimal | None = None
    change: Change | None = None
    bare: bool = False
    scale: Id | None = None


class AnswerCode(Strict):
    """One answer of a form: its code, its number, and how it is printed (in lower case)."""

    code: str
    value: int
    words: tuple[str, ...] = ()


class ObservationFile(Strict):
    kinds: tuple[ObservationKind, ...]
    answers: tuple[AnswerCode, ...]
    ignored: tuple[Loinc, ...]


class Review(Fact):
    """A code that says that part of the history was reviewed, or that nothing of it is known, and the domains it covers."""

    system: str
    code: str
    title: str
    domains: tuple[Id, ...]


class WordSet(Fact):
    """Codes and phrases that mean one of our words (`meaning`)."""

    meaning: str
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class ReviewFile(Strict):
    lists: tuple[Review, ...]
    none_known: tuple[Review, ...]
    stop_reasons: tuple[WordSet, ...]
    indications: tuple[WordSet, ...]
    procedures: tuple[WordSet, ...]
    procedures_tell_about: tuple[Id, ...]
    systems: dict[str, str]
