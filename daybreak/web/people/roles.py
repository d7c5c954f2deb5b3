"""Which roles are there?"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody does at a site. What one may see follows from the work, not from the rank."""

    PRESCRIBER = "prescriber"
    NURSE = "nurse"
    EVALUATOR = "evaluator"
    FRONT_DESK = "front_desk"
    PHARMACIST = "pharmacist"
    RESEARCHER = "researcher"
    ADMINISTRATOR = "administrator"
