"""What does a session have to keep, as its protocol and its site have it? (the knowledge and the signed limits fill it in)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum


class Effect(StrEnum):
    """What an answer before the dose does: nothing stands in the way, a prescriber decides, or no dose today."""

    GO = "go"
    DECIDE = "decide"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the card before the dose, and what each of its answers does. Any other answer goes to a prescriber.
    `after`: asked once that other question is answered otherwise than with one of `unless`."""

    id: str
    effects: Mapping[str, Effect]
    after: str = ""
    unless: tuple[str, ...] = ()

    def effect(self, answer: str) -> Effect:
        return self.effects.get(answer, Effect.DECIDE)

    def follows(self, before: Iterable[str]) -> bool:
        """Is it asked, with these answers to the one it comes after? One that is not answered yet holds by itself."""
        return not self.after or any(one not in self.unless for one in before)


@dataclass(frozen=True, slots=True)
class Bound:
    """How a row has to be before somebody leaves: against its own value before the dose, or as it is; in that part of it.
    `own`: what is beyond the line and was no better before the dose is as it was. Not `needed`: where nobody wrote it down that
    is said, and holds nobody."""

    row: str
    part: str = ""
    most_above: Decimal | None = None
    most_below: Decimal | None = None
    most: Decimal | None = None
    least: Decimal | None = None
    own: bool = False
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something to be seen before somebody leaves: rows within bounds, or a question answered so. `gates`: nobody leaves
    without it; what does not gate becomes a task. `stays`: another answer before it has to be let pass by a prescriber."""

    id: str
    gates: bool
    bounds: tuple[Bound, ...] = ()
    question: str = ""
    answers: tuple[str, ...] = ()
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """`None`: nobody has said, and what needs it is not cleared. `no_driving_hours`: by drug; of any other the most of them."""

    questions: tuple[Question, ...] = ()
    rows_before: tuple[str, ...] = ()
    fresh_before: timedelta | None = None  # how old these may be when the dose is given
    between_devices: timedelta | None = None
    second_person: bool = True
    watch_from_first: timedelta | None = None  # none by the protocol: the other decides
    watch_after_last: timedelta | None = None
    seen_within: timedelta = timedelta(0)  # how old a check may be when somebody leaves
    leaving: tuple[Criterion, ...] = ()
    no_driving_hours: Mapping[str, int] = field(default_factory=dict)  # 0: the night alone
