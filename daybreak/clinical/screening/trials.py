"""Was an antidepressant given long enough, at enough, to count, and did it fail?

One trial is one ingredient within the present episode. Whatever cannot be known from the record makes the trial
`POSSIBLE`, never failed and never absent; the rules are those of the named rule set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term, Unreadable
from daybreak.clinical.records import Exposure, When
from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.runs import Run, Span, longest, runs

Improvement = Decimal | Unreadable | None
NAMELESS = "unnamed:"  # prefix of an ingredient that nobody can name, followed by its record

Improvements = Callable[[int, int], Improvement]


class Label(StrEnum):
    """What became of a trial. Only `FAILED` counts as a failure; `OPEN` and `POSSIBLE` could."""

    FAILED = "FAILED"
    PARTIAL = "adequate, partial"
    RESPONSE = "adequate, response"
    OPEN = "adequate, outcome unknown"
    INADEQUATE = "inadequate"
    INTOLERANT = "intolerant"
    POSSIBLE = "possible"
    SPARED = "adequacy unknown, not failed"
    OTHER_USE = "not for depression"


@dataclass(frozen=True, slots=True)
class Trial:
    """One ingredient judged. `days` at dose: None when it cannot be known, never 0 for "unknown".

    `first` and `last` bound the run (ordinals). For a trial that is not certain they are the earliest possible start and
    the latest possible end, `first_latest` the latest possible start, and `joins` says whether those dates are exact.
    `may_not_have_failed`: if the trial turned out adequate, its outcome might not be a failure.
    """

    ingredient: str
    label: Label
    days: int | None
    reason: Reason
    evidence: tuple[Evidence, ...]
    first: int | None = None
    last: int | None = None
    first_latest: int | None = None
    exact: bool = True
    may_not_have_failed: bool = False
    note: Reason | None = None

    @property
    def adequate(self) -> bool:
        """Certainly long enough at enough."""
        return self.label in (Label.FAILED, Label.PARTIAL, Label.RESPONSE, Label.OPEN)


def name_of(ingredient: str) -> Term:
    """The word for an ingredient in a sentence."""
    return Term("medicine.unnamed" if ingredient.startswith(NAMELESS) else f"medicine.{ingredient}")


@dataclass(frozen=True, slots=True)
class Window:
    """The present episode up to the day of the decision, in ordinals. The start is a span when it is not exactly known."""

    start_earliest: int
    start_latest: int
    index: int


def window(start: When | Unreadable | None, *, index: date) -> Window:
    """An unknown start may lie anywhere up to the day of the decision."""
    day = index.toordinal()
    if start is None or start is UNREADABLE:
        return Window(1, day, day)
    return Window(min(start.earliest.toordinal(), day), min(start.latest.toordinal(), day), day)


@dataclass(frozen=True, slots=True)
class _Course:
    """One exposure with its bounds inside the episode, and what is open about it (the id of a reason, or None)."""

    exposure: Exposure
    first_earliest: int
    first_latest: int
    last_earliest: int
    last_latest: int
    open: str | None


def _bounds(exposure: Exposure, span: Window) -> _Course | None:
    """Where in the episode the course lies, or None when it certainly lies outside it."""
    open_: str | None = None
    start, end = exposure.start, exposure.end
    if start is None or start is UNREADABLE:
        first_earliest, first_latest, open_ = 1, span.index, "trial.start-unknown"
    else:
        first_earliest, first_latest = start.earliest.toordinal(), start.latest.toordinal()
        if not start.exact:
            open_ = "trial.start-unknown"
    if end is None and exposure.status == "active":
        last_earliest = last_latest = span.index
    elif end is None or end is UNREADABLE:
        last_earliest, last_latest, open_ = first_earliest, span.index, open_ or "trial.end-unknown"
    else:
        last_earliest, last_latest = end.earliest.toordinal(), end.latest.toordinal()
        if not end.exact:
            open_ = open_ or "trial.end-unknown"
    if last_latest < first_earliest:  # an end before the start: neither day can be believed
        first_earliest, last_latest, open_ = span.start_earliest, span.index, "trial.end-before-start"
        first_latest, last_earliest = last_latest, first_earliest
    if first_earliest > span.index or last_latest < span.start_earliest:
        return None
    if first_earliest < span.start_latest and span.start_earliest != span.start_latest:
        open_ = open_ or "trial.episode-unknown"
    if exposure.status is UNREADABLE or exposure.status == "held":
        open_ = open_ or "trial.status-unknown"
    if exposure.indication is UNREADABLE:
        open_ = open_ or "trial.indication-unknown"
    return _Course(
        exposure,
        max(first_earliest, span.start_earliest),
        min(max(first_latest, span.start_latest), span.index),
        min(last_earliest, span.index),
        min(last_latest, span.index),
        open_,
    )


def _dose_open(exposure: Exposure, minimum: Decimal | None, rules: TrialRules) -> str | None:
    if minimum is None:
        return "trial.no-minimum"
    if exposure.dose is None or exposure.dose is UNREADABLE:
        return "trial.dose-unknown"
    if exposure.adherence is UNREADABLE:
        return "trial.adherence-open"
    if exposure.adherence is not None and exposure.adherence < rules.adherence_from:
        return "trial.adherence-open"
    return None


def _evidence(courses: Sequence[_Course]) -> tuple[Evidence, ...]:
    return tuple(Evidence(c.exposure.ref, describe(c.exposure), _day(c.exposure.start)) for c in courses)


def _day(when: When | Unreadable | None) -> str | None:
    return str(when) if isinstance(when, When) else None


def describe(exposure: Exposure) -> str:
    """One course in a line: name, dose, dates as recorded."""
    dose = f" {exposure.dose.normalize():f} mg/d" if isinstance(exposure.dose, Decimal) else ""
    return f"{exposure.text}{dose}, {_day(exposure.start) or '?'} – {_day(exposure.end) or exposure.status or '?'}"


def judge_trial(
    ingredient: str, exposures: Sequence[Exposure], *, rules: TrialRules, span: Window, improvements: Improvements
) -> Trial | None:
    """Judge one ingredient within one episode; None when nothing of it lies in the episode and nothing could.

    `improvements(first, last)` is the change on a rating scale over those days (ordinals), in percent, if it was measured.
    Source: rule set named in `rules.id`; dose table named in `rules.dose_table`.
    """
    name = name_of(ingredient)
    taken = [e for e in exposures if e.status != "planned"]
    meant = [e for e in taken if e.indication != "other"]
    courses = [course for e in meant if (course := _bounds(e, span))]
    if not courses:
        return _nothing_counts(ingredient, name, taken, meant, span)
    minimum = rules.dose_table.minimum.get(ingredient)
    for course in courses:
        reason = course.open or _dose_open(course.exposure, minimum, rules)
        if reason:
            return _uncertain(ingredient, courses, reason, minimum=minimum, rules=rules, improvements=improvements)
    assert minimum is not None  # else `_dose_open` had said so
    return _certain(ingredient, courses, minimum=minimum, rules=rules, improvements=improvements)


def _nothing_counts(
    ingredient: str, name: Term, taken: Sequence[Exposure], meant: Sequence[Exposure], span: Window
) -> Trial | None:
    if meant:
        begun = [e for e in meant if not isinstance(e.start, When) or e.start.earliest.toordinal() <= span.index]
        if not begun:
            return None
        reason = Reason("trial.outside-episode", {"medicine": name})
        return Trial(ingredient, Label.INADEQUATE, 0, reason, _evidence([_bare(e) for e in begun]))
    if not taken:
        return None
    reason = Reason("trial.other-use", {"medicine": name})
    return Trial(ingredient, Label.OTHER_USE, None, reason, _evidence([_bare(e) for e in taken]))


def _bare(exposure: Exposure) -> _Course:
    return _Course(exposure, 1, 1, 1, 1, None)


def _certain(
    ingredient: str,
    courses: Sequence[_Course],
    *,
    minimum: Decimal,
    rules: TrialRules,
    improvements: Improvements,
) -> Trial:
    spans = [
        Span(c.first_latest, c.last_latest, c.exposure.dose, c.exposure.kind, i)
        for i, c in enumerate(courses)
        if isinstance(c.exposure.dose, Decimal)
    ]
    every = runs(spans, minimum_dose=minimum, bridge=rules.bridge)
    run = longest(every)
    name = name_of(ingredient)
    evidence = _evidence(courses)
    days = run.days if run else 0
    values = {"medicine": name, "days": days, "needed": rules.minimum_days, "dose": minimum}
    if run is None or days < rules.minimum_days:
        last = courses[run.courses[-1]] if run else max(courses, key=lambda c: c.last_latest)
        if last.exposure.stop == "intolerance":
            return Trial(ingredient, Label.INTOLERANT, days, Reason("trial.intolerant", values), evidence)
        return Trial(ingredient, Label.INADEQUATE, days, Reason("trial.too-short", values), evidence)
    label, why, improvement = _outcome(run, courses, rules=rules, improvements=improvements)
    if improvement is not None:
        values["improvement"] = improvement
    others = [r for r in every if r is not run and r.days >= rules.minimum_days]
    ended = {_outcome(r, courses, rules=rules, improvements=improvements)[0] for r in others}
    return Trial(
        ingredient,
        label,
        days,
        Reason(why, values),
        evidence,
        first=run.first,
        last=run.last,
        first_latest=run.first,
        may_not_have_failed=label is not Label.FAILED,
        note=Reason("trial.runs-differ", {"medicine": name}) if ended - {label} else None,
    )


def _outcome(
    run: Run, courses: Sequence[_Course], *, rules: TrialRules, improvements: Improvements
) -> tuple[Label, str, Decimal | None]:
    """How an adequate run ended: measured change first, then the estimate, then the reason for stopping. No fallback
    replaces a value that was recorded but cannot be read."""
    final = max((courses[i] for i in run.courses), key=lambda c: (c.last_latest, c.first_latest)).exposure
    change = improvements(run.first, run.last)
    if change is None:
        change = final.improvement
    if change is UNREADABLE:
        return Label.OPEN, "trial.outcome-unreadable", None
    if change is None:
        if final.stop == "no effect":
            return Label.FAILED, "trial.failed-by-reason", None
        return Label.OPEN, "trial.outcome-unknown", None
    if change >= rules.response_from:
        if final.stop == "no effect":
            return Label.OPEN, "trial.outcome-contradictory", change
        return Label.RESPONSE, "trial.response", change
    if rules.is_failure(change):
        return Label.FAILED, "trial.failed", change
    return Label.PARTIAL, "trial.partial", change


def _uncertain(
    ingredient: str,
    courses: Sequence[_Course],
    why: str,
    *,
    minimum: Decimal | None,
    rules: TrialRules,
    improvements: Improvements,
) -> Trial:
    """Something about dose or dates is open: could the trial still count, and could it still have failed?"""
    values = {"medicine": name_of(ingredient), "needed": rules.minimum_days}
    evidence = _evidence(courses)
    longest_possible = [
        Span(c.first_earliest, c.last_latest, Decimal(1), c.exposure.ref, i) for i, c in enumerate(courses)
    ]
    found = longest(runs(longest_possible, minimum_dose=Decimal(1), bridge=rules.bridge))
    if _too_low_in_sum(courses, minimum) or found is None or found.days < rules.minimum_days:
        return Trial(ingredient, Label.INADEQUATE, None, Reason("trial.too-short-anyway", values), evidence)
    exact = len(courses) == 1 and courses[0].open is None
    measured = improvements(found.first, found.last) if exact else None
    outcomes = [_recorded(c.exposure, measured, rules) for c in courses]
    label = Label.SPARED if all(o is False for o in outcomes) else Label.POSSIBLE
    return Trial(
        ingredient,
        label,
        None,
        Reason(why if label is Label.POSSIBLE else "trial.spared", values),
        evidence,
        first=min(c.first_earliest for c in courses),
        last=max(c.last_latest for c in courses),
        first_latest=max(c.first_latest for c in courses),
        exact=exact,
        may_not_have_failed=not all(o is True for o in outcomes),
    )


def _too_low_in_sum(courses: Sequence[_Course], minimum: Decimal | None) -> bool:
    """Would even all courses together stay below the minimum dose? Only a sum of known doses can say so."""
    doses = [c.exposure.dose for c in courses if isinstance(c.exposure.dose, Decimal)]
    return minimum is not None and len(doses) == len(courses) and sum(doses) < minimum


def _recorded(exposure: Exposure, measured: Improvement, rules: TrialRules) -> bool | None:
    """Does the record say that this course failed? None when it says nothing that can be relied on."""
    change = exposure.improvement if measured is None else measured
    if change is UNREADABLE:
        return None
    if change is None:
        return True if exposure.stop == "no effect" else None
    if change >= rules.response_from and exposure.stop == "no effect":
        return None
    return rules.is_failure(change)
