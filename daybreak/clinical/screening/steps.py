"""How many treatment steps have failed, and how many more could have?

Antidepressants begun together and taken together are one step; a step failed only if all its adequate members failed.
Source: the rule set's `combination_start` and `combination_overlap`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.trials import Dates, Label, Trial


@dataclass(frozen=True, slots=True)
class Steps:
    """`failed` steps are certain; up to `possible` more could count if a missing fact were known. With the medicines of each."""

    failed: int
    possible: int
    failed_medicines: frozenset[str] = frozenset()
    possible_medicines: frozenset[str] = frozenset()


def could_be_one(a: Dates, b: Dates, rules: TrialRules) -> bool:
    """Could the two have been begun together and taken together?"""
    apart = max(a.begun, b.begun) - min(a.begun_latest, b.begun_latest)
    overlap = min(a.last, b.last) - max(a.first, b.first) + 1
    return apart <= rules.combination_start and overlap >= rules.combination_overlap


def surely_one(a: Dates, b: Dates, rules: TrialRules) -> bool:
    """Were they, whatever the unknown days are, if both turn out adequate?"""
    apart = max(a.begun_latest - b.begun, b.begun_latest - a.begun)
    latest_first = max(a.first, a.begun_latest, b.first, b.begun_latest)
    overlap = min(a.last_earliest, b.last_earliest) - latest_first + 1
    return apart <= rules.combination_start and overlap >= rules.combination_overlap


@dataclass(frozen=True, slots=True)
class _Member:
    trial: Trial
    dates: Dates


def count(trials: Sequence[Trial], rules: TrialRules) -> Steps:
    """Count failed and possible steps; steps are formed before counting."""
    members = [_Member(t, t.dates) for t in trials if t.dates is not None]
    steps = _steps([m for m in members if m.trial.adequate], rules)
    open_ = [m for m in members if not m.trial.adequate]
    near = [[m for m in open_ if _near(m, step, rules)] for step in steps]
    failed = possible = 0
    sure: set[str] = set()
    could = {t.ingredient for t in trials if t.label is Label.POSSIBLE}
    for step, close in zip(steps, near, strict=True):
        labels = {member.trial.label for member in step}
        if labels & {Label.PARTIAL, Label.RESPONSE}:
            continue
        others = [s for s in steps if s is not step]
        if Label.OPEN in labels or any(_clouds(m, step, others, rules) for m in close):
            possible += 1
            could |= {member.trial.ingredient for member in step}
        else:
            failed += 1
            sure |= {member.trial.ingredient for member in step}
    inside = {
        m.trial.ingredient
        for step, close in zip(steps, near, strict=True)
        for m in close
        if any(surely_one(m.dates, member.dates, rules) for member in step)
    }
    inside |= {t.ingredient for t in trials if t.given_up}
    hoped = [m for m in open_ if m.trial.label is Label.POSSIBLE and m.trial.ingredient not in inside]
    possible += _most(hoped, rules) + sum(t.given_up for t in trials)
    if rules.intolerance_counts:
        given_up = {t.ingredient for t in trials if t.label is Label.INTOLERANT}
        failed += len(given_up)
        sure |= given_up
    return Steps(failed, possible, frozenset(sure), frozenset(could))


def _steps(certain: Sequence[_Member], rules: TrialRules) -> list[list[_Member]]:
    """Certain trials grouped into steps: linked directly or through another member."""
    group = list(range(len(certain)))
    for i, j in combinations(range(len(certain)), 2):
        if could_be_one(certain[i].dates, certain[j].dates, rules):
            old, new = group[j], group[i]
            group = [new if g == old else g for g in group]
    return [[m for m, g in zip(certain, group, strict=True) if g == step] for step in dict.fromkeys(group)]


def _near(m: _Member, step: Sequence[_Member], rules: TrialRules) -> bool:
    return any(could_be_one(m.dates, member.dates, rules) for member in step)


def _clouds(m: _Member, step: Sequence[_Member], others: Sequence[Sequence[_Member]], rules: TrialRules) -> bool:
    """Does this uncertain trial leave open whether the step failed? Also when it could make one step of this and another."""
    return m.trial.clouds or any(
        _near(m, [other], rules)
        and any(abs(other.dates.begun - member.dates.begun) <= 2 * rules.combination_start for member in step)
        for another in others
        for other in another
    )


def _most(hoped: Sequence[_Member], rules: TrialRules) -> int:
    """How many steps could these be at most? Those that are surely one with each other are one."""
    found: list[list[_Member]] = []
    for m in sorted(hoped, key=lambda m: (m.dates.begun, m.trial.ingredient)):
        for together in found:
            if all(surely_one(m.dates, member.dates, rules) for member in together):
                together.append(m)
                break
        else:
            found.append([m])
    return len(found)
