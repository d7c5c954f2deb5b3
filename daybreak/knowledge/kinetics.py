"""Which published models of the blood concentration are there, and what do they say of this person? (`kinetics.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from daybreak.clinical.treatment.kinetics import Model, Nasal, by_volumes, mammillary
from daybreak.knowledge.store import loaded

FIELDS = tuple(Nasal.__dataclass_fields__)


def _file() -> Mapping[str, Any]:
    return loaded("kinetics")["kinetics"]  # type: ignore[no-any-return]


def models(drug: str, way: str) -> list[Mapping[str, Any]]:
    """Those of the drug by that way, as they stand in the file. None: nobody published one that we could read."""
    return [one for one in _file()["models"] if (one["drug"], one["way"]) == (drug, way)]


def ways() -> list[tuple[str, str]]:
    """The drugs and ways for which there are models."""
    return list(dict.fromkeys((one["drug"], one["way"]) for one in _file()["models"]))


def observed() -> tuple[Mapping[str, Any], ...]:
    """What was measured, as printed."""
    return tuple(_file()["observed"])


def of_order(drug: str, way: str) -> list[Mapping[str, Any]]:
    """The models of a dose as an order names its way. None: nobody published one that we could read."""
    return models(drug, _file()["ways"].get(way, ""))


def measured(drug: str, way: str) -> list[Mapping[str, Any]]:
    """What was measured of that drug by the way that an order names."""
    names, meant = _file()["called"].get(drug, ()), _file()["ways"].get(way, "")
    return [one for one in observed() if one["drug"] in names and one["way"] == meant]


def metabolite() -> Mapping[str, str]:
    """Why none is drawn; by language."""
    return _file()["metabolite"]  # type: ignore[no-any-return]


def words() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What has to stand beside every curve, and why no effect is drawn; by language."""
    return _file()["words"], _file()["effect"]


def numbers(told: Mapping[str, Any]) -> dict[str, float]:
    """The parameters of a model by their names."""
    return {one["id"]: float(one["value"]) for one in told["parameters"]}


def by_weight(told: Mapping[str, Any], *, kg: float) -> Model:
    """A model of an infusion for somebody of that weight; all of them grow in proportion to it."""
    own = numbers(told)
    if told["shape"] == "volumes":
        grows = kg / own["at_kg"]
        beside = [(own[f"{one}_l"] * grows, own[f"{one}_l_per_h"] * grows) for one in ("shallow", "deep")]
        return by_volumes(litres=own["litres"] * grows, out_l_per_h=own["out_l_per_h"] * grows, beside=beside)
    ways = [(own[f"to_{one}"], own[f"from_{one}"]) for one in ("shallow", "deep") if f"to_{one}" in own]
    return mammillary(litres=own["litres_per_kg"] * kg, out=own["out"], ways=ways)


def nasal(told: Mapping[str, Any], *, age: int | None = None, asian: bool = False, japanese: bool = False) -> Nasal:
    """A model of a spray for somebody of that age. What nobody told counts as in most of those who were measured."""
    own = numbers(told)
    found = Nasal(**{name: own[name] for name in FIELDS})
    older = max(0.0, age - own["older_than"]) if age is not None else 0.0
    found = replace(found, liver_l_per_h=found.liver_l_per_h - older * own["liver_l_per_h_less_per_year"])
    if japanese:
        found = replace(found, fraction=found.fraction * own["japanese_fraction"])
    return replace(found, eliminated_per_h=found.eliminated_per_h * own["asian_eliminated"]) if asian else found


def may_be(told: Mapping[str, Any], *, ages: tuple[int, int]) -> list[Nasal]:
    """A model of a spray for each whom somebody may be whose birth date leaves these ages, and of whose descent nobody asked."""
    descents = ((False, False), (True, False), (True, True))
    return [
        nasal(told, age=age, asian=asian, japanese=japanese) for age in sorted({*ages}) for asian, japanese in descents
    ]
