"""How do devices at the bedside name what they measure, and in which unit?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from daybreak.knowledge.schema.common import Fact, Strict

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


class DevicesFile(Strict):
    metrics: Annotated[tuple[Metric, ...], Field(min_length=1)]
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    over: Seconds
    lag: Lag
    again: Seconds
