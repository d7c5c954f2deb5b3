"""What does a whole course cost, as far as anybody who can be named says so?

Sums are of one currency, to the cent. Without enough sources that say of when they are there is no sum: `None`, never a guess.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CENT = Decimal("0.01")
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class Price:
    """What one source says of one visit; `dated` None: nobody knows of when."""

    source: str
    dated: date | None
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """So many sources in so many months before the day of asking make a sum."""

    sources: int
    months: int


@dataclass(frozen=True, slots=True)
class Visits:
    """So many in a course."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Range:
    """From a sum to a sum."""

    low: Decimal
    high: Decimal


def fresh(dated: date | None, *, rule: Rule, on: date) -> bool:
    """Is the date known, not in the future and not too long ago?"""
    if dated is None or dated > on:
        return False
    year, month = divmod(on.year * 12 + on.month - 1 - rule.months, 12)
    return (dated.year, dated.month, dated.day) >= (year, month + 1, on.day)


def enough(sources: Collection[str], *, rule: Rule) -> bool:
    """Do enough different ones say it? One that says it twice is one."""
    return len(set(sources)) >= rule.sources


def per_visit(prices: Collection[Price], *, rule: Rule, on: date) -> Range | None:
    """From the lowest to the highest of those that count."""
    counted = [one for one in prices if fresh(one.dated, rule=rule, on=on)]
    if not enough([one.source for one in counted], rule=rule):
        return None
    return Range(min(one.low for one in counted), max(one.high for one in counted))


def together(phases: Collection[Visits]) -> Visits | None:
    """The visits of all phases; None: nobody says how many there are."""
    if not phases:
        return None
    return Visits(sum(one.least for one in phases), sum(one.most for one in phases))


def course(each: Range, visits: Visits) -> Range:
    """The fewest visits at the lowest price, to the most at the highest."""
    return Range(each.low * visits.least, each.high * visits.most)


def share(allowed: Range, *, percent: Decimal, yearly: Decimal, years_most: int) -> Range:
    """What is left to the patient: a sum once a year, then so many in a hundred of the rest. High: in the most years."""
    return Range(
        _left(allowed.low, percent=percent, first=yearly),
        _left(allowed.high, percent=percent, first=yearly * years_most),
    )


def hours(visits: Visits, *, minutes: int) -> Range:
    """Hours that go with visits of so many minutes, to a tenth."""
    per = Decimal(minutes) / MINUTES_PER_HOUR
    return Range(*((per * n).quantize(Decimal("0.1")) for n in (visits.least, visits.most)))


def _left(allowed: Decimal, *, percent: Decimal, first: Decimal) -> Decimal:
    own = min(allowed, first)
    return (own + (allowed - own) * percent / 100).quantize(CENT)
