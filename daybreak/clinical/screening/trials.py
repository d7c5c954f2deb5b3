"""Was an antidepressant given long enough, at enough, to count, and did it fail?

One trial is one ingredient within the present episode. Whatever cannot be known from the record makes the trial
`POSSIBLE`, never failed and never absent; the rules are those of the named rule set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term, Unreadable
from daybreak.clinical.records import Exposure, When
from daybreak.clinical.screening.courses import Course, Window, doubt, evidence, place
from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.runs import Run, Span, longest, runs

Improvement = Decimal | Unreadable | None
NAMELESS = "unnamed:"  # prefix of an ingredient that nobody can name, followed by its record

Improvements = Callable[[int, int], Improvement]
ANY = Decimal(1)  # the dose of every course where only its days are asked about


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
class Dates:
    """When a trial that is or could be adequate was taken, in ordinals.

    It was begun, at whatever dose, from `begun` to `begun_latest`; at an adequate dose it was taken from `first` to `last` at
    the widest, and if it is adequate, it did not end before `last_earliest`. Exact days make each pair equal.
    """

    begun: int
    begun_latest: int
    first: int
    last: int
    last_earliest: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One ingredient judged. `days` at dose: None when it cannot be known, never 0 for "unknown".

    `dates` are there for every trial that is or could be long enough at enough.
    `given_up`: where intolerance counts, this uncertain trial may count for that, beside every step.
    `clouds`: with this trial in a step, it is not certain that the step failed: its dose or its outcome is open.
    """

    ingredient: str
    label: Label
    days: int | None
    reason: Reason
    evidence: tuple[Evidence, ...]
    dates: Dates | None = None
    clouds: bool = False
    given_up: bool = False
    note: Reason | None = None

    @property
    def adequate(self) -> bool:
        """Certainly long enough at enough."""
        return self.label in (Label.FAILED, Label.PARTIAL, Label.RESPONSE, Label.OPEN)


def name_of(ingredient: str) -> Term:
    """The word for an ingredient in a sentence."""
    return Term("medicine.unnamed" if ingredient.startswith(NAMELESS) else f"medicine.{ingredient}")


def judge_trial(
    ingredient: str, exposures: Sequence[Exposure], *, rules: TrialRules, span: Window, improvements: Improvements
) -> Trial | None:
    """Judge one ingredient within one episode; None when it was at most planned.

    `exposures` may hold medicines that nobody can name: each of them could be this one.
    `improvements(first, last)` is the change on a rating scale over those days (ordinals), in percent, if it was measured.
    Source: rule set named in `rules.id`; dose table named in `rules.dose_table`.
    """
    taken = [e for e in exposures if e.status != "planned"]
    meant = [e for e in taken if e.indication != "other"]
    minimum = rules.dose_table.minimum.get(ingredient)
    courses = [course for e in meant if (course := place(e, span, open=_dose_open(e, minimum, rules)))]
    if not courses:
        return _nothing_counts(ingredient, taken, meant, span)
    why = _open(courses, minimum, rules)
    if why:
        return _uncertain(ingredient, courses, why, rules=rules, improvements=improvements)
    return _certain(ingredient, courses, minimum=minimum, rules=rules, improvements=improvements)


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


def _open(courses: Sequence[Course], minimum: Decimal | None, rules: TrialRules) -> str | None:
    """What keeps the trial open: something unknown in a course that could belong to a run of enough days."""
    if not any(c.why for c in courses):
        return None
    doses = [c.exposure.dose for c in courses if isinstance(c.exposure.dose, Decimal)]
    if minimum is not None and len(doses) == len(courses) and sum(doses) < minimum:
        return None  # all of them together would still be too little
    hoped = runs(
        [Span(c.first_earliest, c.last_latest, ANY, c.exposure.ref, i) for i, c in enumerate(courses)],
        minimum_dose=ANY,
        bridge=rules.bridge,
    )
    could_be = sorted({i for run in hoped if run.days >= rules.minimum_days for i in run.courses})
    return next((why for i in could_be if (why := courses[i].why)), None)


def _nothing_counts(
    ingredient: str, taken: Sequence[Exposure], meant: Sequence[Exposure], span: Window
) -> Trial | None:
    if not taken:
        return None
    values = {"medicine": name_of(ingredient)}
    if not meant:
        return Trial(ingredient, Label.OTHER_USE, None, Reason("trial.other-use", values), evidence(taken))
    begun = [e for e in meant if not isinstance(e.start, When) or e.start.earliest.toordinal() <= span.index]
    why = Reason("trial.outside-episode" if begun else "trial.after-index", values)
    return Trial(ingredient, Label.INADEQUATE, 0, why, evidence(meant))


def _certain(
    ingredient: str,
    courses: Sequence[Course],
    *,
    minimum: Decimal | None,
    rules: TrialRules,
    improvements: Improvements,
) -> Trial:
    """Nothing unknown can change the answer any more; courses with something open are too short to matter."""
    spans = [
        Span(c.first_latest, c.last_latest, c.exposure.dose, c.exposure.kind, i)
        for i, c in enumerate(courses)
        if isinstance(c.exposure.dose, Decimal) and c.why is None
    ]
    every = runs(spans, minimum_dose=minimum, bridge=rules.bridge) if minimum is not None else []
    run = longest(every)
    days = run.days if run else 0
    records = evidence([c.exposure for c in courses])
    values: dict[str, Any] = {"medicine": name_of(ingredient), "needed": rules.minimum_days}
    if run is None or days < rules.minimum_days:
        known = days if len(spans) == len(courses) else None
        return _too_short(ingredient, courses, known, {**values, "dose": minimum}, records, rules)
    values |= {"days": days, "dose": minimum}
    label, why, improvement = _outcome(run, courses, rules=rules, improvements=improvements)
    if improvement is not None:
        values["improvement"] = improvement
    others = [r for r in every if r is not run and r.days >= rules.minimum_days]
    ended = {_outcome(r, courses, rules=rules, improvements=improvements)[0] for r in others}
    taken = runs([s._replace(dose=ANY) for s in spans], minimum_dose=ANY, bridge=rules.bridge)
    begun = next(r.first for r in taken if r.last >= run.first)
    return Trial(
        ingredient,
        label,
        days,
        Reason(why, values),
        records,
        dates=Dates(begun, begun, run.first, run.last, run.last),
        note=Reason("trial.runs-differ", {"medicine": values["medicine"]}) if ended - {label} else None,
    )


