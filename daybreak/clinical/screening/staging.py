"""How resistant is this depression on the published staging models?

Maudsley Staging Method (3–15), Massachusetts General Hospital staging, and the Karolinska register definition. Points
and cuts are knowledge; a missing fact gives a range, not a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.clinical.records import Exposure, Therapy, When
from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.runs import Span, longest, runs
from daybreak.clinical.screening.trials import Window

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Agent:
    """An augmenting medicine and its threshold (mg per day); None: no dose decides (lithium)."""

    ingredient: str
    minimum: Decimal | None


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
    year, month = divmod(day.month - 1 + months, 12)
    for back in range(4):
        try:
            return date(day.year + year, month + 1, day.day - back)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _duration(start: When | Unreadable | None, index: date, table: MsmTable) -> Range:
    if not isinstance(start, When):
        return table.duration_months[0][1], table.duration_months[-1][1]
    return _duration_points(start.latest, index, table), _duration_points(start.earliest, index, table)


def _duration_points(start: date, index: date, table: MsmTable) -> int:
    for months, points in table.duration_months:
        if months is None or index <= months_after(start, months):
            return points
    raise AssertionError("the last row of a staging table is open")


def _points(count: int, rows: Sequence[tuple[int | None, int]]) -> int:
    for limit, points in rows:
        if limit is None or count <= limit:
            return points
    raise AssertionError("the last row of a staging table is open")


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
    exposures: Sequence[Exposure], *, agents: Sequence[Agent], rules: TrialRules, span: Window, minimum_days: int
) -> Range:
    """Was the antidepressant augmented, long enough and without response? (0, 0) no, (1, 1) yes, (0, 1) not known."""
    low = high = 0
    for agent in agents:
        mine = [e for e in exposures if e.ingredients is not UNREADABLE and agent.ingredient in e.ingredients]
        a, b = _agent(mine, agent, rules=rules, span=span, minimum_days=minimum_days)
        low, high = max(low, a), max(high, b)
    return low, high


def _agent(exposures: Sequence[Exposure], agent: Agent, *, rules: TrialRules, span: Window, minimum_days: int) -> Range:
    sure: list[Span] = []
    hoped: list[Span] = []
    one = Decimal(1)
    for i, e in enumerate(exposures):
        if e.status == "planned" or _responded(e, rules):
            continue
        first, last, exact = _days(e, span)
        if first > span.index or last < span.start_earliest or last < first:
            continue
        first, last = max(first, span.start_earliest), min(last, span.index)
        dose_known = agent.minimum is None or isinstance(e.dose, Decimal)
        if agent.minimum is not None and isinstance(e.dose, Decimal) and e.dose < agent.minimum:
            continue
        hoped.append(Span(first, last, one, e.ref, i))
        if exact and dose_known and span.start_earliest == span.start_latest and e.improvement is not UNREADABLE:
            sure.append(Span(first, last, one, e.ref, i))
    reached = [
        (run := longest(runs(spans, minimum_dose=one, bridge=rules.bridge))) is not None and run.days >= minimum_days
        for spans in (sure, hoped)
    ]
    return int(reached[0]), int(reached[1])


def _responded(exposure: Exposure, rules: TrialRules) -> bool:
    return isinstance(exposure.improvement, Decimal) and exposure.improvement >= rules.response_from


def _days(exposure: Exposure, span: Window) -> tuple[int, int, bool]:
    start, end = exposure.start, exposure.end
    first = start.earliest.toordinal() if isinstance(start, When) else 1
    if isinstance(end, When):
        return first, end.latest.toordinal(), isinstance(start, When) and start.exact and end.exact
    running = end is None and exposure.status == "active"
    return first, span.index, running and isinstance(start, When) and start.exact


def ect_given(therapies: Sequence[Therapy], *, minimum_sessions: int, span: Window) -> Range:
    """Was electroconvulsive therapy given in this episode, in enough sessions? (0, 1) when the sessions are not known."""
    mine = [t for t in therapies if t.kind == "ect" and could_touch(t, span)]
    counted = sum(t.sessions for t in mine if isinstance(t.sessions, int))
    if counted >= minimum_sessions:
        return 1, 1
    return 0, int(any(not isinstance(t.sessions, int) for t in mine))


def could_touch(therapy: Therapy, span: Window) -> bool:
    """Could it lie, at least in part, in the episode?"""
    end = therapy.end if isinstance(therapy.end, When) else therapy.start
    ended = isinstance(end, When) and end.latest.toordinal() < span.start_earliest
    later = isinstance(therapy.start, When) and therapy.start.earliest.toordinal() > span.index
    return not ended and not later


def mgh_s(*, failed: int, augmented_without_response: int, ect: int, points: Mapping[str, Fraction]) -> Fraction:
    """Massachusetts General Hospital staging, as a lower bound: points for optimising a dose or its duration are not in the
    table that was read. `failed` counts trials of the table's own minimum length."""
    return failed * points["failed_trial"] + augmented_without_response * points["augmentation"] + ect * points["ect"]


@dataclass(frozen=True, slots=True)
class Kim:
    """The Karolinska register definition: a treatment of enough days that was followed by another one failed."""

    failures: int
    resistant: bool


def kim(
    starts_and_days: Sequence[tuple[int, int]], *, other_starts: Sequence[int], minimum_days: int, needed: int
) -> Kim:
    """Count register failures. `starts_and_days`: first day and length of each antidepressant; `other_starts`: first days
    of ECT and TMS. A proxy from dispensing: it knows no outcome."""
    later = sorted({start for start, _ in starts_and_days} | set(other_starts))
    failures = sum(days >= minimum_days and any(other > start for other in later) for start, days in starts_and_days)
    return Kim(failures, failures >= needed)
