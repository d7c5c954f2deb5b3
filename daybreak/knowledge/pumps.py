"""What does a pump say by its numbers, units and words, and how loud is it when that is not as ordered? (`devices.yaml`)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from daybreak.clinical.treatment.limits import Level
from daybreak.clinical.treatment.pump import Runs
from daybreak.knowledge.store import loaded

DRUG, STATUS = "drug", "status"  # figures that are words


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit in which it is compared, and how a value comes to be in it."""

    id: str
    times: Decimal
    by: Decimal


@cache
def figures() -> Mapping[int, str]:
    """By number."""
    return {one["number"]: one["figure"] for one in _pump()["figures"]}


def unit(named: Iterable[str]) -> Unit | None:
    """The unit that its codes and names say; None when none of them is known, or two of them are different units."""
    known = _spelled()
    found = {known[one] for one in named if one in known}
    return found.pop() if len(found) == 1 else None


def runs(word: str) -> Runs | None:
    """What a word of its status, or the name of an event, says of whether it runs; None: nothing."""
    return _runs().get(word)


def clears(event: str) -> bool:
    """Is what it was set to over with this event?"""
    return event in _pump()["clears"]["words"]


def product(name: str) -> str:
    """What is ordered under the name that a pump has for it; empty when nobody knows the name."""
    words = name.casefold().replace("/", " ").split()
    found = [one["product"] for one in _pump()["drugs"] if {each.casefold() for each in one["names"]} & set(words)]
    return found[0] if len(found) == 1 else ""


def lost() -> timedelta:
    """A pump that was silent for so long is lost."""
    return timedelta(seconds=_pump()["lost"]["seconds"])


def apart() -> timedelta:
    """What it says and what the record says may be so far apart in time."""
    return timedelta(seconds=_pump()["apart"]["seconds"])


@cache
def levels() -> Mapping[str, Level]:
    """How loud each thing is."""
    return {one["id"]: Level[one["level"].upper()] for one in _pump()["levels"]}


@cache
def _runs() -> Mapping[str, Runs]:
    return {word: Runs(one["is"]) for one in _pump()["runs"] for word in one["words"]}


@cache
def _spelled() -> Mapping[str, Unit]:
    found: dict[str, Unit] = {}
    for one in _pump()["units"]:
        meant = Unit(one["is"], Decimal(one.get("times", 1)), Decimal(one.get("by", 1)))
        codes = [str(one["number"]), one["name"]] if "number" in one else []
        found |= dict.fromkeys((*codes, *one["ucum"]), meant)
    return found


def _pump() -> Mapping[str, Any]:
    return loaded("devices")["devices"]["pump"]  # type: ignore[no-any-return]
