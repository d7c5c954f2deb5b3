"""Do the scale, the record, the pump and the order say the same weight, and if two do not, which and by how much?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.treatment.dosing import positive
from daybreak.clinical.treatment.ladders import Finding, Strength
from daybreak.clinical.treatment.units import written

SCALE, RECORD, PUMP, ORDER = "scale", "record", "pump", "order"
NAMES = {
    SCALE: Term("weighed.scale"),
    RECORD: Term("weighed.record"),
    PUMP: Term("weighed.pump"),
    ORDER: Term("weighed.order"),
}


def weights(told: Mapping[str, Decimal | None], *, percent: Decimal, pound_kg: Decimal) -> tuple[Finding, ...]:
    """What is wrong with the weights that there should be. One that is not known needs a reason, as does a pair further apart
    than `percent` of the smaller; a pair that fits when one of the two is read in pounds is refused until it is put right."""
    return tuple(_found(told, Fraction(percent), Fraction(pound_kg)))


def _found(told: Mapping[str, Decimal | None], percent: Fraction, pound: Fraction) -> Iterator[Finding]:
    known = {name: Fraction(kg) for name, one in told.items() if (kg := positive(one)) is not None}
    for name in told:
        if name not in known:
            yield Finding(Strength.REASON, Reason("weighed.unknown", {"which": NAMES[name]}))
    for one, other in combinations(known, 2):
        if not _apart(known[one], known[other], percent):
            continue
        low, high = sorted((one, other), key=lambda name: known[name])
        values = {
            "low": NAMES[low],
            "low_kg": written(known[low], 1),
            "high": NAMES[high],
            "high_kg": written(known[high], 1),
        }
        if not _apart(known[high] * pound, known[low], percent):
            yield Finding(Strength.REFUSES, Reason("weighed.pounds", values))
        else:
            percents = {"percent": written((known[high] - known[low]) * 100 / known[low], 0)}
            yield Finding(Strength.REASON, Reason("weighed.differ", {**values, **percents}))


def _apart(one: Fraction, other: Fraction, percent: Fraction) -> bool:
    return abs(one - other) * 100 > percent * min(one, other)
