"""Is this treatment-resistant depression under one rule set: yes, no, or not to be known from the record?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from daybreak.clinical.answers import MET, NOT_MET, UNREADABLE, Reason, Unreadable, Verdict
from daybreak.clinical.answers import UNKNOWN as UNKNOWN_VERDICT
from daybreak.clinical.records import Exposure, When
from daybreak.clinical.screening.courses import window
from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.steps import Steps, count
from daybreak.clinical.screening.trials import NAMELESS, Improvement, Label, Trial, judge_trial

WORDS: Mapping[Verdict, str] = {MET: "yes", NOT_MET: "no", UNKNOWN_VERDICT: "indeterminate"}

Improvements = Callable[[int, int, TrialRules], Improvement]


@dataclass(frozen=True, slots=True)
class Trd:
    """The answer with its trials. `verdict` MET: at least `rules.steps_needed` failed steps.

    `assumed` names what was taken for granted (the start of the episode), each with its reason.
    """

    verdict: Verdict
    steps: Steps
    trials: tuple[Trial, ...]
    rules: TrialRules
    assumed: tuple[Reason, ...] = ()

    @property
    def word(self) -> str:
        return WORDS[self.verdict]

    @property
    def adequate(self) -> int:
        """Ingredients that were certainly given long enough at enough."""
        return sum(trial.adequate for trial in self.trials)

    @property
    def failed_medicines(self) -> int:
        return sum(trial.label is Label.FAILED for trial in self.trials)


def not_measured(first: int, last: int, rules: TrialRules) -> Improvement:
    """For histories that come with their own percentages."""
    return None


def by_ingredient(exposures: Iterable[Exposure]) -> dict[str, list[Exposure]]:
    """Exposures under each of their ingredients, in order of first mention. The dose of a fixed combination is not the
    dose of either ingredient, and a medicine that nobody can name stands for itself."""
    found: dict[str, list[Exposure]] = {}
    for exposure in exposures:
        if exposure.ingredients is UNREADABLE:
            found.setdefault(f"{NAMELESS}{exposure.ref}", []).append(exposure)
            continue
        alone = exposure if len(exposure.ingredients) == 1 else replace(exposure, dose=UNREADABLE)
        for ingredient in exposure.ingredients:
            found.setdefault(ingredient, []).append(alone)
    return found


def assess(
    exposures: Iterable[Exposure],
    *,
    antidepressants: Mapping[str, str],
    rules: TrialRules,
    episode_start: When | Unreadable | None,
    index: date,
    improvements: Improvements = not_measured,
    assumed: Sequence[Reason] = (),
) -> Trd:
    """Judge every antidepressant of the episode and count failed steps.

    `antidepressants` maps ingredient ids to their class (`ssri` …); other ingredients are no trials.
    """
    span = window(episode_start, index=index)
    found = {
        ingredient: courses
        for ingredient, courses in by_ingredient(exposures).items()
        if ingredient in antidepressants or ingredient.startswith(NAMELESS)
    }

    def judged(ingredient: str, courses: Sequence[Exposure]) -> Trial | None:
        return judge_trial(
            ingredient,
            courses,
            rules=rules,
            span=span,
            improvements=lambda first, last: improvements(first, last, rules),
        )

    alone = {i: trial for i, courses in found.items() if (trial := judged(i, courses))}
    nameless = {i: trial for i, trial in alone.items() if i.startswith(NAMELESS)}
    trials = []
    for ingredient, trial in alone.items():
        # A medicine that nobody can name may be a later run of this one, or the missing days of a run that is too short.
        could_be = [
            e
            for i, other in nameless.items()
            if ingredient not in nameless and (_counts(trial, rules) or other.label is Label.INADEQUATE)
            for e in found[i]
        ]
        trials.append((judged(ingredient, [*found[ingredient], *could_be]) if could_be else None) or trial)
    steps = count(trials, rules)
    verdict = _verdict(steps, antidepressants, rules)
    return Trd(verdict, steps, tuple(trials), rules, tuple(assumed))


def _counts(trial: Trial, rules: TrialRules) -> bool:
    """Does it count for or against resistance as it stands?"""
    return trial.adequate or (rules.intolerance_counts and trial.label is Label.INTOLERANT)


def _verdict(steps: Steps, classes: Mapping[str, str], rules: TrialRules) -> Verdict:
    if steps.failed + steps.possible < rules.steps_needed:
        return NOT_MET
    sure = {classes.get(i, i) for i in steps.failed_medicines}
    hoped = {classes.get(i, i) for i in steps.failed_medicines | steps.possible_medicines}
    if len(hoped) < rules.classes_needed:
        return NOT_MET
    return MET if steps.failed >= rules.steps_needed and len(sure) >= rules.classes_needed else UNKNOWN_VERDICT
