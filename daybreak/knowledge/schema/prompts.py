"""What else is worth knowing about this person: look-alikes to rule out, and factors that come with resistance?"""

from __future__ import annotations

from typing import Literal

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Estimate(Fact):
    """One published figure, in words, as it stands in its source."""

    figure: Words


class Prompt(Fact):
    """`look_alike`: something that can pass for resistance. `risk_factor`: shown as information; there is no score.

    It is asked of a `concept`, of `sex: female`, or of stays in a hospital `admitted_for` one of these concepts.
    """

    id: Id
    kind: Literal["look_alike", "risk_factor", "other_use"]
    concept: Id | None = None
    sex: Literal["female"] | None = None
    admitted_for: tuple[Id, ...] = ()
    title: Words
    ask: Words
    estimates: tuple[Estimate, ...] = ()


class PromptsFile(Strict):
    prompts: tuple[Prompt, ...]
