"""How resistant is this depression on the published staging models?

Maudsley Staging Method (3–15), Massachusetts General Hospital staging, and the Karolinska register definition. Points
and cuts are knowledge; a missing fact gives a range, not a guess.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.clinical.records import Exposure, Therapy, When
from daybreak.clinical.screening.courses import Window, place
from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.runs import Span, longest, runs

Range = tuple[int, int]
ONE = Decimal(1)  # the dose where only days are asked about


@dataclass(frozen=True, slots=True)
class Agent:
    """An augmenting medicine and its threshold (mg per day); None: no dose decides, but a serum level below `level` does
    (lithium)."""

    ingredient: str
    minimum: Decimal | None
    level: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MsmTable:
    """Points of the Maudsley Staging Method: upper limits (months, counts) with their points, severity words, stages."""

    duration_months: tuple[tuple[int | None, int], ...]
    severity: Mapping[str, int]
    failures: tuple[tuple[int | None, int], ...]
    augmentation: int
    ect: int
    stages: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Msm:
    """`total`, `parts` (duration, severity, failures, augmentation, ECT) and `stage` are None unless every part is known
    and at least one trial failed; `low` and `high` bound the total while something is open."""

    total: int | None
    parts: tuple[int, int, int, int, int] | None
    stage: str | None
    low: int | None
    high: int | None


def months_after(day: date, months: int) -> date:
    """The same day of the month that many calendar months later; a day that does not exist becomes the month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        return date.max
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _duration(start: When | Unreadable | None, index: date, table: MsmTable) -> Range:
    if not isinstance(start, When):
        return table.duration_months[0][1], table.duration_months[-1][1]
    return _duration_points(start.latest, index, table), _duration_points(start.earliest, index, table)


def _duration_points(start: date, index: date, table: MsmTable) -> int:
    return next(p for months, p in table.duration_months if months is None or index <= months_after(start, months))


def _points(count: int, rows: Sequence[tuple[int | None, int]]) -> int:
    return next(points for limit, points in rows if limit is None or count <= limit)


def msm(
    *,
    episode_start: When | Unreadable | None,
    severity: str | Unreadable | None,
    failed: int,
    possible: int,
    augmented: Range,
    ect: Range,
    index: date,
    table: MsmTable,
) -> Msm:
    """Maudsley Staging Method from the count of failed steps. Not defined while no trial has certainly failed.

    Source: the staging table's own; durations count calendar months.
    """
    if failed == 0:
        return Msm(None, None, None, None, None)
    known = severity if isinstance(severity, str) and severity in table.severity else None
    points = sorted(table.severity.values())
    ranges: list[Range] = [
        _duration(episode_start, index, table),
        (table.severity[known],) * 2 if known else (points[0], points[-1]),
        (_points(failed, table.failures), _points(failed + possible, table.failures)),
        (augmented[0] * table.augmentation, augmented[1] * table.augmentation),
        (ect[0] * table.ect, ect[1] * table.ect),
    ]
    low, high = sum(r[0] for r in ranges), sum(r[1] for r in ranges)
    # The failures part counts what is certain: possible trials widen the range, they do not hide the stage.
    certain = all(r[0] == r[1] for i, r in enumerate(ranges) if i != 2)
    if not certain:
        return Msm(None, None, None, low, high)
    parts = (ranges[0][0], ranges[1][0], ranges[2][0], ranges[3][0], ranges[4][0])
    stage = next(name for limit, name in table.stages if low <= limit)
    return Msm(low, parts, stage, low, high)


def augmented(
    exposures: Sequence[Exposure],
    *,
    agents: Sequence[Agent],
    levels: Mapping[str, Decimal | Unreadable],
    rules: TrialRules,
    span: Window,
    minimum_days: int,
) -> Range:
    """Was the antidepressant augmented, long enough and without response? (0, 0) no, (1, 1) yes, (0, 1) not known.

    `levels` are serum levels by the reference of their exposure; one that cannot be known leaves it open. A response that
    nobody recorded is taken as none.
    """
    sure = hoped = False
    for agent in agents:
        mine = [e for e in exposures if _could_be(e, agent, levels) and not _responded(e, rules)]
        needed = ONE if agent.minimum is None else agent.minimum
        known: list[Span] = []
        possible: list[Span] = []
        for i, e in enumerate(mine):
            course = place(e, span)
            if course is None:
                continue
            certain = agent.minimum is None or isinstance(e.dose, Decimal)
            certain = certain and (agent.level is None or levels.get(e.ref) is not UNREADABLE)
            dose = e.dose if agent.minimum is not None and isinstance(e.dose, Decimal) else needed
            piece = Span(course.first_earliest, course.last_latest, dose, e.kind, i)
            possible.append(piece)
            if certain and course.why is None and e.improvement is not UNREADABLE:
                known.append(piece)
        sure |= _long_enough(known, needed, rules, minimum_days)
        hoped |= _long_enough(possible, needed, rules, minimum_days)
    return int(sure), int(sure or hoped)


