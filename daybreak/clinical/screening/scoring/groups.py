"""What is the sum of the highest answers of each group? (method "max of groups")

A group is known when every part that it needs has an answer, or as soon as one answer is the highest there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daybreak.clinical.screening.scoring import form
from daybreak.clinical.screening.scoring.scale import Points, Result, Scale
from daybreak.clinical.screening.scoring.sums import invalid, template
from daybreak.clinical.screening.scoring.totals import finisher


@dataclass(frozen=True, slots=True)
class Group:
    """The highest of its items counts. It is known when each of `needs` has an answer in one of its items."""

    name: str
    needs: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class MaxOfGroups:
    """Add the highest answer of each group."""

    groups: tuple[Group, ...]

    def scorer(self, scale: Scale) -> Callable[[object], Result]:
        """A function from the arguments `[answers]` to the result. `missing` counts the groups that are not known."""
        tops = {group.name: _top(scale, group) for group in self.groups}
        finish = finisher(scale, sum(tops.values()))
        blank = template(scale, "missing_domains", "domains")

        def score(args: object) -> Result:
            result = blank.copy()
            answers = form.first(args)
            result["safety"] = form.safety_of(scale, answers)
            if form.arguments(args, least=1, most=1) is None:
                return invalid(
                    result, f"Expected one list of {len(scale.items)} answers in a list: [[…]], null for a blank."
                )
            points, problem = form.read(scale.items, answers)
            if problem:
                return invalid(result, problem)
            domains = {group.name: _highest(points, group, tops[group.name]) for group in self.groups}
            unknown = [name for name, value in domains.items() if value is None]
            total = None if unknown else sum(value for value in domains.values() if value is not None)
            result.update(
                status="incomplete" if unknown else "complete",
                total=total,
                domains=domains,
                missing=len(unknown),
                missing_domains=unknown,
            )
            finish(result, points, total)
            return result

        return score


def _top(scale: Scale, group: Group) -> int:
    return max(max(scale.items[item - 1].values()) for part in group.needs for item in part)


def _highest(points: Points, group: Group, top: int) -> int | None:
    known = [[value for item in part if (value := points[item - 1]) is not None] for part in group.needs]
    found = [value for part in known for value in part]
    if all(known) or top in found:
        return max(found)
    return None
