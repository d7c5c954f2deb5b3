"""What else is on record that a clinician wants to know: look-alikes of resistance, factors that come with it, other uses?

Shown as information. Nothing is added up, and nothing here decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daybreak.clinical.answers import Evidence
from daybreak.clinical.records import When
from daybreak.clinical.screening.history import is_active
from daybreak.clinical.screening.view import View, begins_after, condition_evidence

OTHER_USE = "other_use"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to look for: a concept on the problem list, the recorded sex, or a stay in a hospital for one of the
    `admitted_for` concepts; none of them: it is always shown."""

    id: str
    kind: str
    concept: str | None = None
    sex: str | None = None
    admitted_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Noted:
    """`on_record` False only says that nothing is written down."""

    prompt: Prompt
    on_record: bool
    evidence: tuple[Evidence, ...] = ()


def notes(view: View, prompts: Sequence[Prompt]) -> tuple[Noted, ...]:
    """Every prompt with what the record says. Other uses are named only when they are there and no depression is."""
    depressed = bool(view.by_concept.get("major_depression"))
    found = [_noted(view, prompt) for prompt in prompts]
    return tuple(n for n in found if n.prompt.kind != OTHER_USE or (n.on_record and not depressed))


def _noted(view: View, prompt: Prompt) -> Noted:
    if prompt.admitted_for:
        return _admissions(view, prompt)
    if prompt.concept is None:
        return Noted(prompt, prompt.sex is None or view.chart.patient.sex == prompt.sex)
    mine = [c for c in view.by_concept.get(prompt.concept, ()) if is_active(c, view.day) is not False]
    return Noted(prompt, bool(mine), tuple(condition_evidence(c) for c in mine))


def _admissions(view: View, prompt: Prompt) -> Noted:
    stays = [
        e for e in view.chart.encounters if e.concepts & prompt.admitted_for and not begins_after(e.start, view.day)
    ]
    evidence = tuple(Evidence(e.ref, e.text, str(e.start) if isinstance(e.start, When) else None) for e in stays)
    return Noted(prompt, bool(stays), evidence)
