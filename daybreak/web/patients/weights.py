"""Does a weight fit the one before it, or may it be in another unit, wrong, or somebody else's?"""

from __future__ import annotations

from collections.abc import Container, Iterable
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from daybreak.clinical.records import Observation, When
from daybreak.knowledge.terms import terms
from daybreak.web.patients import queries, records
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import IMPORT, Entry, Patient
from daybreak.web.refusals import Refused
from daybreak.web.words import word

WEIGHT = "weight"
POUND, KILOGRAM = "lb", "kg"


class Implausible(Refused):
    """The person is asked once more; when they say that it is right, it is stored."""


def kilograms(value: Decimal, unit: str) -> Decimal:
    """The weight in kg; the factor is knowledge."""
    return value * terms().kinds[WEIGHT].units[unit]


def last(entries: Iterable[Entry]) -> Observation | None:
    """The latest weight among the entries that count."""
    weighed = _weighed(entries)
    return weighed[-1][1] if weighed else None


def _weighed(entries: Iterable[Entry]) -> list[tuple[Entry, Observation]]:
    """Those among them that are weights in numbers with a day, the earliest first."""
    found = [
        (entry, record)
        for entry in entries
        if entry.kind == Kind.OBSERVATION
        and (record := records.record(entry)).kind == WEIGHT
        and isinstance(record.value, Decimal)
        and isinstance(record.when, When)
    ]
    return sorted(found, key=lambda one: (one[1].when.latest, one[0].id))


def odd(patient: Patient, shown: Iterable[Entry], language: str, *, hidden: Container[UUID]) -> dict[UUID, str]:
    """Of these entries the imported weights that do not fit the weight before: nobody was asked. By id, the sentence.

    `hidden` are entries that the reader may not read: nothing is compared with them.
    """
    wanted = {entry.id for entry, _ in _weighed(shown) if entry.origin == IMPORT}
    if not wanted:
        return {}
    every = queries.entries(patient).filter(kind=Kind.OBSERVATION, payload__contains=f'"kind":"{WEIGHT}"')
    replaced = set(every.filter(replaces__isnull=False).values_list("replaces", flat=True))
    counting = [
        one for one in every if one.id not in replaced and one.id not in hidden and not hasattr(one, "withdrawal")
    ]
    return {
        entry.id: word("patients.weight_odd", language, **_compared(now, before))
        for (_, before), (entry, now) in pairwise(_weighed(counting))
        if entry.id in wanted and _leaps(now, before)
    }


def check(weight: Observation, *, last: Observation | None) -> None:
    """Implausible when the number, read in the other unit, would be nearer to the last weight (in ratio), and when it
    lies further from that than knowledge lets pass unasked.

    Between the units the line lies where both readings are equally far: no number of ours decides it.
    """
    if last is None or not isinstance(weight.value, Decimal):
        return
    pound = kilograms(Decimal(1), POUND)
    as_pounds, as_kilograms = weight.value * pound, weight.value / pound
    said = _compared(weight, last)
    if _apart(as_pounds, last.value) < _apart(weight.value, last.value):
        raise Implausible("patients.weight_in_pounds", **said, lb=_short(weight.value), would=_short(as_pounds))
    if _apart(as_kilograms, last.value) < _apart(weight.value, last.value):
        raise Implausible("patients.weight_in_kilograms", **said, lb=_short(as_kilograms), would=_short(as_kilograms))
    if _leaps(weight, last):
        raise Implausible("patients.weight_leaps", **said)


def _leaps(weight: Observation, last: Observation) -> bool:
    most = terms().kinds[WEIGHT].change
    return most is not None and abs(weight.value - last.value) * 100 > most * last.value


def _compared(weight: Observation, last: Observation) -> dict[str, str]:
    return {
        "kg": _short(weight.value),
        "times": _short(weight.value / last.value),
        "last": _short(last.value),
        "on": str(last.when),
    }


def _apart(one: Decimal, other: Decimal) -> Decimal:
    return max(one / other, other / one)


def _short(value: Decimal) -> str:
    return f"{value:.1f}".removesuffix(".0")
