"""For how many days was one ingredient taken at an adequate dose without a long gap?

Days are whole days, both ends included, counted as proleptic ordinals (`date.toordinal`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple


class Span(NamedTuple):
    """One course with everything known: first and last day, mg per day. `kind` tells records that add up from duplicates."""

    first: int
    last: int
    dose: Decimal
    kind: str
    course: int


class Run(NamedTuple):
    """Adequate days in a row: `days` counts only days at dose; gap days lie between `first` and `last` but do not count."""

    first: int
    last: int
    days: int
    courses: tuple[int, ...]


def _dose_on(day: int, spans: Sequence[Span]) -> Decimal:
    """Doses of one kind of record add up; another kind of record describes the same tablets, so the larger sum holds."""
    sums: dict[str, Decimal] = {}
    for span in spans:
        if span.first <= day <= span.last:
            sums[span.kind] = sums.get(span.kind, Decimal(0)) + span.dose
    return max(sums.values(), default=Decimal(0))


def runs(spans: Sequence[Span], *, minimum_dose: Decimal, bridge: int) -> list[Run]:
    """Every run of days at or above `minimum_dose`, gaps of up to `bridge` days bridged, in order of time."""
    edges = sorted({span.first for span in spans} | {span.last + 1 for span in spans})
    found: list[Run] = []
    for first, after in pairwise(edges):
        if _dose_on(first, spans) < minimum_dose:
            continue
        last = after - 1
        courses = tuple(span.course for span in spans if span.first <= first and last <= span.last)
        piece = Run(first, last, after - first, courses)
        if found and first - found[-1].last - 1 <= bridge:
            before = found.pop()
            joined = tuple(dict.fromkeys((*before.courses, *courses)))
            piece = Run(before.first, last, before.days + piece.days, joined)
        found.append(piece)
    return found


def longest(found: Sequence[Run]) -> Run | None:
    """The run with the most adequate days; of equals the later."""
    return max(found, key=lambda run: (run.days, run.first), default=None)
