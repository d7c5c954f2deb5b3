"""What makes a trial adequate and failed, how is resistance staged, and which claims rules stand in for it?"""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class DoseTableFile(Fact):
    """Minimum adequate daily dose (mg per day) of each medicine that has one in the source."""

    id: Id
    title: Words
    unit: str
    minimum: dict[Id, Decimal]


class Part(Fact):
    """Fields of a record that rest on another source than the record itself."""

    fields: tuple[str, ...]


class TrialRulesFile(Fact):
    """One definition of adequate, failed and resistant. `steps_needed` failed steps are resistance.

    `parts` names the fields that the defining source does not give, with where they come from.
    """

    id: Id
    title: Words
    dose_table: Id
    minimum_days: int
    bridge: int
    failed_below: Decimal
    failed_inclusive: bool = False
    response_from: Decimal
    combination_start: int
    combination_overlap: int
    score_window: int
    adherence_from: Decimal
    steps_needed: int
    intolerance_counts: bool = False
    classes_needed: int = 1
    parts: tuple[Part, ...] = ()


class Agent(Fact):
    """An augmenting medicine counts from `minimum` mg per day; `level` is the lowest serum level (mmol/L) that counts."""

    ingredient: Id
    minimum: Decimal | None = None
    level: Decimal | None = None


class Step(Strict):
    """`up_to` months or trials give `points`; the last step of a table has no `up_to`."""

    up_to: int | None = None
    points: int


class StageName(Strict):
    up_to: int
    name: Id


class StagingFile(Fact):
    """One staging model, or the agents that augment. Which fields are set depends on the model."""

    id: Id
    title: Words
    rules: Id | None = None
    duration_months: tuple[Step, ...] = ()
    severity: dict[str, int] = Field(default_factory=dict)
    failures: tuple[Step, ...] = ()
    augmentation: Decimal | None = None
    ect: Decimal | None = None
    failed_trial: Decimal | None = None
    resistant_from: Decimal | None = None
    stages: tuple[StageName, ...] = ()
    minimum_days: int | None = None
    needed: int | None = None
    ect_sessions: int | None = None
    psychotherapy_sessions: int | None = None
    agents: tuple[Agent, ...] = ()
    scales: tuple[str, ...] = ()
    note: Words | None = None
    parts: tuple[Part, ...] = ()


class ClaimsFile(Fact):
    """A claims rule: a proxy that knows no outcome. Days count back from the index day, both ends included.

    Any concept of `diagnosis` is enough; none of `excluded` may be there.
    """

    id: Id
    title: Words
    window_days: int
    antidepressants: int | None = None
    antipsychotics: int | None = None
    before_index: int | None = None
    with_antipsychotic: int | None = None
    with_esketamine: int | None = None
    diagnosis: tuple[Id, ...] = ()
    excluded: tuple[Id, ...] = ()
    note: Words