def _could_be(e: Exposure, agent: Agent, levels: Mapping[str, Decimal | Unreadable]) -> bool:
    if e.status == "planned" or e.indication == "other":
        return False
    level = levels.get(e.ref)
    if agent.level is not None and isinstance(level, Decimal) and level < agent.level:
        return False
    return e.ingredients is UNREADABLE or agent.ingredient in e.ingredients


def _long_enough(spans: Sequence[Span], dose: Decimal, rules: TrialRules, minimum_days: int) -> bool:
    run = longest(runs(spans, minimum_dose=dose, bridge=rules.bridge))
    return run is not None and run.days >= minimum_days


def _responded(tried: Exposure | Therapy, rules: TrialRules) -> bool:
    return isinstance(tried.improvement, Decimal) and tried.improvement >= rules.response_from


def ect_given(therapies: Sequence[Therapy], *, minimum_sessions: int, rules: TrialRules, span: Window) -> Range:
    """Was electroconvulsive therapy given in this episode, in enough sessions and without response? (0, 1): not known."""
    mine = [t for t in therapies if t.kind == "ect" and could_touch(t, span) and not _responded(t, rules)]
    sure = [t for t in mine if _surely_in(t, span) and t.improvement is not UNREADABLE]
    if _sessions(sure) >= minimum_sessions:
        return 1, 1
    return 0, int(_sessions(mine) >= minimum_sessions or any(not isinstance(t.sessions, int) for t in mine))


def _sessions(therapies: Sequence[Therapy]) -> int:
    return sum(t.sessions for t in therapies if isinstance(t.sessions, int))


def _surely_in(therapy: Therapy, span: Window) -> bool:
    """Did all of it lie in the episode?"""
    if not isinstance(therapy.start, When) or therapy.end is UNREADABLE:
        return False
    end = therapy.end or therapy.start
    return therapy.start.earliest.toordinal() >= span.start_latest and end.latest.toordinal() <= span.index


def could_touch(therapy: Therapy, span: Window) -> bool:
    """Could it lie, at least in part, in the episode?"""
    end = therapy.start if therapy.end is None else therapy.end
    ended = isinstance(end, When) and end.latest.toordinal() < span.start_earliest
    later = isinstance(therapy.start, When) and therapy.start.earliest.toordinal() > span.index
    return not ended and not later


def mgh_s(*, failed: int, augmented_without_response: int, ect: int, points: Mapping[str, Fraction]) -> Fraction:
    """Massachusetts General Hospital staging, as a lower bound. `failed` counts trials of the table's own minimum length.

    Points for optimising a dose are not computed, because the table gives no rule when a dose counts as optimised; those
    for optimising duration and for combining are not in the table that was read.
    """
    return failed * points["failed_trial"] + augmented_without_response * points["augmentation"] + ect * points["ect"]


@dataclass(frozen=True, slots=True)
class Kim:
    """The Karolinska register definition: a treatment of enough days that was followed by another one failed."""

    failures: int
    resistant: bool


def kim(
    courses: Mapping[str, Sequence[Span]], *, other_starts: Sequence[int], minimum_days: int, needed: int, bridge: int
) -> Kim:
    """Count register failures: medicines taken long enough, after which something else was begun.

    `courses`: those of each antidepressant, each of dose one; `other_starts`: first days of ECT and TMS. A proxy from
    dispensing: it knows no outcome.
    """
    begun = {name: min(span.first for span in spans) for name, spans in courses.items()}
    failures = 0
    for name, spans in courses.items():
        run = longest(runs(spans, minimum_dose=ONE, bridge=bridge))
        others = [first for other, first in begun.items() if other != name] + [*other_starts]
        if run is not None and run.days >= minimum_days and any(first > run.first for first in others):
            failures += 1
    return Kim(failures, failures >= needed)
