"""What may stand in a clinic's cupboard, and by when is what about it due? (`cupboard.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from daybreak.knowledge.store import loaded

SATURDAY = 5  # as `date.weekday` counts


@dataclass(frozen=True, slots=True)
class Product:
    """One container of a strength. `mg` is None where it depends on the volume; then `mg_per_ml` is known."""

    id: str
    drug: str
    container: str
    mg: Decimal | None
    mg_per_ml: Decimal | None

    def unit_mg(self, ml: Decimal | None) -> Decimal | None:
        """How much is in one container of that volume; None: the volume is missing, or there is none to be given."""
        if self.mg_per_ml is None:
            return self.mg if ml is None else None
        return self.mg_per_ml * ml if ml is not None else None


def products() -> Mapping[str, Product]:
    """Every product by its id."""
    return {
        one["id"]: Product(one["id"], one["drug"], one["container"], _decimal(one, "mg"), _decimal(one, "mg_per_ml"))
        for one in _file()["products"]
    }


def witness_required(id: str) -> bool:
    """Is a second person asked for, as it ships? KeyError when nobody wrote it."""
    return bool(_one("witnesses", id)["required"])


def time(id: str) -> timedelta:
    """A time in hours or days. KeyError when there is none."""
    found = _one("times", id)
    return timedelta(days=found.get("days", 0), hours=found.get("hours", 0))


def months(id: str) -> int:
    """A time in months."""
    return int(_one("times", id)["months"])


def business_days(id: str) -> int:
    """A time in business days."""
    return int(_one("times", id)["business_days"])


def business_day(id: str, since: date) -> date:
    """The last day of a time in business days, Monday to Friday: holidays differ by place, so none is left out."""
    day = since
    for _ in range(business_days(id)):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day


def pattern(id: str) -> Mapping[str, Any]:
    """From when on somebody is asked to look at a pattern; shares are Decimal."""
    found = dict(_one("patterns", id))
    return {key: Decimal(found[key]) if key in ("times", "points") else found[key] for key in found}


def _one(part: str, id: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] | None = next((one for one in _file()[part] if one["id"] == id), None)
    if found is None:
        raise KeyError(f"no {id!r} in the {part} of cupboard.yaml")
    return found


def _decimal(one: Mapping[str, Any], key: str) -> Decimal | None:
    return Decimal(one[key]) if key in one else None


def _file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = loaded("cupboard")["cupboard"]
    return found
