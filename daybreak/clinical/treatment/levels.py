"""Between which concentrations does a model put the blood of a patient, by what the record of the session says was given?

What is not known widens: an amount that is two gives two edges, a time that may be off slides, and an infusion of which nobody
has said yet how much ran in has nothing as its lower edge. What was ordered is never taken for what was given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.events import Event, What, decimal
from daybreak.clinical.treatment.kinetics import Given, Model, Nasal, curve
from daybreak.clinical.treatment.session import Exposure, corrected, fold

MINUTE = timedelta(minutes=1)
OVER = frozenset({What.STOPPED, What.INFUSION_ENDED})
RUNS = frozenset({What.INFUSION_STARTED, What.RESUMED})  # after these it runs until the next mark
AT_ONCE = ((0.0, 0.0),)

Values = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Between `first` and `latest` it began, and ran evenly through these pieces: from so many minutes since, for so many."""

    first: datetime
    latest: datetime
    pieces: tuple[tuple[float, float], ...] = AT_ONCE


@dataclass(frozen=True, slots=True)
class Dose:
    """One device, injection or infusion: between so many mg, in one of these ways. `runs_still`: nobody has said yet that it
    is over. The order's own pace bounds it from above then, and nothing bounds it from below."""

    seq: int
    drug: str
    way: str
    low_mg: Decimal
    high_mg: Decimal
    runs: tuple[Run, ...]
    runs_still: bool = False


@dataclass(frozen=True, slots=True)
class Edges:
    """The least and the most at each minute (ng/mL)."""

    low: Values
    high: Values

    @property
    def one(self) -> bool:
        """Is there one line, and no room between two?"""
        return self.low == self.high


def doses(events: Iterable[Event], *, now: datetime) -> tuple[tuple[Dose, ...], tuple[Reason, ...]]:
    """Everything of which anything may have reached the patient, in order; or why nothing can be drawn of it."""
    told = corrected(events)
    found, why = [], []
    for one in fold(told).exposures:
        if not one.anything:
            continue
        made = _running(one, told, now) if one.last is None else _given(one, told)
        if isinstance(made, Reason):
            why.append(made)
        else:
            found.append(made)
    if not found and not why:
        why.append(Reason("levels.nothing-given"))
    if len({(one.drug, one.way) for one in found}) > 1:
        why.append(Reason("levels.mixed"))
    return ((), tuple(dict.fromkeys(why))) if why else (tuple(found), ())


def _given(one: Exposure, told: Sequence[Event]) -> Dose | Reason:
    if one.mg_high is None:
        return Reason("levels.no-most", {"n": one.n})
    low = one.mg_low if one.mg_low is not None else Decimal(0)
    event = next(each for each in told if each.seq == one.seq)
    infusion = event.what == What.INFUSION_STARTED
    runs = _runs(event, told, until=None) if infusion else (Run(event.earliest, event.latest),)
    return Dose(one.seq, one.drug, one.route, low, one.mg_high, runs)


def _running(one: Exposure, told: Sequence[Event], now: datetime) -> Dose | Reason:
    """At the most so much as the order's pace brings in by now: the minutes that were gone through at the time-out."""
    minutes = _ordered_minutes(told)
    if one.mg_high is None:
        return Reason("levels.no-most", {"n": one.n})
    if minutes is None:
        return Reason("levels.no-pace", {"n": one.n})
    event = next(each for each in told if each.seq == one.seq)
    runs = tuple(_at_most(run, minutes) for run in _runs(event, told, until=now))
    ran = max(sum(piece[1] for piece in run.pieces) for run in runs)
    high = min(one.mg_high, one.mg_high * Decimal(ran) / Decimal(minutes))
    return Dose(one.seq, one.drug, one.route, Decimal(0), high, runs, runs_still=True)


def _ordered_minutes(told: Sequence[Event]) -> float | None:
    found = [one.told.get("order") for one in told if one.what == What.TIMED_OUT]
    minutes = decimal(found[-1].get("minutes")) if found and isinstance(found[-1], dict) else None
    return float(minutes) if minutes else None


def _at_most(run: Run, minutes: float) -> Run:
    """No longer than the order lasts: what was ordered has then run in."""
    left, pieces = minutes, []
    for begins, lasts in run.pieces:
        pieces.append((begins, min(lasts, left)))
        left = max(left - lasts, 0.0)
    return replace(run, pieces=tuple(one for one in pieces if one[1]) or AT_ONCE)


def _runs(started: Event, told: Sequence[Event], *, until: datetime | None) -> tuple[Run, ...]:
    """As it was told, all of it sooner or later by as much as a time may be off; and as long and as short as it can have run."""
    marks = [started, *_marks(started, told)]
    early = max(one.happened - one.earliest for one in marks)
    late = max(one.latest - one.happened for one in marks)
    kinds, begun = [one.what for one in marks], started.happened
    times = [one.happened for one in marks]
    found = [Run(begun - early, begun + late, _pieces(times, kinds, until))]
    if early or late:
        for first, last in ((started.earliest, marks[-1].latest), (started.latest, marks[-1].earliest)):
            shape = [first, *times[1:-1], last] if len(marks) > 1 else [first]
            found.append(Run(first, first, _pieces(shape, kinds, until)))
    return tuple(dict.fromkeys(found))


