"""How many treatment steps have failed, and how many more could have?

Antidepressants begun together and taken together are one step; a step failed only if all its adequate members failed.
Source: the rule set's `combination_start` and `combination_overlap`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.trials import Label, Trial


@dataclass(frozen=True, slots=True)
class Steps:
    """`failed` steps are certain; up to `possible` more could count if a missing fact were known."""

    failed: int
    possible: int


def _days(trial: Trial) -> tuple[int, int, int]:
    assert trial.first is not None
    assert trial.last is not None
    assert trial.first_latest is not None
    return trial.first, trial.first_latest, trial.last


def could_be_one(a: Trial, b: Trial, rules: TrialRules) -> bool:
    """Could the two have been begun together and taken together? Exact dates make this a plain yes or no."""
    a_first, a_first_latest, a_last = _days(a)
    b_first, b_first_latest, b_last = _days(b)
    together = max(a_first, b_first) - min(a_first_latest, b_first_latest) <= rules.combination_start
    overlap = min(a_last, b_last) - max(a_first, b_first) + 1
    return together and overlap >= rules.combination_overlap


def _components(trials: Sequence[Trial], rules: TrialRules) -> list[list[Trial]]:
    """Certain trials grouped into steps: linked directly or through another member."""
    group = list(range(len(trials)))
    for i, j in combinations(range(len(trials)), 2):
        if could_be_one(trials[i], trials[j], rules):
            old, new = group[j], group[i]
            group = [new if g == old else g for g in group]
    return [[t for t, g in zip(trials, group, strict=True) if g == step] for step in dict.fromkeys(group)]


def count(trials: Sequence[Trial], rules: TrialRules) -> Steps:
    """Count failed and possible steps; steps are formed before counting."""
    certain = [t for t in trials if t.adequate]
    open_ = [t for t in trials if t.label in (Label.POSSIBLE, Label.SPARED)]
    failed = possible = 0
    joined: set[str] = set()
    for step in _components(certain, rules):
        near = [t for t in open_ if any(could_be_one(t, member, rules) for member in step)]
        joined |= {t.ingredient for t in near if t.exact}
        labels = {member.label for member in step}
        if labels & {Label.PARTIAL, Label.RESPONSE}:
            continue
        if Label.OPEN in labels or any(t.may_not_have_failed for t in near):
            possible += 1
        else:
            failed += 1
    possible += sum(t.label is Label.POSSIBLE and t.ingredient not in joined for t in open_)
    if rules.intolerance_counts:
        failed += sum(t.label is Label.INTOLERANT for t in trials)
    return Steps(failed, possible)
