"""What is the sum of all items? (method "sum")"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daybreak.clinical.screening.scoring import form
from daybreak.clinical.screening.scoring.scale import Points, Result, Scale
from daybreak.clinical.screening.scoring.totals import finisher, highest, keys


@dataclass(frozen=True, slots=True)
class Sum:
    """Add all items. `prorate_blanks`: up to so many blanks, a labelled estimate is given beside the missing total."""

    prorate_blanks: int | None = None

    def scorer(self, scale: Scale) -> Callable[[object], Result]:
        """A function from the arguments `[answers]` to the result."""
        items, kinds, size = scale.items, form.kinds_of(scale.items), len(scale.items)
        finish = finisher(scale, highest(scale))
        blank: Result = template(scale, *(["prorated"] if self.prorate_blanks is not None else []))
        has_safety = scale.safety is not None

        def score(args: object) -> Result:
            result = blank.copy()
            answers = form.first(args)
            if has_safety:
                result["safety"] = form.safety_of(scale, answers)
            if form.arguments(args, least=1, most=1) is None:
                return invalid(result, f"Expected one list of {size} answers in a list: [[…]], null for a blank.")
            points = form.read_complete(items, kinds, answers)
            if points is None:
                points, problem = form.read(items, answers)
                if problem:
                    return invalid(result, problem)
            add(result, points, finish)
            missing = result["missing"]
            if self.prorate_blanks is not None and isinstance(missing, int) and 0 < missing <= self.prorate_blanks:
                result["status"] = "prorated"
                result["prorated"] = prorated(points)
            return result

        return score


def template(scale: Scale, *more: str) -> Result:
    """Every key that a result of this scale has, not yet known."""
    safety = ["safety"] if scale.safety else []
    names = ["status", "total", "band", *keys(scale), "missing", *more, *safety, "problem"]
    return dict.fromkeys(names)


def invalid(result: Result, problem: str, status: str = "invalid") -> Result:
    """The result of answers that cannot be scored, with the sentence that says why."""
    result["status"] = status
    result["problem"] = problem
    return result


def add(result: Result, points: Points, finish: Callable[[Result, Points, int | None], None]) -> None:
    """Fill in status, total, missing and what follows from them. A blank leaves no total."""
    missing = points.count(None)
    result["missing"] = missing
    if missing:
        result["status"] = "incomplete"
        finish(result, points, None)
        return
    total = sum(points)  # type: ignore[arg-type]
    result["status"] = "complete"
    result["total"] = total
    finish(result, points, total)


def prorated(points: Points) -> int:
    """The mean of the answered items times the number of items, exactly, half up."""
    known = [value for value in points if value is not None]
    return (2 * sum(known) * len(points) + len(known)) // (2 * len(known))