def _marks(started: Event, told: Sequence[Event]) -> list[Event]:
    """Its pauses and its end, in the order of time: a pause that was told late lies where it was."""
    after = [one for one in told if one.seq > started.seq]
    end = next((one for one in after if one.what in OVER), None)
    within = [one for one in after if one.what in (What.PAUSED, What.RESUMED) and one.happened >= started.happened]
    if end is not None:
        within = [one for one in within if one.happened <= end.happened]
    ordered = sorted(within, key=lambda one: (one.happened, one.seq))
    return [*ordered, end] if end is not None else ordered


def _pieces(times: Sequence[datetime], kinds: Sequence[str], until: datetime | None) -> tuple[tuple[float, float], ...]:
    """Where it ran, in minutes since it began; what has no length is left out, and what has none at all came at once."""
    ends = [*times[1:], until if until is not None else times[-1]]
    found = []
    for kind, begins, over in zip(kinds, times, ends, strict=True):
        if kind in RUNS and over > begins:
            found.append(((begins - times[0]) / MINUTE, (over - begins) / MINUTE))
    return tuple(found) or AT_ONCE


def begun(doses: Iterable[Dose]) -> datetime:
    """The first moment at which any of them can have begun: every curve counts its minutes from here."""
    return min(run.first for one in doses for run in one.runs)


def infused(doses: Sequence[Dose], model: Model, *, minutes: int) -> Edges:
    """By a model into whose blood everything goes at once."""
    return _summed(doses, model, lambda _, run: [_shares(run)], minutes)


def sprayed(doses: Sequence[Dose], body: Nasal, *, minutes: int) -> Edges:
    """By a model of a spray, which takes up less of each later device. Where it is not sure that another came before, and that
    anything came of it, a device may be the first as well."""

    def ways(dose: Dose, run: Run) -> list[list[Given]]:
        others = [one for one in doses if one.seq != dose.seq]
        perhaps = any((one.runs[0].first, one.seq) < (run.latest, dose.seq) for one in others)
        surely = any(one.low_mg and (one.runs[0].latest, one.seq) < (run.first, dose.seq) for one in others)
        kinds = ([True] if perhaps else []) + ([] if surely else [False])
        return [body.device(1.0, 0.0, later=each) for each in kinds]

    return _summed(doses, body.model(), ways, minutes)


def _shares(run: Run) -> list[Given]:
    """One mg, through all pieces evenly."""
    whole = sum(lasts for _, lasts in run.pieces)
    return [Given(lasts / whole if whole else 1.0, begins, lasts) for begins, lasts in run.pieces]


def _summed(doses: Sequence[Dose], model: Model, ways: Callable[[Dose, Run], list[list[Given]]], minutes: int) -> Edges:
    """Doses add up, and each is as large as its mg: so the edges of each are added."""
    zero = begun(doses)
    low, high = [0.0] * (minutes + 1), [0.0] * (minutes + 1)
    for dose in doses:
        edges = [
            _slid(curve(model, one, range(minutes + 1)), run, zero=zero) for run in dose.runs for one in ways(dose, run)
        ]
        for n in range(minutes + 1):
            low[n] += float(dose.low_mg) * min(one.low[n] for one in edges)
            high[n] += float(dose.high_mg) * max(one.high[n] for one in edges)
    return Edges(tuple(low), tuple(high))


def _slid(response: Values, run: Run, *, zero: datetime) -> Edges:
    """What one mg brings, since it began, as the page counts from `zero`: between the youngest and the oldest that it can be,
    to the whole minutes around them."""
    oldest, youngest = (run.first - zero) / MINUTE, (run.latest - zero) / MINUTE
    low, high = [], []
    for n in range(len(response)):
        ages = range(math.floor(n - youngest), math.ceil(n - oldest) + 1)
        found = [response[age] if age >= 0 else 0.0 for age in ages]
        low.append(min(found))
        high.append(max(found))
    return Edges(tuple(low), tuple(high))


def around(every: Iterable[Edges]) -> Edges:
    """What holds all of these."""
    found = list(every)
    low = tuple(min(each) for each in zip(*(one.low for one in found), strict=True))
    return Edges(low, tuple(max(each) for each in zip(*(one.high for one in found), strict=True)))


def devices(doses: Sequence[Dose], *, most: bool, late: bool) -> list[tuple[float, float]]:
    """The devices (mg, minute) as they may have been, in the order of time: the most or the least of each, as late or as early
    as each can be."""
    zero = begun(doses)
    told = [
        ((one.runs[0].latest if late else one.runs[0].first), one.seq, one.high_mg if most else one.low_mg)
        for one in doses
    ]
    return [(float(mg), (at - zero) / MINUTE) for at, _, mg in sorted(told) if mg]
