"""Does an exception still stand beside its finding, and if not, what has changed?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from daybreak.clinical.answers import MET
from daybreak.clinical.screening.judge import Decision, Finding
from daybreak.knowledge.store import digest_of
from daybreak.web.screening.models import SECOND, WITHDRAWN, Override, OverrideEvent

HOLDS, WAITS, VOID, TAKEN_BACK = "holds", "waits", "void", "taken_back"
NOBODY, PRESCRIBER, TWO = "none", "prescriber", "two_signatures"
# What the weight of a finding asks for before anybody may sign: a caution is weighed by the signature itself.
ASKS_FOR_ONE = frozenset({"absolute", "required", "relative"})


@dataclass(frozen=True, slots=True)
class Standing:
    """An exception as it stands now. `why` names what changed: verdict, evidence, protocol; or that its last day is over."""

    row: Override
    state: str
    why: tuple[str, ...]
    second: OverrideEvent | None


def evidence_digest(finding: Finding) -> str:
    """The digest of the records that the answer rests on, and of what is missing."""
    answer = finding.answer
    return digest_of(
        {
            "evidence": [[e.resource, e.text, e.date] for e in answer.evidence],
            "missing": sorted({reason.id for reason in answer.missing}),
        }
    )


def standing(row: Override, decision: Decision | None, *, day: date) -> Standing:
    """How it stands on that day beside that decision; None: the protocol is no longer in force."""
    events = {event.kind: event for event in row.events.all()}
    finding = finding_of(decision, row.criterion) if decision else None
    bound = (
        ("protocol", decision is not None and decision.protocol.digest == row.protocol_digest),
        ("verdict", finding is not None and finding.answer.verdict.value == row.verdict),
        ("evidence", finding is not None and evidence_digest(finding) == row.evidence_digest),
        ("ended", row.ends_on is None or day <= row.ends_on),
    )
    why = tuple(name for name, same in bound if not same)
    second = events.get(SECOND)
    if WITHDRAWN in events:
        return Standing(row, TAKEN_BACK, (), second)
    if why:
        return Standing(row, VOID, why, second)
    return Standing(row, WAITS if row.needs_two and second is None else HOLDS, (), second)


def finding_of(decision: Decision, criterion: str) -> Finding | None:
    """The screening finding of that criterion."""
    return next((f for f in screened(decision) if f.criterion.name == criterion), None)


def screened(decision: Decision) -> list[Finding]:
    """The findings that decide now; the others are due before each dose."""
    return [f for f in decision.findings if f.criterion.when == "screening"]


def asks_for_one(finding: Finding) -> bool:
    """Is it an obstacle, or an open question, that a signature alone does not weigh?"""
    return finding.answer.verdict is not MET and finding.criterion.strength in ASKS_FOR_ONE
