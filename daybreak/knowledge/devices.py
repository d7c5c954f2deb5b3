"""Which sign is a number of a device's nomenclature, and which unit does it name? (`devices.yaml`)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from daybreak.knowledge.store import loaded


@dataclass(frozen=True, slots=True)
class Metric:
    """The sign, and the kind of source by which its values age."""

    sign: str
    by: str


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit in which it is watched; `divisor`: by what a value has to be divided first."""

    id: str
    divisor: Decimal | None


@cache
def metrics() -> Mapping[int, Metric]:
    """By number."""
    return {one["number"]: Metric(one["sign"], one["by"]) for one in _file()["metrics"]}


def unit(named: Iterable[str]) -> Unit | None:
    """The unit that its codes and names say; None when none of them is known, or two of them are different units."""
    known = _spelled()
    found = {known[one] for one in named if one in known}
    return found.pop() if len(found) == 1 else None


@cache
def _spelled() -> Mapping[str, Unit]:
    found: dict[str, Unit] = {}
    for one in _file()["units"]:
        meant = Unit(one["is"], Decimal(one["kilopascal"]) if "kilopascal" in one else None)
        found |= dict.fromkeys((str(one["number"]), one["name"], *one["ucum"]), meant)
    return found


def _file() -> Mapping[str, Any]:
    return loaded("devices")["devices"]  # type: ignore[no-any-return]
