"""What must a medicine trial show to count? The numbers of one named rule set; they are knowledge, not ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DoseTable:
    """A named table of minimum adequate doses: ingredient -> mg per day. An ingredient that is absent has no known minimum."""

    id: str
    minimum: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class TrialRules:
    """One published definition of adequate and failed.

    `minimum_days` at or above the dose; gaps of up to `bridge` days are bridged; an improvement below `failed_below`
    percent is a failure (`failed_inclusive`: also exactly at it), from `response_from` percent it is a response; trials
    begun at most `combination_start` days apart that overlap `combination_overlap` days are one step; scores count
    for a trial's start or end when taken at most `score_window` days away; doses taken below `adherence_from` percent
    leave adequacy open; `steps_needed` failed steps make TRD.
    `intolerance_counts` and `classes_needed` serve payers' definitions.
    """

    id: str
    dose_table: DoseTable
    minimum_days: int
    bridge: int
    failed_below: Decimal
    failed_inclusive: bool
    response_from: Decimal
    combination_start: int
    combination_overlap: int
    score_window: int
    adherence_from: Decimal
    steps_needed: int
    intolerance_counts: bool = False
    classes_needed: int = 1

    def is_failure(self, improvement: Decimal) -> bool:
        """Does this improvement (percent) count as a failure? Worsening does."""
        return improvement <= self.failed_below if self.failed_inclusive else improvement < self.failed_below
