"""Is a patient who had responded losing it? A chart of individuals: their own mean, and how far one rating lies from the next.

Nothing is learnt from anybody else. What cannot be said is not "no": too few ratings, a newest one without a total, or none
for too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from daybreak.clinical.answers import Reason


@dataclass(frozen=True, slots=True)
class ControlRule:
    """The mean and the moving range are made of the first `least` to `most` totals. A total is a signal beyond mean plus
    `factor` times the mean moving range, or plus `range_percent` of the scale where that is more; and so are `in_a_row`
    later totals above the mean. After `stale` without a rating nothing can be said."""

    least: int
    most: int
    factor: Fraction
    range_percent: Fraction
    in_a_row: int
    stale: timedelta


@dataclass(frozen=True, slots=True)
class Control:
    """`signal` None: it cannot be said, `why` says why; True: `why` says by which rule. The others as far as there are enough
    totals, of which the first `n` were used."""

    signal: bool | None
    why: Reason
    n: int = 0
    mean: Fraction | None = None
    moving: Fraction | None = None
    limit: Fraction | None = None


def control(rule: ControlRule, *, scores: Sequence[tuple[date, int | None]], highest: int, today: date) -> Control:
    """Of the totals since the response, in the order of their days, on a scale that ends at `highest` and on which more is
    worse. None: a rating without a total."""
    known = [total for _, total in scores if total is not None]
    if len(known) <= rule.least:
        return Control(None, Reason("control.too-few", {"n": len(known), "least": rule.least + 1}))
    n = min(rule.most, len(known) - 1)
    used = known[:n]
    mean = Fraction(sum(used), n)
    moving = Fraction(sum(abs(later - one) for one, later in pairwise(used)), n - 1)
    limit = mean + max(rule.factor * moving, highest * rule.range_percent / 100)
    day, newest = scores[-1]
    run = known[n:][-rule.in_a_row :]
    signal: bool | None = False
    why = Reason("control.within", {"total": known[-1]})
    if known[-1] > limit:
        signal, why = True, Reason("control.beyond", {"total": known[-1]})
    elif len(run) == rule.in_a_row and min(run) > mean:
        signal, why = True, Reason("control.run", {"times": rule.in_a_row})
    elif newest is None:
        signal, why = None, Reason("control.no-total", {"on": day.isoformat()})
    elif today - day > rule.stale:
        signal, why = None, Reason("control.stale", {"on": day.isoformat(), "days": rule.stale.days})
    return Control(signal, why, n, mean, moving, limit)
