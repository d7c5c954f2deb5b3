"""Which sign is a number of a device's nomenclature, and which unit does it name? (`devices.yaml`)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from daybreak.clinical.treatment.lag import Rule
from daybreak.clinical.treatment.limits import Level
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


@cache
def recorded() -> Mapping[int, tuple[int, str]]:
    """By the number that Vital Recorder gives to what a track means: the number of the metric, and its name."""
    names = {one["number"]: one["name"] for one in _file()["metrics"]}
    return {one["means"]: (one["metric"], names[one["metric"]]) for one in _file()["recorder"]["tracks"]}


@cache
def recorded_units() -> Mapping[str, tuple[int, str]]:
    """By the spelling of Vital Recorder: the number of the unit, and its name."""
    names = {one["number"]: one["name"] for one in _file()["units"]}
    return {text: (one["unit"], names[one["unit"]]) for one in _file()["recorder"]["units"] for text in one["spelled"]}


def unit(named: Iterable[str]) -> Unit | None:
    """The unit that its codes and names say; None when none of them is known, or two of them are different units."""
    known = _spelled()
    found = {known[one] for one in named if one in known}
    return found.pop() if len(found) == 1 else None


def over() -> timedelta:
    """What is over has to stay so for so long."""
    return timedelta(seconds=_file()["over"]["seconds"])


def median() -> timedelta:
    """So old a median of a minute may be that is taken over into a check."""
    return timedelta(seconds=_file()["median"]["seconds"])


def own(priority: str) -> Level:
    """How loud an alarm of a device itself is here, by what it says of its priority; without that as loud as can be."""
    known = {one["id"]: Level[one["level"].upper()] for one in _file()["own"]}
    return known.get(priority, Level.ALARM)


def titles() -> Mapping[str, Mapping[str, str]]:
    """What an alarm or an event of a device is called, by its name without the prefix of the nomenclature."""
    return {one["name"]: one["words"] for one in _file()["titles"]}


def again() -> timedelta:
    """After a start what came so lately is judged again."""
    return timedelta(seconds=_file()["again"]["seconds"])


@cache
def lag() -> Rule:
    """How it is known that a message was under way for long."""
    told = _file()["lag"]
    steps = tuple(timedelta(seconds=one) for one in told["steps"])
    return Rule(timedelta(seconds=told["within"]), steps, timedelta(seconds=told["apart"]))


@cache
def _spelled() -> Mapping[str, Unit]:
    found: dict[str, Unit] = {}
    for one in _file()["units"]:
        meant = Unit(one["is"], Decimal(one["kilopascal"]) if "kilopascal" in one else None)
        found |= dict.fromkeys((str(one["number"]), one["name"], *one["ucum"]), meant)
    return found


def _file() -> Mapping[str, Any]:
    return loaded("devices")["devices"]  # type: ignore[no-any-return]
