"""Which visits does a course plan, how far apart, and how far has what happened slipped from it?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

WEEK = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Phase:
    """So many `weeks`, with visits on these `days` of the week (0: the weekday on which the course began), in every
    `every`th week."""

    name: str
    weeks: int
    days: tuple[int, ...]
    every: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """The `n`th visit (from 1) and the day it is planned for."""

    n: int
    phase: str
    day: date


@dataclass(frozen=True, slots=True)
class Slip:
    """A visit that came, or has not come, so many days after (negative: before) its planned day. `done` None: not yet, or
    `left_out`, when a later one of the plan came."""

    step: Step
    done: date | None
    days: int
    left_out: bool = False


def steps(phases: Sequence[Phase], *, start: date, closed: Collection[int] = ()) -> tuple[Step, ...]:
    """Every visit in order. One that falls on a weekday on which the clinic is `closed` (0: Monday) comes on the next open
    day. ValueError when it is never open."""
    if set(closed) >= WEEK:
        raise ValueError("the clinic is closed on every day of the week")
    found: list[Step] = []
    for name, day in _days(phases, start):
        while day.weekday() in closed or (found and day <= found[-1].day):
            day += timedelta(days=1)
        found.append(Step(len(found) + 1, name, day))
    return tuple(found)


def _days(phases: Sequence[Phase], start: date) -> Iterator[tuple[str, date]]:
    week = 0
    for phase in phases:
        for n in range(0, phase.weeks, phase.every):
            for day in sorted(phase.days):
                yield phase.name, start + timedelta(weeks=week + n, days=day)
        week += phase.weeks


def slips(plan: Sequence[Step], done: Mapping[int, date], *, today: date, window: int) -> tuple[Slip, ...]:
    """Where the visits that took place, by their step, lie more than `window` days from their planned days, which steps
    before them were left out, and the next one when it is overdue."""
    last = max(done, default=0)
    found = []
    for step in plan:
        came = done.get(step.n)
        days = ((came or today) - step.day).days
        if came is None and step.n > last:
            found += [Slip(step, None, days)] if days > window else []
            break
        if came is None or abs(days) > window:
            found.append(Slip(step, came, days, left_out=came is None))
    return tuple(found)


def interval(phase: Phase) -> int:
    """The fewest days between two visits of a phase."""
    days = sorted(phase.days)
    return min(later - one for one, later in pairwise([*days, days[0] + len(WEEK) * phase.every]))


def too_near(days: int, *, least: int | None, planned: int | None, window: int) -> bool:
    """Are two treatments that lie so many `days` apart nearer together than their phase has them, `least` days? The plan
    itself is not, where a closed day brings two steps nearer (`planned` days), nor is who comes a `window` beside it. Two on
    one day are, without a plan too (`least` None)."""
    if days == 0:
        return True
    return least is not None and days < least - window and (planned is None or days < planned)