def _too_short(
    ingredient: str,
    courses: Sequence[Course],
    days: int | None,
    values: dict[str, Any],
    records: tuple[Evidence, ...],
    rules: TrialRules,
) -> Trial:
    """Not long enough at enough. Giving up because it was not tolerated is listed, and counts under some rule sets."""
    given_up = [c for c in courses if c.exposure.stop == "intolerance"]
    sure = any(c.undated is None and doubt(c.exposure) is None for c in given_up)
    unread = any(c.exposure.stop is UNREADABLE for c in courses)
    if rules.intolerance_counts and not sure and (given_up or unread):
        return Trial(ingredient, Label.POSSIBLE, None, Reason("trial.stop-unknown", values), records, given_up=True)
    if given_up:
        why = "trial.intolerant" if days is not None else "trial.intolerant-days-unknown"
        return Trial(ingredient, Label.INTOLERANT, days, Reason(why, {**values, "days": days}), records)
    why = "trial.too-short" if days is not None else "trial.too-short-anyway"
    return Trial(ingredient, Label.INADEQUATE, days, Reason(why, {**values, "days": days}), records)


def _outcome(
    run: Run, courses: Sequence[Course], *, rules: TrialRules, improvements: Improvements
) -> tuple[Label, str, Decimal | None]:
    """How an adequate run ended: measured change first, then the estimate, then the reason for stopping. No fallback
    replaces a value that was recorded but cannot be read."""
    end = max(courses[i].last_latest for i in run.courses)
    final = [courses[i].exposure for i in run.courses if courses[i].last_latest == end]
    stops = {e.stop for e in final}
    change = improvements(run.first, run.last)
    if change is None:
        change = _estimate((e.improvement for e in final), rules)
    if change is UNREADABLE:
        return Label.OPEN, "trial.outcome-unreadable", None
    if change is None:
        if stops == {"helped"}:
            return Label.RESPONSE, "trial.helped-by-reason", None
        if "no effect" in stops and "helped" not in stops:
            return Label.FAILED, "trial.failed-by-reason", None
        return Label.OPEN, "trial.outcome-unknown", None
    if change >= rules.response_from:
        if "no effect" in stops:
            return Label.OPEN, "trial.outcome-contradictory", change
        if UNREADABLE in stops:
            return Label.OPEN, "trial.outcome-unreadable", None
        return Label.RESPONSE, "trial.response", change
    if rules.is_failure(change):
        return Label.FAILED, "trial.failed", change
    return Label.PARTIAL, "trial.partial", change


def _estimate(improvements: Iterable[Improvement], rules: TrialRules) -> Improvement:
    """What the records that end together say; UNREADABLE when they disagree about failure."""
    said = [improvement for improvement in improvements if improvement is not None]
    known = sorted(improvement for improvement in said if improvement is not UNREADABLE)
    if len(known) < len(said) or (known and rules.is_failure(known[0]) != rules.is_failure(known[-1])):
        return UNREADABLE
    return known[0] if known else None


def _uncertain(
    ingredient: str, courses: Sequence[Course], why: str, *, rules: TrialRules, improvements: Improvements
) -> Trial:
    """Something about dose or dates is open, and the trial could count: could it also have failed?"""
    first = min(c.first_earliest for c in courses)
    last = max(c.last_latest for c in courses)
    measured = improvements(first, last) if len(courses) == 1 and courses[0].dated else None
    outcomes = [_recorded(c.exposure, measured, rules) for c in courses]
    given_up = rules.intolerance_counts and any(c.exposure.stop in ("intolerance", UNREADABLE) for c in courses)
    label = Label.SPARED if all(o is False for o in outcomes) and not given_up else Label.POSSIBLE
    values = {"medicine": name_of(ingredient), "needed": rules.minimum_days}
    return Trial(
        ingredient,
        label,
        None,
        Reason(why if label is Label.POSSIBLE else "trial.spared", values),
        evidence([c.exposure for c in courses]),
        dates=Dates(
            begun=first,
            begun_latest=max(c.first_latest for c in courses),
            first=first,
            last=last,
            last_earliest=max(min(c.last_earliest for c in courses), first + rules.minimum_days - 1),
        ),
        clouds=not all(o is True for o in outcomes) or any(c.open for c in courses),
        given_up=given_up,
    )


def _recorded(exposure: Exposure, measured: Improvement, rules: TrialRules) -> bool | None:
    """Does the record say that this course failed? None when it says nothing that can be relied on."""
    change = exposure.improvement if measured is None else measured
    if change is UNREADABLE:
        return None
    if change is None:
        return {"no effect": True, "helped": False}.get(exposure.stop) if isinstance(exposure.stop, str) else None
    if change >= rules.response_from and exposure.stop in ("no effect", UNREADABLE):
        return None
    return rules.is_failure(change)
