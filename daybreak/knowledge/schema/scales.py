"""What is a valid rating scale file: items, method, bands, cuts, change, codes and licence, each with its source?

Item numbers count from 1, as on the form.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, StringConstraints, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Text = Annotated[str, StringConstraints(min_length=1)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Item = Annotated[int, Field(strict=True, ge=1)]
LoincCode = Annotated[str, StringConstraints(pattern=r"^(LA)?\d+-\d$")]


class Limit(Strict):
    at_least: StrictInt | None = None
    at_most: StrictInt | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least, at_most or both")
        return self


class Named(Fact):
    """A plain statement: the edition, who answers, the period that is asked about."""

    is_: Text = Field(alias="is")


class Run(Strict):
    """Items in a row with the same answers. `reversed` are those whose points run the other way."""

    count: Item
    answers: list[StrictInt] | dict[str, StrictInt] | Literal["boolean"]
    reversed: tuple[Item, ...] = ()


class Items(Fact):
    runs: list[Run]


class Prorate(Fact):
    blanks: Item


class SumMethod(Fact):
    name: Literal["sum"]
    prorate: Prorate | None = None


class GroupOfItems(Strict):
    name: Key
    needs: list[list[Item]]


class MaxOfGroupsMethod(Fact):
    name: Literal["max of groups"]
    groups: list[GroupOfItems]


class SkipRule(Fact):
    when_zero: list[Item]
    skipped: list[Item]
    strict: bool = False


class SexCuts(Fact):
    by_sex: dict[str, StrictInt]
    otherwise: StrictInt


class SkipAwareSumMethod(Fact):
    name: Literal["skip-aware sum"]
    skips: list[SkipRule]
    sex_cut: SexCuts | None = None


class SumUnlessRetiredMethod(Fact):
    name: Literal["sum unless retired"]
    item: Item


class TriageQuestion(Fact):
    name: Key
    level: Text
    after: Key | None = None


class ScreenerTriageMethod(Fact):
    name: Literal["screener triage"]
    levels: list[Text]
    questions: list[TriageQuestion]

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        names: list[str] = []
        for question in self.questions:
            if question.level not in self.levels:
                raise ValueError(f"the level {question.level!r} of {question.name} is none of {self.levels}")
            if question.after is not None and question.after not in names:
                raise ValueError(f"{question.name} comes after {question.after!r}, which does not stand before it")
            names.append(question.name)
        return self


class CountWithFollowUpsMethod(Fact):
    name: Literal["count with follow-ups"]
    needed: Item
    due_from: Item
    problems: list[Text]
    serious: list[Text]


class LevelMethod(Fact):
    name: Literal["level"]


Method = Annotated[
    SumMethod
    | MaxOfGroupsMethod
    | SkipAwareSumMethod
    | SumUnlessRetiredMethod
    | ScreenerTriageMethod
    | CountWithFollowUpsMethod
    | LevelMethod,
    Field(discriminator="name"),
]


class MultipleOf(Fact):
    kind: Literal["multiple"]
    key: Key
    by: StrictInt


class SubtotalOf(Fact):
    kind: Literal["subtotal"]
    key: Key
    items: list[Item]


class AnyOf(Strict):
    items: list[Item]
    limit: Limit


class AnyItemOf(Fact):
    kind: Literal["any item"]
    key: Key
    any: list[AnyOf]
    or_total: Limit | None = None


class OnlyItemOf(Fact):
    kind: Literal["only item"]
    key: Key
    item: Item


class ClustersOf(Fact):
    kind: Literal["clusters"]
    key: Key
    met_key: Key
    counts: Limit
    groups: list[list[Item]]
    needs: list[Item]


class SyndromeName(Strict):
    symptoms: Item
    name: Text


class SyndromeOf(Fact):
    kind: Literal["syndrome"]
    key: Key
    present: list[StrictInt]
    core: list[Item]
    names: list[SyndromeName]
    otherwise: Text


Also = Annotated[
    MultipleOf | SubtotalOf | AnyItemOf | OnlyItemOf | ClustersOf | SyndromeOf, Field(discriminator="kind")
]


class Step(Strict):
    """A name that holds up to and including the total `to`."""

    to: StrictInt
    name: Text
    words: Words


class Bands(Fact):
    key: Literal["band", "band_alt"] = "band"
    title: Text
    steps: list[Step]

    @model_validator(mode="after")
    def _rising(self) -> Self:
        ends = [step.to for step in self.steps]
        if ends != sorted(set(ends)):
            raise ValueError(f"the steps must rise, not {ends}")
        return self


class CutOff(Fact):
    key: Key
    at_least: StrictInt | None = None
    at_most: StrictInt | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        Limit(at_least=self.at_least, at_most=self.at_most)
        return self


class SafetyItem(Fact):
    item: Item
    at_least: StrictInt


class ResponseRule(Fact):
    percent: Decimal


class MeaningfulChange(Fact):
    """An improvement of so many points, or so many percent of the first total."""

    id: Id
    points: Decimal | None = None
    percent: Decimal | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.points is None) == (self.percent is None):
            raise ValueError("give either points or percent")
        return self


class ReliableChange(Fact):
    """Published figures differ: `possibly` is the lowest of them, `surely` the highest."""

    possibly: Decimal
    surely: Decimal


class WorseFlag(Fact):
    points: Decimal


class RelapseRule(Fact):
    """After a response: so many totals `in_a_row` of at least so much, the first and the last so many days apart."""

    at_least: StrictInt
    in_a_row: StrictInt = Field(ge=1)
    days_apart: StrictInt = Field(ge=0)
    note: str | None = None


class Change(Strict):
    higher_is: Literal["worse", "better"]
    response: ResponseRule | None = None
    relapse: RelapseRule | None = None
    remission: tuple[CutOff, ...] = ()
    meaningful: tuple[MeaningfulChange, ...] = ()
    reliable: ReliableChange | None = None
    worse: WorseFlag | None = None

    @model_validator(mode="after")
    def _relapse_follows_a_response(self) -> Self:
        if self.relapse and not self.response:
            raise ValueError("a relapse comes after a response: give response too, or leave relapse out")
        return self


class Loinc(Fact):
    panel: LoincCode | None = None
    total: LoincCode | None = None
    items: tuple[LoincCode, ...] = ()
    others: dict[str, LoincCode] = Field(default_factory=dict)
    answers: tuple[LoincCode, ...] = ()


class Licence(Fact):
    """`ship`: the wording is in the package. `pack`: in a pack of its own. `score only`: item numbers, no wording."""

    tier: Literal["ship", "pack", "score only"]
    reason: Text
    conditions: tuple[Text, ...] = ()


class Note(Fact):
    """A trap or a limit that whoever shows or uses the score must know."""

    text: Text


class Roughly(Strict):
    """A total and the totals of other scales that it roughly equals, lowest and highest."""

    total: StrictInt
    ids_sr30: list[StrictInt]
    ham_d17: list[StrictInt]


class Conversion(Fact):
    """For display as "roughly equals" only; never stored as a rating."""

    rows: list[Roughly]


class Scale(Strict):
    """One file of `scales/`."""

    id: Id
    title: Words
    edition: Named
    respondent: Named
    recall: Named
    items: Items
    method: Method
    bands: tuple[Bands, ...] = ()
    cuts: tuple[CutOff, ...] = ()
    also: tuple[Also, ...] = ()
    safety: SafetyItem | None = None
    change: Change
    loinc: Loinc | None = None
    licence: Licence
    conversion: Conversion | None = None
    notes: tuple[Note, ...] = ()

    @model_validator(mode="after")
    def _fits_its_items(self) -> Self:
        size = sum(run.count for run in self.items.runs)
        named = [self.safety.item] if self.safety else []
        if isinstance(self.method, MaxOfGroupsMethod):
            named += [item for group in self.method.groups for part in group.needs for item in part]
        if isinstance(self.method, SkipAwareSumMethod):
            named += [item for skip in self.method.skips for item in (*skip.when_zero, *skip.skipped)]
        for extra in self.also:
            if isinstance(extra, SyndromeOf) and len(extra.present) != size:
                raise ValueError(f"{extra.key}: 'present' has {len(extra.present)} limits, the scale {size} items")
            if isinstance(extra, ClustersOf) and len(extra.groups) != len(extra.needs):
                raise ValueError(f"{extra.key}: {len(extra.groups)} groups, but {len(extra.needs)} needs")
            if isinstance(extra, SubtotalOf):
                named += extra.items
            if isinstance(extra, ClustersOf):
                named += [item for group in extra.groups for item in group]
        beyond = sorted({item for item in named if item > size})
        if beyond:
            raise ValueError(f"items {beyond} are named, but the scale has {size} items")
        return self
