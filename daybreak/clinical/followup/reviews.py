"""Which judgement of the treatment is due, when, and does the next dose wait for it? The judgement is asked for, never a dose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Rule:
    """A judgement is due so long `after` the first treatment, or once so many `treatments` were given. It is asked for `early`
    before. `gates`: from its day on the next dose waits for it. `again`: and so long after each judgement once more."""

    id: str
    gates: bool
    early: timedelta
    after: timedelta | None = None
    treatments: int | None = None
    again: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The judgement of a rule, due on a day; it is asked for from the day `asked` on."""

    rule: Rule
    on: date
    asked: date


def due(rules: Sequence[Rule], *, treated: Sequence[date], judged: date | None, today: date) -> tuple[Due, ...]:
    """What is asked for on this day, of a course with these days of treatment in order, judged last on that day."""
    found = (_next(one, treated, judged) for one in rules)
    return tuple(one for one in found if one is not None and one.asked <= today)


def _next(rule: Rule, treated: Sequence[date], judged: date | None) -> Due | None:
    """A judgement of the time in which it is asked for, or later, answers it."""
    first = _first(rule, treated)
    if first is None:
        return None
    if judged is None or judged < first - rule.early:
        return Due(rule, first, first - rule.early)
    if rule.again is None:
        return None
    on = max(judged, first) + rule.again
    return Due(rule, on, on - rule.early)


def _first(rule: Rule, treated: Sequence[date]) -> date | None:
    if rule.treatments is not None:
        return treated[rule.treatments - 1] if len(treated) >= rule.treatments else None
    return treated[0] + (rule.after or timedelta(0)) if treated else None
