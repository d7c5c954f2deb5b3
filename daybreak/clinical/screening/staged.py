"""How resistant is this depression by every model at once? One history in, all stagings out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from daybreak.clinical.answers import MET, UNKNOWN, UNREADABLE, Unreadable, Verdict
from daybreak.clinical.records import Exposure, Therapy, When
from daybreak.clinical.screening.claims import ClaimsRule, claims
from daybreak.clinical.screening.courses import window
from daybreak.clinical.screening.psychotherapy import TherapyTrial, psychotherapies
from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.runs import Span
from daybreak.clinical.screening.staging import ONE, Agent, Kim, Msm, MsmTable, augmented, ect_given, kim, mgh_s, msm
from daybreak.clinical.screening.trd import Improvements, Trd, assess, not_measured


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
    """What staging needs to know of a person. `severity` is a word of the Maudsley table, or None.

    `levels` are serum levels by the reference of their exposure; UNREADABLE: there is one that cannot be known.
    """

    exposures: tuple[Exposure, ...]
    therapies: tuple[Therapy, ...]
    episode_start: When | Unreadable | None
    severity: str | Unreadable | None
    index: date
    levels: Mapping[str, Decimal | Unreadable] = field(default_factory=dict)


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
        levels=history.levels,
        rules=models.msm_rules,
        span=span,
        minimum_days=models.augmentation_days,
    )
    shocks = ect_given(history.therapies, minimum_sessions=models.ect_sessions, rules=models.msm_rules, span=span)
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
    index = history.index.toordinal()
    courses: dict[str, list[Span]] = {}
    for i, e in enumerate(history.exposures):
        running = e.end is None and e.status == "active"
        if e.status == "planned" or e.ingredients is UNREADABLE or not isinstance(e.start, When):
            continue
        if not running and not isinstance(e.end, When):
            continue
        first = e.start.earliest.toordinal()
        last = min(e.end.latest.toordinal(), index) if isinstance(e.end, When) else index
        for ingredient in e.ingredients:
            if ingredient in models.antidepressants and first <= last:
                courses.setdefault(ingredient, []).append(Span(first, last, ONE, e.kind, i))
    starts = [
        t.start.earliest.toordinal()
        for t in history.therapies
        if t.kind in ("ect", "tms") and isinstance(t.start, When) and t.start.earliest <= history.index
    ]
    return kim(
        courses,
        other_starts=starts,
        minimum_days=models.kim_days,
        needed=models.kim_needed,
        bridge=models.msm_rules.bridge,
    )


def claimed(history: History, *, rule: ClaimsRule, models: Models) -> Verdict:
    """The answer of a claims rule, taking the diagnosis for granted: a staging history is one of depression."""

    def diagnosed(concept: str) -> Verdict:
        return MET if concept in rule.diagnosis else UNKNOWN

    return claims(
        history.exposures,
        rule=rule,
        antidepressants=models.antidepressants,
        antipsychotics=models.antipsychotics,
        index=history.index,
        diagnosed=diagnosed,
    )
