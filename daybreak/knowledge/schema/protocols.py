"""What is a criterion, and which criteria make a protocol?"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from daybreak.knowledge.schema.common import Fact, Id, Source, Standing, Strict, Words

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Quantity = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(\.[0-9]+)?( \S+)?$")]


class Bound(Strict):
    """The name of a protocol's bound and its unit (UCUM)."""

    bound: Id
    unit: str | None = None


class Rule(Strict):
    """A leaf (a fact with one test) or a branch (`all_of`, `any_of`).

    `with` are arguments of the fact; `bounds` names those of the protocol line that are passed as arguments, `pairs` makes
    one argument of several bounds; "$name" in `with` is replaced by the line's own `with`. `period` false: no period of
    validity is an argument of this fact; a name: that period instead of the line's.
    """

    fact: Name | None = None
    with_: dict[Name, Any] = Field(default_factory=dict, alias="with")
    bounds: tuple[Id, ...] = ()
    pairs: dict[Name, tuple[Id, ...]] = Field(default_factory=dict)
    period: bool | Id = True
    is_: bool | None = Field(default=None, alias="is")
    at_least: Bound | None = None
    at_most: Bound | None = None
    below: Bound | None = None
    all_of: tuple[Rule, ...] = ()
    any_of: tuple[Rule, ...] = ()


class CriterionEntry(Strict):
    """A criterion by name. `stricter` tells for each bound whether a higher or a lower value is the stricter one.

    `change` says what would change a "not met" or "unknown"; it never tells anybody to stop a medicine.
    """

    id: Name
    title: Words
    rule: Rule
    stricter: dict[Id, Literal["higher", "lower"]] = Field(default_factory=dict)
    change: Words


class CriteriaFile(Strict):
    criteria: tuple[CriterionEntry, ...]


class Period(Fact):
    """How long an answer can be relied on."""

    id: Id
    days: int | None = None
    minutes: int | None = None


class PeriodsFile(Strict):
    periods: tuple[Period, ...]


class Deadline(Fact):
    """Within how many days somebody has to act."""

    id: Id
    days: int = Field(ge=0)


class DeadlinesFile(Strict):
    deadlines: tuple[Deadline, ...]


class Line(Fact):
    """One criterion of a protocol with its numbers, weight and source.

    `bounds` are quantities ("140 mm[Hg]"); `bounds_from` says where they come from when that is not the line's own source.
    """

    criterion: Name
    when: Literal["screening", "before_each_dose"] = "screening"
    strength: Literal["absolute", "required", "relative", "caution"]
    override: Literal["none", "prescriber", "two_signatures"]
    bounds: dict[Id, Quantity] = Field(default_factory=dict)
    bounds_source: Source | None = None
    bounds_standing: Standing | None = None
    with_: dict[Name, Any] = Field(default_factory=dict, alias="with")
    valid_for: Id | None = None


class ProtocolFile(Fact):
    """A protocol, or a clinic's overlay of one (`over`). `about` says what it is and what it is not, in one
    sentence; `short` names it where several stand side by side."""

    id: Id
    title: Words
    short: Words | None = None
    about: Words
    product: Id
    route: Id
    off_label: bool = False
    country: str | None = None
    trial_rules: Id | None = None
    over: Id | None = None
    criteria: tuple[Line, ...]


class PayerFile(Fact):
    """What one payer asks for. Never a clinical finding."""

    id: Id
    title: Words
    read: date | None = None
    trial_rules: Id
    criteria: tuple[Line, ...]
    not_computed: tuple[Words, ...] = ()
