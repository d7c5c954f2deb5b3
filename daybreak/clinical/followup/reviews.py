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
    """The judgement of a rule, due on a day; it is asked for from the day `asked` on. `n`: how many were due before."""

    rule: Rule
    on: date
    asked: date
    n: int = 0


def due(rules: Sequence[Rule], *, treated: Sequence[date], judged: Sequence[date], today: date) -> tuple[Due, ...]:
    """What is asked for on this day, of a course with these days of treatment, judged on these days, each in order."""
    found = (_next(one, treated, judged) for one in rules)
    return tuple(one for one in found if one is not None and one.asked <= today)


def _next(rule: Rule, treated: Sequence[date], judged: Sequence[date]) -> Due | None:
    """The first that no judgement answers. One of the time in which it is asked for, or later, does."""
    on, n = _first(rule, treated), 0
    while on is not None:
        asked = on - rule.early
        answer = next((day for day in judged if day >= asked), None)
        if answer is None:
            return Due(rule, on, asked, n)
        on = None if rule.again is None else max(answer, on) + rule.again
        n += 1
    return None


def _first(rule: Rule, treated: Sequence[date]) -> date | None:
    if rule.treatments is not None:
        return treated[rule.treatments - 1] if len(treated) >= rule.treatments else None
    return treated[0] + (rule.after or timedelta(0)) if treated else None
