"""Are there enough yes answers, at the same time, with a serious problem? (method "count with follow-ups")"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daybreak.clinical.screening.scoring import form
from daybreak.clinical.screening.scoring.scale import Result, Scale
from daybreak.clinical.screening.scoring.sums import invalid

KEYS = ("status", "count", "positive", "yes_so_far", "missing", "problem")


@dataclass(frozen=True, slots=True)
class CountWithFollowUps:
    """Positive: at least `needed` yes, at the same time, with a problem of one of `serious`.

    The follow-ups are due from `due_from` yes; `problems` are the allowed answers to the second.
    """

    needed: int
    due_from: int
    problems: tuple[str, ...]
    serious: tuple[str, ...]

    def scorer(self, scale: Scale) -> Callable[[object], Result]:
        """A function from `[answers, same time, problem]` to the result. `count` only when every item is answered."""
        size = len(scale.items)

        def score(args: object) -> Result:
            result: Result = dict.fromkeys(KEYS)
            given = form.arguments(args, least=1, most=3)
            if given is None:
                return invalid(result, f"Expected [[{size} answers], same time, problem], null for a blank.")
            answers, same_time, trouble = given
            points, problem = form.read(scale.items, answers)
            problem = problem or _unreadable(same_time, trouble, self)
            if problem:
                return invalid(result, problem)
            blanks = points.count(None)
            yes = sum(value for value in points if value)
            result["yes_so_far" if blanks else "count"] = yes
            follow_ups_due = yes >= self.due_from
            missing = blanks + ((same_time is None) + (trouble is None) if follow_ups_due else 0)
            result["missing"] = missing
            negative = (
                yes + blanks < self.needed or same_time == "N" or (trouble is not None and trouble not in self.serious)
            )
            if missing and not negative:
                result["status"] = "incomplete"
                return result
            result["status"] = "partial" if missing else "complete"
            result["positive"] = not negative
            return result

        return score


def _unreadable(same_time: object, trouble: object, method: CountWithFollowUps) -> str | None:
    if same_time is not None and not (isinstance(same_time, str) and same_time in ("Y", "N")):
        return f'The answer to "at the same time" is {form.shown(same_time)}; expected "Y", "N" or null.'
    if trouble is not None and not (isinstance(trouble, str) and trouble in method.problems):
        names = ", ".join(f'"{name}"' for name in method.problems)
        return f"The problem is {form.shown(trouble)}; expected {names} or null."
    return None
