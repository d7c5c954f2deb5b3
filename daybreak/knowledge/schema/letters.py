"""What does a clinic write to whoever else looks after a patient, after what, and within how many days?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from daybreak.knowledge.schema.common import Fact, Id, Words

Part = Literal["decisions", "courses", "treatments", "scores", "adverse", "diagnoses", "medicines", "therapies"]
Role = Literal["family_doctor", "therapist", "psychiatrist", "case_worker", "other"]


class Letter(Fact):
    """One occasion: to whom it is proposed by itself, and what stands in it. `serious`: of which adverse events."""

    id: Id
    to: tuple[Role, ...]
    days: Annotated[int, Field(ge=1)]
    serious: tuple[Literal["yes", "no", "unknown"], ...] = ()
    parts: tuple[Part, ...]
    title: Words
    opens: Words


class LettersFile(Fact):
    looks_back_days: Annotated[int, Field(ge=1)]
    letters: tuple[Letter, ...]
