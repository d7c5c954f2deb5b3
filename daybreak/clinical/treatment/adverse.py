"""How does an adverse event stand: is it serious, does it contradict itself, and what is still owed about it?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

YES, NO, UNKNOWN = ANSWERS = ("yes", "no", "unknown")


class Course(StrEnum):
    """Is it over?"""

    ENDED = "ended"
    ONGOING = "ongoing"
    UNKNOWN = "unknown"


class Owed(StrEnum):
    """What somebody still has to do."""

    REVIEW = "review"
    REPORT = "report"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class When:
    """A moment as it was told: of a day without an hour it is known between when."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Death:
    """The answers that say that somebody died."""

    criterion: str
    grade: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told of an event; "" and None are unknown. `serious`: by criterion its answer."""

    onset: When | None = None
    end: When | None = None
    course: Course = Course.UNKNOWN
    grade: str = ""
    outcome: str = ""
    serious: Mapping[str, str] = field(default_factory=dict)


def serious(answers: Mapping[str, str], criteria: Collection[str]) -> str:
    """One criterion that is met is enough; not serious is only what every one of them says no to."""
    found = [answers.get(one, UNKNOWN) for one in criteria]
    if YES in found:
        return YES
    return NO if found and all(one == NO for one in found) else UNKNOWN


def contradictions(told: Told, death: Death, now: datetime) -> Iterator[str]:
    """What cannot be so, by name: what has not been yet, what ended before it began, a death and none."""
    moments = [one for one in (told.onset, told.end) if one]
    if any(one.earliest > now for one in moments):
        yield "not_yet"
    if told.onset and told.end and told.end.latest < told.onset.earliest:
        yield "ends_before"
    if told.end and told.course is not Course.ENDED:
        yield "not_over"
    if {True, False} <= set(_died(told, death)):
        yield "death_and_none"


def _died(told: Told, death: Death) -> Iterator[bool]:
    """Did they die, by each answer that is known?"""
    criterion = told.serious.get(death.criterion, UNKNOWN)
    if criterion != UNKNOWN:
        yield criterion == YES
    if told.grade:
        yield told.grade == death.grade
    if told.outcome:
        yield told.outcome == death.outcome


def owed(*, serious: str, reviewed: bool, reported: bool) -> Owed:
    """A review of what counts now; and of what is serious, or may be, a report, or somebody's word that none is made."""
    if not reviewed:
        return Owed.REVIEW
    return Owed.NOTHING if serious == NO or reported else Owed.REPORT


@dataclass(frozen=True, slots=True)
class Word:
    """One version of an event: when it was told, whether it was serious by it, and whether all that it owed was done before the
    next one."""

    told: datetime
    serious: str
    settled: bool


def since(words: Sequence[Word]) -> datetime:
    """From when on the days of the last one are counted: from the first that was not settled, of what may be serious from the
    first that may have been. A correction gives nobody new days. `words` from the first to the last, at least one."""
    last, found = words[-1], words[-1].told
    for one in reversed(words[:-1]):
        if one.settled:
            break
        if last.serious == NO or one.serious != NO:
            found = one.told
    return found
