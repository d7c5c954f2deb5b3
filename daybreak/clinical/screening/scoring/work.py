"""What is the sum when the question about work does not apply to everybody? (method "sum unless retired")"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daybreak.clinical.screening.scoring import form
from daybreak.clinical.screening.scoring.scale import Result, Scale
from daybreak.clinical.screening.scoring.sums import add, invalid, template
from daybreak.clinical.screening.scoring.totals import finisher, highest


@dataclass(frozen=True, slots=True)
class SumUnlessRetired:
    """Add all items; `item` is about work and is left out for somebody who has none."""

    item: int

    def scorer(self, scale: Scale) -> Callable[[object], Result]:
        """From `[answers, retired]` to the result. `max` is the highest total; bands are of the full form."""
        place = self.item - 1
        full = highest(scale)
        without_work = full - max(scale.items[place].values())
        finish = finisher(scale, full)
        blank = template(scale, "max")

        def score(args: object) -> Result:
            result = blank.copy()
            given = form.arguments(args, least=1, most=2)
            if given is None:
                return invalid(result, f"Expected [[{len(scale.items)} answers], retired], null for a blank.")
            answers, retired = given
            if retired is not None and not isinstance(retired, bool):
                return invalid(result, f"Retired is {form.shown(retired)}; expected true, false or null (not known).")
            points, problem = form.read(scale.items, answers)
            if problem:
                return invalid(result, problem)
            if retired and points[place] is not None:
                return invalid(
                    result,
                    f"Retired or without a job, but item {self.item} (work) is answered. Ask again which is right.",
                    status="inconsistent",
                )
            if retired:
                add(result, points[:place] + points[place + 1 :], lambda *_: None)
                result["max"] = without_work
                return result
            add(result, points, finish)
            if retired is False or points[place] is not None:  # an answer about work says that there is work
                result["max"] = full
            return result

        return score
