"""May this person be treated under this protocol: what do its criteria say, and what follows from them?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, Answer, Reason
from daybreak.clinical.screening.criteria import Ask, Criterion, Node, evaluate
from daybreak.clinical.screening.facts import asker
from daybreak.clinical.screening.resistance import COUNTED, UNREVIEWED, trd
from daybreak.clinical.screening.trd import Trd
from daybreak.clinical.screening.view import View

ELIGIBLE = "eligible"
REVIEW = "eligible_with_review"
NOT_ELIGIBLE = "not_eligible"
NEEDS_INFORMATION = "needs_information"

SCREENING = "screening"
HARD = frozenset({"absolute", "required"})


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol as it stood on one day: `version` is the day from which that wording holds (or "undated"); `digest` is
    that of everything it was resolved from. `trial_rules` names the rule set by which it speaks of TRD."""

    id: str
    version: str
    digest: str
    trial_rules: str
    criteria: tuple[Criterion, ...]


class Finding(NamedTuple):
    """One criterion answered for one chart."""

    criterion: Criterion
    answer: Answer


@dataclass(frozen=True, slots=True)
class Decision:
    """`not_yet`: the first day on which every obstacle that passes by itself will have passed, when nothing else stands in
    the way."""

    protocol: Protocol
    status: str
    findings: tuple[Finding, ...]
    trd: Trd
    not_yet: date | None


def decide(view: View, protocol: Protocol) -> Decision:
    """Judge one chart by one protocol.

    Status, first match: absolute or required not met → not eligible; absolute or required unknown → needs information;
    relative or caution not met or unknown → eligible with review; else eligible. Criteria that are due before each dose
    are listed and do not decide. A start of the episode that was assumed, and a count of trials from a history that nobody
    reviewed, leave at most "eligible with review".
    """
    ask, known = asker(view), view.answers
    findings = tuple([Finding(c, known.get(c.rule) or _answer(view, c.rule, ask)) for c in protocol.criteria])
    resistance = as_known(trd(view, protocol.trial_rules), findings)
    status = status_of(findings)
    if status == ELIGIBLE and (resistance.assumed or any(UNREVIEWED in _ids(f.answer.reason) for f in findings)):
        status = REVIEW
    return Decision(protocol, status, findings, resistance, _not_yet(findings) if status == NOT_ELIGIBLE else None)


def as_known(resistance: Trd, findings: Sequence[Finding]) -> Trd:
    """Few trials on record are a "no" only where the protocol's own count is of a reviewed history: else earlier ones may
    be missing."""
    if resistance.verdict is NOT_MET and not any(COUNTED in _ids(f.answer.reason) for f in findings):
        return replace(resistance, verdict=UNKNOWN)
    return resistance


def _ids(reason: Reason) -> set[str]:
    return {reason.id, *(one.id for one in reason.values.get("reasons", ()))}


def _answer(view: View, rule: Node, ask: Ask) -> Answer:
    """What the tree says, kept: a tree that another protocol shares is read once."""
    answer = view.answers[rule] = evaluate(rule, ask)
    return answer


def gathered(decisions: Iterable[Decision], when: str) -> list[list[tuple[int, Decision, Finding]]]:
    """The same question with the same answer once, with the number (from 1) of each decision that asks it."""
    found: dict[tuple[str, ...], list[tuple[int, Decision, Finding]]] = {}
    for number, decision in enumerate(decisions, 1):
        for f in decision.findings:
            if f.criterion.when == when:
                key = (f.criterion.name, f.answer.verdict, f.answer.reason.id, str(f.answer.reason.values))
                found.setdefault(key, []).append((number, decision, f))
    return list(found.values())


def status_of(findings: Sequence[Finding]) -> str:
    """The status that follows from the screening criteria."""
    open_ = [
        (answer.verdict, criterion.strength)
        for criterion, answer in findings
        if answer.verdict is not MET and criterion.when == SCREENING
    ]
    hard = {verdict for verdict, strength in open_ if strength in HARD}
    if NOT_MET in hard:
        return NOT_ELIGIBLE
    if UNKNOWN in hard:
        return NEEDS_INFORMATION
    return REVIEW if open_ else ELIGIBLE


def _not_yet(findings: Sequence[Finding]) -> date | None:
    """When to look again: only if each hard obstacle passes by time alone."""
    obstacles = [
        f.answer
        for f in findings
        if f.criterion.when == SCREENING and f.criterion.strength in HARD and f.answer.verdict is NOT_MET
    ]
    dates = [answer.review_on for answer in obstacles if answer.review_on is not None]
    return max(dates) if dates and len(dates) == len(obstacles) else None
