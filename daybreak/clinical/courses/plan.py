"""Which visits does a course plan, and how far has what happened slipped from it?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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
    """A visit that came, or has not come, so many days after (negative: before) its planned day. `done` None: not yet."""

    step: Step
    done: date | None
    days: int


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


def slips(plan: Sequence[Step], done: Sequence[date], *, today: date, window: int) -> tuple[Slip, ...]:
    """Where the visits that took place, in order, lie more than `window` days from their planned days, and the next planned
    one when it is overdue."""
    found = [Slip(step, day, (day - step.day).days) for step, day in zip(plan, sorted(done), strict=False)]
    if len(done) < len(plan):
        following = plan[len(done)]
        found.append(Slip(following, None, max(0, (today - following.day).days)))
    return tuple(one for one in found if abs(one.days) > window)
