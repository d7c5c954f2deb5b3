"""What does somebody ask a clinic before they begin, in their language? (`clinic_questions.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.knowledge.store import loaded


def heads() -> tuple[Mapping[str, Any], ...]:
    """The parts of the profile, as a clinic card has them, each with its questions."""
    asked = loaded("clinic_questions")["clinic_questions"]["questions"]
    known = loaded("card")["card"]["heads"]
    found = [{**head, "questions": [one for one in asked if one["head"] == head["id"]]} for head in known]
    return tuple(head for head in found if head["questions"])


def source(id: str) -> Mapping[str, Any]:
    """What is cited: its title, and where one can open it."""
    return next(one for file in loaded("sources").values() for one in file["sources"] if one["id"] == id)
