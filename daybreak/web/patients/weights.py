"""May a weight be in another unit than the one it was entered with?"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from daybreak.clinical.records import Observation, When
from daybreak.knowledge.terms import terms
from daybreak.web.patients import records
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Entry
from daybreak.web.refusals import Refused

WEIGHT = "weight"
POUND, KILOGRAM = "lb", "kg"


class Implausible(Refused):
    """The person is asked once more; when they say that it is right, it is stored."""


def kilograms(value: Decimal, unit: str) -> Decimal:
    """The weight in kg; the factor is knowledge."""
    return value * terms().kinds[WEIGHT].units[unit]


def last(entries: Iterable[Entry]) -> Observation | None:
    """The latest weight among the entries that count."""
    weighed = [
        record
        for entry in entries
        if entry.kind == Kind.OBSERVATION
        and (record := records.record(entry)).kind == WEIGHT
        and isinstance(record.value, Decimal)
        and isinstance(record.when, When)
    ]
    return max(weighed, key=lambda one: one.when.latest, default=None)


def check(weight: Observation, *, last: Observation | None) -> None:
    """Implausible when the number, read in the other unit, would be nearer to the last weight (in ratio).

    So the line lies where both readings are equally far: no number of ours decides it.
    """
    if last is None or not isinstance(weight.value, Decimal):
        return
    pound = kilograms(Decimal(1), POUND)
    as_pounds, as_kilograms = weight.value * pound, weight.value / pound
    said = {
        "kg": _short(weight.value),
        "times": _short(weight.value / last.value),
        "last": _short(last.value),
        "on": str(last.when),
    }
    if _apart(as_pounds, last.value) < _apart(weight.value, last.value):
        raise Implausible("patients.weight_in_pounds", **said, lb=_short(weight.value), would=_short(as_pounds))
    if _apart(as_kilograms, last.value) < _apart(weight.value, last.value):
        raise Implausible("patients.weight_in_kilograms", **said, lb=_short(as_kilograms), would=_short(as_kilograms))


def _apart(one: Decimal, other: Decimal) -> Decimal:
    return max(one / other, other / one)


def _short(value: Decimal) -> str:
    return f"{value:.1f}".removesuffix(".0")
