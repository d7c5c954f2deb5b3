"""What do published kinetic models say, between people too, and what was measured?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
Printed = Annotated[str, StringConstraints(min_length=1)]
Way = Literal["iv", "nasal", "oral", "sublingual", "rectal"]
NASAL = frozenset(
    (
        *("fraction", "later", "nose_per_h", "swallowed_h", "gut_per_h", "past_gut", "central_l", "shallow_l"),
        *("shallow_l_per_h", "deep_l", "deep_l_per_h", "liver_l", "liver_l_per_h", "eliminated_per_h"),
        *(
            "metabolised_per_h",
            "most_mg",
            "youngest",
            "oldest",
            "older_than",
            "liver_l_per_h_less_per_year",
            "japanese_fraction",
            "asian_eliminated",
        ),
    )
)
# What each shape has to tell, and what it may.
NEEDS = {
    "shares": {"litres_per_kg", "out", "to_shallow", "from_shallow"},
    "volumes": {"at_kg", "litres", "out_l_per_h", "shallow_l", "shallow_l_per_h", "deep_l", "deep_l_per_h"},
    "nasal": NASAL,
}
MAY = {"shares": {"to_deep", "from_deep"}}


class Parameter(Fact):
    """A number of a model, as it is printed, in its unit."""

    id: Name
    value: Annotated[Decimal, Field(gt=0)]
    unit: Printed


class Model(Strict):
    """The parameters that its shape needs, and no other."""

    id: Id
    title: Words
    drug: Literal["ketamine", "esketamine"]
    way: Literal["iv", "nasal"]
    shape: Literal["shares", "volumes", "nasal"]
    sampled: Words
    people: Words
    parameters: tuple[Parameter, ...]
    between: tuple[Parameter, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Model:
        told = [one.id for one in self.parameters]
        needs, may = NEEDS[self.shape], MAY.get(self.shape, set())
        if len(told) != len(set(told)) or not needs <= set(told) <= needs | may:
            raise ValueError(f"{self.id}: a model of shape {self.shape} has {sorted(needs)}, may have {sorted(may)}")
        if ("to_deep" in told) != ("from_deep" in told):
            raise ValueError(f"{self.id}: to_deep and from_deep come together")
        if not {one.id for one in self.between} <= set(told):
            raise ValueError(f"{self.id}: people differ in what the model has: {sorted(told)}")
        return self


class Observed(Fact):
    """What was measured, as printed. With `over`, `at` (minutes) and one of the doses a model can be held against it."""

    id: Annotated[int, Field(gt=0)]
    drug: Printed
    way: Way
    dose: Printed | None = None
    form: Printed | None = None
    people: Printed | None = None
    n: Annotated[int, Field(gt=0)] | None = None
    sampled: Printed | None = None
    quantity: Printed
    value: Printed
    spread: Printed | None = None
    unit: Printed | None = None
    given_mg: Decimal | None = None
    mg_per_kg: Decimal | None = None
    kg: Decimal | None = None
    over: Annotated[int, Field(ge=0)] | None = None
    at: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Observed:
        one_dose = (self.given_mg is None) != (self.mg_per_kg is None)
        if (self.at is not None) != one_dose or (self.at is None) != (self.over is None):
            raise ValueError(f"observed {self.id}: at, over and one of given_mg and mg_per_kg come together")
        return self


class KineticsFile(Strict):
    words: Words
    effect: Words
    metabolite: Words
    ways: dict[Literal["infusion", "device"], Literal["iv", "nasal"]]
    called: dict[Literal["ketamine", "esketamine"], tuple[Printed, ...]]
    models: Annotated[tuple[Model, ...], Field(min_length=1)]
    observed: tuple[Observed, ...]
