"""How much of a dose reached the patient, how much is that in all, and may anything be given again?

An amount that nobody knows is two: the least and the most that it can be. What bounds a dose counts the most.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.dosing import positive
from daybreak.clinical.treatment.ladders import Finding, Ladder, Strength
from daybreak.clinical.treatment.units import written

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Given:
    """One device, injection or infusion that was begun. Both the same: so much; `why` it was not all of it, else empty."""

    low_mg: Decimal
    high_mg: Decimal
    why: str = ""


def amount(one: Given, *, prepared_mg: Decimal, whys: Collection[str]) -> tuple[Finding, ...]:
    """What is wrong with an entry of a given amount, of so much that was prepared. Nothing: it can be written down."""
    return tuple(_wrong(one, prepared_mg, whys))


def _wrong(one: Given, prepared_mg: Decimal, whys: Collection[str]) -> Iterator[Finding]:
    told = {"low": _mg(one.low_mg), "high": _mg(one.high_mg), "prepared": written(prepared_mg)}
    if not (one.low_mg.is_finite() and one.high_mg.is_finite() and ZERO <= one.low_mg <= one.high_mg):
        yield Finding(Strength.REFUSES, Reason("given.no-amount", told))
    elif one.high_mg > prepared_mg:
        yield Finding(Strength.REFUSES, Reason("given.more-than-prepared", told))
    elif one.low_mg < prepared_mg and one.why not in whys:
        yield Finding(Strength.REFUSES, Reason("given.why", told))


def total(given: Iterable[Given]) -> Given:
    """All of them: the least and the most that it can be together."""
    every = list(given)
    return Given(sum((one.low_mg for one in every), ZERO), sum((one.high_mg for one in every), ZERO))


def may_follow(next_mg: Decimal, given: Iterable[Given], *, ceiling_mg: Decimal | None) -> tuple[Finding, ...]:
    """May so much more be given? Refused above the ceiling, counting the most that may have been given; and without one."""
    most = total(given).high_mg
    if positive(next_mg) is None or ceiling_mg is None:
        return (Finding(Strength.REFUSES, Reason("given.no-ceiling")),)
    if most + next_mg > ceiling_mg:
        told = {"next": written(next_mg), "given": written(most), "most": written(ceiling_mg)}
        return (Finding(Strength.REFUSES, Reason("given.ceiling", told)),)
    return ()


def again(
    lost: Given, next_mg: Decimal, given: Iterable[Given], *, ladder: Ladder, ceiling_mg: Decimal | None
) -> tuple[Finding, ...]:
    """May what was `lost` be given again, as so much? Where no source says so a prescriber decides, and writes why."""
    found = may_follow(next_mg, given, ceiling_mg=ceiling_mg)
    if ladder.replaces:
        return found
    told = {"low": written(lost.low_mg), "high": written(lost.high_mg)}
    return (*found, Finding(Strength.REASON, Reason("given.again", told)))


def _mg(one: Decimal) -> str:
    return written(one) if one.is_finite() else "?"
