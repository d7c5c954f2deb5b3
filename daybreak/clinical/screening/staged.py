"""How resistant is this depression by every model at once? One history in, all stagings out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from daybreak.clinical.answers import MET, UNKNOWN, UNREADABLE, Unreadable, Verdict
from daybreak.clinical.records import Exposure, Therapy, When
from daybreak.clinical.screening.claims import ClaimsRule, claims
from daybreak.clinical.screening.psychotherapy import TherapyTrial, psychotherapies
from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.staging import Agent, Kim, Msm, MsmTable, augmented, ect_given, kim, mgh_s, msm
from daybreak.clinical.screening.trd import Improvements, Trd, assess, not_measured
from daybreak.clinical.screening.trials import window


@dataclass(frozen=True, slots=True)
class Models:
    """The numbers of every staging model; they are knowledge.

    An augmentation counts after `augmentation_days` at dose, ECT from `ect_sessions`, psychotherapy from
    `psychotherapy_sessions`; `antipsychotics` are ingredient ids.
    """

    msm: MsmTable
    msm_rules: TrialRules
    mgh_points: Mapping[str, Fraction]
    mgh_rules: TrialRules
    agents: tuple[Agent, ...]
    augmentation_days: int
    ect_sessions: int
    kim_days: int
    kim_needed: int
    psychotherapy_sessions: int
    antidepressants: Mapping[str, str]
    antipsychotics: frozenset[str]


@dataclass(frozen=True, slots=True)
class History:
    """What staging needs to know of a person. `severity` is a word of the Maudsley table, or None."""

    exposures: tuple[Exposure, ...]
    therapies: tuple[Therapy, ...]
    episode_start: When | Unreadable | None
    severity: str | Unreadable | None
    index: date


@dataclass(frozen=True, slots=True)
class Staged:
    """`trd` by the rule set asked for; `mgh_s` is a lower bound; MSM and MGH-S rest on their own rule sets."""

    trd: Trd
    msm: Msm
    mgh_s: Fraction
    kim: Kim
    psychotherapy: tuple[TherapyTrial, ...] = ()


def stage(history: History, *, rules: TrialRules, models: Models, improvements: Improvements = not_measured) -> Staged:
    """Stage one history. Sources: the models' own."""
    span = window(history.episode_start, index=history.index)

    def judged(which: TrialRules) -> Trd:
        return assess(
            history.exposures,
            antidepressants=models.antidepressants,
            rules=which,
            episode_start=history.episode_start,
            index=history.index,
            improvements=improvements,
        )

    answers = {which.id: judged(which) for which in (rules, models.msm_rules, models.mgh_rules)}
    helped = augmented(
        history.exposures,
        agents=models.agents,
        rules=models.msm_rules,
        span=span,
        minimum_days=models.augmentation_days,
    )
    shocks = ect_given(history.therapies, minimum_sessions=models.ect_sessions, span=span)
    ours = answers[models.msm_rules.id].steps
    return Staged(
        trd=answers[rules.id],
        msm=msm(
            episode_start=history.episode_start,
            severity=history.severity,
            failed=ours.failed,
            possible=ours.possible,
            augmented=helped,
            ect=shocks,
            index=history.index,
            table=models.msm,
        ),
        mgh_s=mgh_s(
            failed=answers[models.mgh_rules.id].steps.failed,
            augmented_without_response=helped[0],
            ect=shocks[0],
            points=models.mgh_points,
        ),
        kim=_kim(history, models),
        psychotherapy=psychotherapies(
            history.therapies, minimum_sessions=models.psychotherapy_sessions, rules=rules, span=span
        ),
    )


def _kim(history: History, models: Models) -> Kim:
    mine = [
        (e.start.earliest.toordinal(), e.end.latest.toordinal() - e.start.earliest.toordinal() + 1)
        for e in history.exposures
        if isinstance(e.start, When)
        and isinstance(e.end, When)
        and e.ingredients is not UNREADABLE
        and any(i in models.antidepressants for i in e.ingredients)
    ]
    starts = [
        t.start.earliest.toordinal()
        for t in history.therapies
        if t.kind in ("ect", "tms") and isinstance(t.start, When)
    ]
    return kim(mine, other_starts=starts, minimum_days=models.kim_days, needed=models.kim_needed)


def claimed(history: History, *, rule: ClaimsRule, models: Models) -> Verdict:
    """The answer of a claims rule, taking the diagnosis for granted: a staging history is one of depression."""

    def diagnosed(concept: str) -> Verdict:
        return MET if concept == rule.diagnosis else UNKNOWN

    return claims(
        history.exposures,
        rule=rule,
        antidepressants=models.antidepressants,
        antipsychotics=models.antipsychotics,
        index=history.index,
        diagnosed=diagnosed,
    )
