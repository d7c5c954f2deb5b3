"""What is known about one patient at one moment?

A `Chart` holds only what somebody recorded, each record with its reference. No rows is not no history: which parts of
the history somebody reviewed, and when, stands in `coverage`.

In every record `None` means "not recorded" and `UNREADABLE` means "recorded, but cannot be known" (see `answers`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from daybreak.clinical.answers import Reason, Unreadable


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A day, or the span of days that a partial date leaves open ("2012" is 1 January to 31 December). Inclusive."""

    earliest: date
    latest: date

    @property
    def exact(self) -> bool:
        return self.earliest == self.latest

    def __str__(self) -> str:
        if self.exact:
            return self.earliest.isoformat()
        if (self.earliest.month, self.earliest.day, self.latest.month, self.latest.day) == (1, 1, 12, 31):
            return f"{self.earliest.year:04d}"
        return self.earliest.isoformat()[:7]


def on(day: date) -> When:
    """The whole of one known day."""
    return When(day, day)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment a decision is made for. A day includes all of that day; `instant` is set when the minute matters (UTC)."""

    day: date
    instant: datetime | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A code as recorded. `system` is one of our short names (`icd-10-cm`, `snomed`, `rxnorm`, `loinc`, `atc` …) or the URI."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """`sex` is `female`, `male`, `other` or None; `deceased` is a date, True (date unknown), False or None (not recorded)."""

    id: str
    ref: str
    birth: When | Unreadable | None = None
    sex: str | Unreadable | None = None
    deceased: When | bool | Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A diagnosis or problem.

    `concepts` are the ids of our value sets that the codes (or, failing those, the name) belong to; empty, with nothing
    `possible` either, means unmapped: it could be anything. `possible` are concepts that the wording leaves open
    ("depression" for major depression, a negated or family-history wording). `clinical` is FHIR's condition-clinical
    code, `verification` its condition-ver-status.
    """

    ref: str
    text: str
    concepts: frozenset[str] | Unreadable = frozenset()
    possible: frozenset[str] = frozenset()
    clinical: str | Unreadable | None = None
    verification: str | Unreadable | None = None
    onset: When | Unreadable | None = None
    abatement: When | Unreadable | None = None
    recorded: When | None = None
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Exposure:
    """A medicine over time.

    `ingredients` are ids of `knowledge/medicines`; empty means unmapped (the name stands in `text`), UNREADABLE that
    nobody can tell what it was. `dose` is mg per day (for a patch mg/24 h).
    `status` is `active`, `ended` (completed or stopped), `planned`, `held` or None. `stop` is `no effect`,
    `helped`, `intolerance`, `other` or None. `improvement` is a percentage on whatever was recorded. `indication` is
    `depression`, `other` or None. `adherence` is the percentage of doses taken. `kind` is the resource type or form it came from:
    records of one kind add up, records of different kinds describe the same course.
    """

    ref: str
    text: str
    ingredients: tuple[str, ...] | Unreadable = ()
    dose: Decimal | Unreadable | None = None
    start: When | Unreadable | None = None
    end: When | Unreadable | None = None
    status: str | Unreadable | None = None
    stop: str | Unreadable | None = None
    improvement: Decimal | Unreadable | None = None
    indication: str | Unreadable | None = None
    adherence: Decimal | Unreadable | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """A measurement, a score, a test or an answer.

    `kind` is an id of `knowledge/observations.yaml` (`systolic`, `phq-9`, `phq-9.item-9`, `pregnancy_status` …).
    `value` is a Decimal in the unit of that kind, or one of the words that the kind allows. `instant` is UTC.
    """

    ref: str
    kind: str
    value: Decimal | str | Unreadable | None
    when: When | Unreadable | None = None
    instant: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Allergy:
    """An allergy or intolerance. `substances` are ids of `knowledge/medicines`; empty means unmapped."""

    ref: str
    text: str
    substances: frozenset[str] | Unreadable = frozenset()
    clinical: str | Unreadable | None = None
    verification: str | Unreadable | None = None
    kind: str | None = None
    recorded: When | None = None


@dataclass(frozen=True, slots=True)
class KetamineExposure:
    """An earlier dose of ketamine or esketamine. `response` is `bad`, `good`, `none` or None (not recorded)."""

    ref: str
    text: str
    drug: str
    when: When | Unreadable | None = None
    dose: Decimal | Unreadable | None = None
    route: str | None = None
    response: str | Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Therapy:
    """A course that is no medicine: `kind` is `psychotherapy`, `ect`, `tms`, `vns` or `dbs`. `improvement` in percent."""

    ref: str
    text: str
    kind: str
    start: When | Unreadable | None = None
    end: When | Unreadable | None = None
    sessions: int | Unreadable | None = None
    improvement: Decimal | Unreadable | None = None
    stop: str | Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Encounter:
    """A stay in a hospital. `concepts` are those of its recorded reasons."""

    ref: str
    text: str
    concepts: frozenset[str] = frozenset()
    start: When | Unreadable | None = None
    end: When | Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """The present depressive episode, as somebody recorded it."""

    ref: str
    start: When | Unreadable | None = None
    severity: str | Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who reviewed which part of the history, and when. `by` is a name or None (not recorded).

    `domain` is one of `DOMAINS`.
    """

    domain: str
    reviewed_on: date
    by: str | None = None
    source: str = ""


DOMAINS = (
    "conditions",
    "medicines",
    "antidepressant_trials",
    "allergies",
    "substance_use",
    "psychiatric_history",
    "earlier_ketamine",
    "reproductive",
)


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A record whose code we do not know: shown to a human, never dropped. `domain` is what it would have told about."""

    ref: str
    code: str
    text: str
    domain: str | None = None
    recorded: When | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: where, and a reason that says what was expected and what to do."""

    place: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything known about one patient. `problems` are records of this patient that could not be read."""

    patient: Patient
    conditions: tuple[Condition, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    observations: tuple[Observation, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    ketamine: tuple[KetamineExposure, ...] = ()
    therapies: tuple[Therapy, ...] = ()
    episode: Episode | None = None
    coverage: tuple[Coverage, ...] = ()
    encounters: tuple[Encounter, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    problems: tuple[Problem, ...] = ()
