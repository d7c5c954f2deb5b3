"""What do a clinic's own records answer to a question that a stranger asks of it?

Each question has one measure, and only that measure answers it. What nobody wrote down counts as not done, so a record that is
taken away never makes an answer better. Counts below the small number leave as "fewer than", also where the others would give
them away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a measure counts: in how many of all something was so; the middle of figures; how many there were; what the clinic
    states; in how many of all something bad happened."""

    SHARE = "share"
    MIDDLE = "middle"
    TOTAL = "total"
    STATED = "stated"
    HARM = "harm"


class Said(StrEnum):
    """The answer. COUNTED: a figure that is neither yes nor no. TOO_FEW: of fewer than the small number."""

    YES = "yes"
    IN_PART = "in_part"
    NO = "no"
    COUNTED = "counted"
    STATED = "stated"
    EXPIRED = "expired"
    TOO_FEW = "too_few"
    NOT_RECORDED = "not_recorded"


class How(StrEnum):
    """How a number is shown: as it is, as fewer than the small number, or as all but fewer than that."""

    EXACT = "exact"
    FEWER = "fewer"
    ALL_BUT = "all_but"


@dataclass(frozen=True, slots=True)
class Measure:
    """`plain`: neither more nor less of it is good, so it is never a yes."""

    id: str
    kind: Kind
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """It was so in `n` of `of`; of `unknown` of the others nobody wrote down whether it was. Of a middle: the `values` that
    were written down, of so many. Of a total: `n` things in `of` people."""

    n: int = 0
    of: int = 0
    unknown: int = 0
    values: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if min(self.n, self.of, self.unknown, *self.values) < 0:
            raise ValueError("nothing is counted below zero")
        if len(self.values) > self.of:
            raise ValueError(f"{len(self.values)} values of {self.of}: expected no more than all")


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody who may states it for the clinic, from one day until before another."""

    text: str
    by: str
    on: date
    until: date
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it may leave the clinic; of FEWER and ALL_BUT the small number."""

    how: How
    value: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a card says. Without `n`: there is none, or it may not be shown. `worst`: of a harm, if it was so wherever
    nobody knows."""

    question: str
    measure: str
    said: Said
    first: date
    last: date
    n: Shown | None = None
    of: Shown | None = None
    unknown: Shown | None = None
    worst: Shown | None = None
    value: int | None = None
    statement: Statement | None = None


def answers(
    asked: Mapping[str, Measure],
    counts: Mapping[str, Count],
    statements: Mapping[str, Statement],
    *,
    first: date,
    last: date,
    on: date,
    small: int,
) -> tuple[Answer, ...]:
    """To each question (`asked`: by its id its one measure), from the count of that measure and no other, in order."""
    return tuple(
        _stated(question, one, statements.get(one.id), first, last, on)
        if one.kind is Kind.STATED
        else _counted(question, one, counts.get(one.id), first, last, small)
        for question, one in asked.items()
    )


def _stated(question: str, one: Measure, found: Statement | None, first: date, last: date, on: date) -> Answer:
    if found is None:
        return Answer(question, one.id, Said.NOT_RECORDED, first, last)
    said = Said.STATED if found.on <= on < found.until else Said.EXPIRED
    return Answer(question, one.id, said, first, last, statement=found)


def _counted(question: str, one: Measure, found: Count | None, first: date, last: date, small: int) -> Answer:
    if found is None or found.of == 0:
        return Answer(question, one.id, Said.NOT_RECORDED, first, last)
    of = Shown(How.FEWER, small) if found.of < small else Shown(How.EXACT, found.of)
    if one.kind is Kind.HARM:
        worst = _shown(found.n + found.unknown, found.of, small, harm=True)
        n = _shown(found.n, found.of, small, harm=True)
        return Answer(question, one.id, Said.COUNTED, first, last, n=n, of=of, worst=worst)
    if found.of < small:
        return Answer(question, one.id, Said.TOO_FEW, first, last, of=of)
    if one.kind is Kind.MIDDLE:
        return _middle(Answer(question, one.id, Said.COUNTED, first, last, of=of), found, small)
    if one.kind is Kind.TOTAL:
        return Answer(question, one.id, Said.COUNTED, first, last, n=_shown(found.n, found.n, small), of=of)
    n, unknown = _shown(found.n, found.of, small), _unknown(found, small)
    return Answer(question, one.id, _said(one, found), first, last, n=n, of=of, unknown=unknown)


def _said(one: Measure, found: Count) -> Said:
    if found.unknown >= found.of:
        return Said.NOT_RECORDED
    if one.plain:
        return Said.COUNTED
    if found.n == found.of:
        return Said.YES
    return Said.IN_PART if found.n else Said.NO


def _middle(bare: Answer, found: Count, small: int) -> Answer:
    """What nobody wrote down counts as nothing, so leaving out the small ones does not raise the middle."""
    known = len(found.values)
    if known < small:
        said = Said.TOO_FEW if known else Said.NOT_RECORDED
        return Answer(bare.question, bare.measure, said, bare.first, bare.last, of=bare.of)
    every = sorted((*found.values, *(0 for _ in range(found.of - known))))
    value = every[(len(every) - 1) // 2]
    n = _shown(known, found.of, small)
    return Answer(bare.question, bare.measure, bare.said, bare.first, bare.last, n=n, of=bare.of, value=value)


def _shown(n: int, of: int, small: int, *, harm: bool = False) -> Shown:
    """Nothing at all is shown as it is; of a harm it is "fewer than" as well, or one that is left out would show."""
    if n < small and (n or harm):
        return Shown(How.FEWER, small)
    return Shown(How.ALL_BUT, small) if 0 < of - n < small else Shown(How.EXACT, n)


def _unknown(found: Count, small: int) -> Shown | None:
    """None where it would give away how many of the rest there were."""
    parts = (found.n, found.unknown, found.of - found.n - found.unknown)
    return None if any(0 < one < small for one in parts) else Shown(How.EXACT, found.unknown)


def quarter_end(day: date) -> date:
    """The last day of the last quarter that is wholly over: so two cards never differ by a day, and with it by one person."""
    begins = date(day.year, day.month - (day.month - 1) % 3, 1)
    return begins - timedelta(days=1)


def merged(lengths: Sequence[timedelta], people: Iterable[int], *, small: int) -> timedelta:
    """The shortest time in which enough people were treated; the longest when there never were."""
    return next((one for one, n in zip(lengths, people, strict=True) if n >= small), lengths[-1])
