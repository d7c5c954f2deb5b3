"""What can an answer be, and what does it carry?

Three-valued (Kleene) answers with their reasons. Missing is never "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import Any, Final, NamedTuple


class Unreadable(Enum):
    """A field that was recorded but cannot be known: unreadable, withheld, in a unit nobody understands.

    `None` in a record means "not recorded". The two differ where not recording has a meaning of its own
    (no indication written beside an antidepressant, say). No fallback may replace `UNREADABLE`.
    """

    UNREADABLE = "unreadable"

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE: Final = Unreadable.UNREADABLE


class Verdict(StrEnum):
    """`MET` means "no obstacle here", `NOT_MET` "an obstacle", `UNKNOWN` "not enough known"."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


MET: Final = Verdict.MET
NOT_MET: Final = Verdict.NOT_MET
UNKNOWN: Final = Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: an id whose sentences are knowledge (in every language) and the values that the sentence uses.

    A value is a number, a date, a string as recorded, or a `Term` (a word of ours that is translated).
    """

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.id, frozenset(self.values.items())))


@dataclass(frozen=True, slots=True)
class Term:
    """A word of ours inside a reason, translated when the sentence is made: `Term("concept.psychosis")`."""

    id: str


class Evidence(NamedTuple):
    """One record that an answer rests on: its reference (`Condition/x`), what it says, and its date if it has one."""

    resource: str
    text: str
    date: str | None = None


class Answer(NamedTuple):
    """A verdict with everything that led to it.

    `missing` says what would have to be known; `review_on` is the first day on which time alone may change the verdict.
    """

    verdict: Verdict
    reason: Reason
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Reason, ...] = ()
    review_on: date | None = None


def conjunction(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene conjunction: one NOT_MET decides, else one UNKNOWN, else MET."""
    unknown = False
    for verdict in verdicts:
        if verdict is NOT_MET:
            return NOT_MET
        if verdict is UNKNOWN:
            unknown = True
    return UNKNOWN if unknown else MET


def disjunction(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene disjunction: one MET decides, else one UNKNOWN, else NOT_MET."""
    unknown = False
    for verdict in verdicts:
        if verdict is MET:
            return MET
        if verdict is UNKNOWN:
            unknown = True
    return UNKNOWN if unknown else NOT_MET
