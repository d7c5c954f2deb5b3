"""How do devices at the bedside name what they measure, and in which unit?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from daybreak.knowledge.schema.common import Fact, Strict, Words

ContextFree = Annotated[int, Field(ge=1 << 16, lt=1 << 32)]
Name = Annotated[str, StringConstraints(pattern=r"^MDC_[A-Z0-9_]+$")]


class Metric(Fact):
    """A number of the nomenclature, the sign that it is, and the kind of source by which it ages."""

    number: ContextFree
    name: Name
    sign: str
    by: Literal["cuff", "monitor"]


class Unit(Fact):
    """A unit as a number, a name and in UCUM, and the one in which its signs are watched."""

    is_: Annotated[str, Field(alias="is", min_length=1)]
    number: ContextFree
    name: Name
    ucum: Annotated[tuple[str, ...], Field(min_length=1)]
    kilopascal: Annotated[Decimal, Field(gt=0)] | None = None


class Seconds(Fact):
    """So long."""

    seconds: Annotated[int, Field(gt=0, le=3600)]


class Lag(Fact):
    """How it is known that a message was under way for long (seconds)."""

    within: Annotated[int, Field(gt=0, le=3600)]
    steps: tuple[Annotated[int, Field(gt=0, le=24 * 3600)], ...]
    apart: Annotated[int, Field(ge=0, le=300)]


class Own(Fact):
    """How loud an alarm of a device itself is here, by its own word."""

    id: Literal["PH", "PM", "PL"]
    level: Literal["caution", "alarm"]


class Titled(Fact):
    """What an alarm or an event is called."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]+$")]
    words: Words


class Figure(Fact):
    """A number of the nomenclature, and the figure of a pump that it is."""

    number: ContextFree
    name: Name
    figure: Literal[
        "rate",
        "flow",
        "volume",
        "left",
        "delivered",
        "concentration",
        "dose_rate",
        "dose",
        "minutes",
        "weight",
        "drug",
        "status",
    ]


class PumpUnit(Fact):
    """A unit as it is spelled, and the one in which its figure is compared."""

    is_: Annotated[Literal["mL/h", "mL", "mg", "mg/mL", "mg/kg/h", "mg/h", "kg", "min"], Field(alias="is")]
    number: ContextFree | None = None
    name: Name | None = None
    ucum: Annotated[tuple[str, ...], Field(min_length=1)]
    times: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    by: Annotated[Decimal, Field(gt=0)] = Decimal(1)


class Runs(Fact):
    """Which words of a pump say that it runs, is paused, or stands."""

    is_: Annotated[Literal["runs", "paused", "stands"], Field(alias="is")]
    words: Annotated[tuple[str, ...], Field(min_length=1)]


class Clears(Fact):
    """Which events end what a pump was set to."""

    words: Annotated[tuple[str, ...], Field(min_length=1)]


class Drug(Fact):
    """How a pump calls a medicine."""

    product: Literal["ketamine", "esketamine"]
    names: Annotated[tuple[str, ...], Field(min_length=1)]


class Loud(Fact):
    """How loud something about a pump is."""

    id: Literal["figure", "inconsistent", "pounds", "weight", "drug", "unreadable", "apart"]
    level: Literal["caution", "alarm"]


class Pump(Strict):
    """What a pump says, and how loud it is when that is not as ordered."""

    figures: Annotated[tuple[Figure, ...], Field(min_length=1)]
    units: Annotated[tuple[PumpUnit, ...], Field(min_length=1)]
    runs: Annotated[tuple[Runs, ...], Field(min_length=1)]
    clears: Clears
    drugs: Annotated[tuple[Drug, ...], Field(min_length=1)]
    lost: Seconds
    apart: Seconds
    levels: Annotated[tuple[Loud, ...], Field(min_length=7)]


class Meant(Fact):
    """What Vital Recorder means by the number of a track: which metric."""

    means: Annotated[int, Field(gt=0, lt=256)]
    metric: ContextFree


class Spelled(Fact):
    """How Vital Recorder spells a unit, and which number of the nomenclature that is."""

    unit: ContextFree
    spelled: Annotated[tuple[str, ...], Field(min_length=1)]


class Recorder(Strict):
    """How Vital Recorder names what it records."""

    tracks: Annotated[tuple[Meant, ...], Field(min_length=1)]
    units: Annotated[tuple[Spelled, ...], Field(min_length=1)]


class DevicesFile(Strict):
    recorder: Recorder
    metrics: Annotated[tuple[Metric, ...], Field(min_length=1)]
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    over: Seconds
    lag: Lag
    again: Seconds
    median: Seconds
    own: Annotated[tuple[Own, ...], Field(min_length=3)]
    titles: Annotated[tuple[Titled, ...], Field(min_length=1)]
    pump: Pump
