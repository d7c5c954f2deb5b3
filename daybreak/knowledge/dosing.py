"""What may one dose be, how is it rounded, and which weight is ideal? (`dosing.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from daybreak.clinical.treatment.ladders import (
    Allowed,
    Device,
    IdealWeight,
    Ladder,
    Minutes,
    Note,
    Range,
    Rounding,
    Strength,
)
from daybreak.knowledge.store import loaded


def _file() -> Mapping[str, Any]:
    return loaded("dosing")["dosing"]  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def ladders() -> dict[str, Ladder]:
    """Every ladder by its id."""
    return {one["id"]: _ladder(one) for one in _file()["ladders"]}


def of_product(product: str, protocol: str) -> list[Ladder]:
    """Those of a product: first those of the protocol, then those of other routes, for which a reason is asked."""
    same = [one for one in ladders().values() if one.product == product]
    devices = [
        one.device for one in same if one.device and protocol in one.protocols
    ]  # another label of the same device
    found = [one for one in same if protocol in one.protocols or one.device not in devices]
    return sorted(found, key=lambda one: protocol not in one.protocols)


def title(id: str, language: str) -> str:
    """What a ladder is called."""
    return str(_entry(id)["title"][language])


def frequency(id: str, phase: str | None, language: str) -> str:
    """How often, in a phase of the course; "" where the file says nothing of it."""
    return next((str(one["words"][language]) for one in _entry(id)["frequency"] if one["phase"] == phase), "")


def sources(id: str) -> list[tuple[str, str]]:
    """What the ladder rests on, each once: the id of a source and its standing."""
    return list(dict.fromkeys(_facts(_entry(id))))


def vials() -> list[Decimal]:
    """The concentrations in mg/mL that there are to buy."""
    return [Decimal(one["mg_per_ml"]) for one in _file()["vials"]]


def rounding() -> Rounding:
    """To what doses, volumes and rates are rounded."""
    told = _file()["rounding"]
    return Rounding(Decimal(told["mg"]), Decimal(told["ml"]), Decimal(told["ml_per_hour"]))


def ideal_weight() -> tuple[str, IdealWeight]:
    """The name of the formula, and its numbers."""
    told = _file()["ideal_weight"]
    names = ("from_cm", "inch_cm", "kg_per_inch", "female_kg", "male_kg")
    return str(told["name"]), IdealWeight(**{name: Decimal(told[name]) for name in names})


def programme_percent() -> Decimal:
    """So many percent apart two figures of a pump's programme are the same."""
    return Decimal(_file()["programme"]["percent"])


def not_full(language: str) -> list[tuple[str, str]]:
    """Why a dose was not given in full, with its words."""
    return [(one["id"], one["words"][language]) for one in _file()["not_full"]]


def _entry(id: str) -> Mapping[str, Any]:
    return next(one for one in _file()["ladders"] if one["id"] == id)


def _facts(data: Any) -> list[tuple[str, str]]:
    if isinstance(data, list):
        return [fact for one in data for fact in _facts(one)]
    if not isinstance(data, dict):
        return []
    own = [(str(data["source"]["id"]), str(data["standing"]))] if "standing" in data else []
    return own + [fact for one in data.values() for fact in _facts(one)]


def _ladder(one: Mapping[str, Any]) -> Ladder:
    ceiling, minutes, rungs = one.get("ceiling", {}), one.get("minutes"), one.get("rungs", {})
    device = one.get("device")
    return Ladder(
        id=one["id"],
        product=one["product"],
        way=one["way"],
        protocols=tuple(one["protocols"]),
        units=tuple(one["units"]),
        device=Device(Decimal(device["mg"]), device["minutes"]) if device else None,
        allowed=tuple(_allowed(line) for line in one["allowed"]),
        others=Strength(one.get("other_doses", {}).get("strength", Strength.REFUSES)),
        usual=_decimal(one.get("usual", {}).get("amount")),
        range=_range(one.get("range")),
        range_mg=_range(one.get("range_mg")),
        unsupported="unsupported" in one,
        rungs=tuple(Decimal(rung) for rung in rungs.get("mg_per_kg", ())),
        unless_improved=_decimal(rungs.get("unless_improved")),
        step_mg=_decimal(one.get("step", {}).get("mg")),
        ceiling_mg=_decimal(ceiling.get("mg")),
        ceiling_mg_per_kg=_decimal(ceiling.get("mg_per_kg")),
        anaesthetic_mg_per_kg=_decimal(one.get("anaesthetic", {}).get("mg_per_kg")),
        minutes=Minutes(minutes["usual"], minutes["least"], minutes["most"]) if minutes else None,
        signs=tuple(one.get("signs", {}).get("figures", ())),
        notes=tuple(
            Note(note["id"], Decimal(note["mg"]), note.get("first"), Strength(note["strength"]))
            for note in one["notes"]
        ),
        replaces="replacement" in one,
        vials=tuple(vials()) if one["way"] == "injection" else (),
    )


def _allowed(one: Mapping[str, Any]) -> Allowed:
    return Allowed(
        doses=tuple(Decimal(dose) for dose in one["doses"]),
        prefilled=_decimal(one.get("prefilled")),
        first=one.get("first"),
        from_age=one.get("from_age"),
        below_age=one.get("below_age"),
    )


def _range(one: Mapping[str, Any] | None) -> Range | None:
    return Range(Decimal(one["least"]), Decimal(one["most"])) if one else None


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
