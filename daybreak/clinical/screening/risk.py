"""What else is on record that a clinician wants to know: look-alikes of resistance, factors that come with it, other uses?

Shown as information. Nothing is added up, and nothing here decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daybreak.clinical.answers import Evidence
from daybreak.clinical.screening.history import is_active
from daybreak.clinical.screening.view import View, condition_evidence

OTHER_USE = "other_use"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to look for: a concept on the problem list, or the recorded sex; neither: it is always shown."""

    id: str
    kind: str
    concept: str | None = None
    sex: str | None = None


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
    if prompt.concept is None:
        return Noted(prompt, prompt.sex is None or view.chart.patient.sex == prompt.sex)
    mine = [c for c in view.by_concept.get(prompt.concept, ()) if is_active(c, view.day) is not False]
    return Noted(prompt, bool(mine), tuple(condition_evidence(c) for c in mine))
