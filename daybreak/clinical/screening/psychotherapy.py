"""Was psychotherapy tried for long enough in this episode, and did it help? Never required for TRD, never against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, UNREADABLE, Evidence, Reason, Verdict
from daybreak.clinical.records import Therapy, When
from daybreak.clinical.screening.courses import Window
from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.staging import could_touch


@dataclass(frozen=True, slots=True)
class TherapyTrial:
    """`adequate`: enough sessions (MET), too few (NOT_MET), or not known; `failed` likewise."""

    therapy: Therapy
    adequate: Verdict
    failed: Verdict
    reason: Reason
    evidence: Evidence


def psychotherapies(
    therapies: Sequence[Therapy], *, minimum_sessions: int, rules: TrialRules, span: Window
) -> tuple[TherapyTrial, ...]:
    """Every course of psychotherapy that could lie in the episode."""
    mine = [t for t in therapies if t.kind == "psychotherapy" and could_touch(t, span)]
    return tuple(_judged(t, minimum_sessions, rules, span) for t in mine)


def failures(trials: Sequence[TherapyTrial]) -> tuple[int, int]:
    """How many certainly were adequate and failed, and how many more could have been."""
    failed = sum(t.adequate is MET and t.failed is MET for t in trials)
    hoped = sum(t.adequate is not NOT_MET and t.failed is not NOT_MET for t in trials)
    return failed, hoped - failed


def _judged(t: Therapy, minimum: int, rules: TrialRules, span: Window) -> TherapyTrial:
    adequate = UNKNOWN
    enough = isinstance(t.sessions, int) and t.sessions >= minimum
    if isinstance(t.sessions, int):
        adequate = NOT_MET if not enough else MET if _inside(t, span) else UNKNOWN
    failed = _failed(t, rules)
    values = {"sessions": None if t.sessions is UNREADABLE else t.sessions, "needed": minimum}
    words = {MET: "failed", NOT_MET: "helped", UNKNOWN: "outcome-unknown"}[failed]
    id_ = "psychotherapy.too-short" if adequate is NOT_MET else f"psychotherapy.{words}"
    if enough and adequate is UNKNOWN:
        id_ = "psychotherapy.undated"
    when = str(t.start) if isinstance(t.start, When) else None
    return TherapyTrial(t, adequate, failed, Reason(id_, values), Evidence(t.ref, t.text, when))


def _inside(t: Therapy, span: Window) -> bool:
    """Was it certainly, at least in part, in the episode?"""
    begun = t.start if isinstance(t.start, When) else t.end
    over = t.end if isinstance(t.end, When) else t.start
    if not isinstance(begun, When) or not isinstance(over, When):
        return False
    return begun.latest.toordinal() <= span.index and over.earliest.toordinal() >= span.start_latest


def _failed(t: Therapy, rules: TrialRules) -> Verdict:
    if t.improvement is UNREADABLE or t.stop is UNREADABLE:
        return UNKNOWN
    if t.improvement is None:
        return MET if t.stop == "no effect" else UNKNOWN
    if t.stop == "no effect" and t.improvement >= rules.response_from:
        return UNKNOWN  # the record contradicts itself
    return MET if rules.is_failure(t.improvement) else NOT_MET
