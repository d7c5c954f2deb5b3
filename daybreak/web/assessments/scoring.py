"""What do the answers to a rating scale add up to? By the rule of the scale, with what is missing said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from daybreak.clinical.screening.scales import scorer
from daybreak.knowledge import scales


@dataclass(frozen=True, slots=True)
class Scored:
    """The result as the scale's method reports it; `total` None while blanks leave it open."""

    result: Mapping[str, Any]

    @property
    def total(self) -> int | None:
        """The total, where the method has one and nothing is missing for it."""
        return cast("int | None", self.result.get("total"))


@cache
def _scorer(scale: str) -> Any:
    return scorer(scales.scale(scale))


def scored(scale: str, answers: Mapping[str, str]) -> Scored:
    """The answers by item number, as a form keeps them. What is no number is a blank."""
    count = sum(run["count"] for run in scales.data(scale)["items"]["runs"])
    points = [int(text) if (text := answers.get(str(n), "")).isdigit() else None for n in range(1, count + 1)]
    return Scored(_scorer(scale)([points]))
