"""Which level was observed, and what does it call for? (method "level")"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daybreak.clinical.screening.scoring import form
from daybreak.clinical.screening.scoring.scale import Result, Scale
from daybreak.clinical.screening.scoring.sums import invalid
from daybreak.clinical.screening.scoring.totals import finisher, highest, keys


@dataclass(frozen=True, slots=True)
class Level:
    """One observed level, reported as it is."""

    def scorer(self, scale: Scale) -> Callable[[object], Result]:
        """A function from `[level]` to the result."""
        finish = finisher(scale, highest(scale))
        blank: Result = dict.fromkeys(["status", "level", *keys(scale), "missing", "problem"])

        def score(args: object) -> Result:
            result = blank.copy()
            given = form.arguments(args, least=1, most=1)
            if given is None:
                return invalid(result, f"Expected one level in a list: [{form.allowed(scale.items[0])}].")
            points, problem = form.read(scale.items, given)
            if problem:
                return invalid(result, problem)
            level = points[0]
            result["status"] = "incomplete" if level is None else "complete"
            result["level"] = level
            result["missing"] = points.count(None)
            finish(result, points, level)
            return result

        return score
