"""What is the sum when some answers make later questions needless? (method "skip-aware sum")"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from daybreak.clinical.screening.scoring import form
from daybreak.clinical.screening.scoring.scale import Points, Result, Scale
from daybreak.clinical.screening.scoring.sums import add, invalid, template
from daybreak.clinical.screening.scoring.totals import finisher, highest

SEX_UNKNOWN = "The sex is not known: the lower cut is used."


@dataclass(frozen=True, slots=True)
class Skip:
    """When all of `when_zero` are 0, blanks in `skipped` count 0. `strict`: points there contradict."""

    when_zero: tuple[int, ...]
    skipped: tuple[int, ...]
    strict: bool


@dataclass(frozen=True, slots=True)
class SexCut:
    """A cut that depends on sex; `otherwise` when it is not known."""

    by_sex: Mapping[str, int]
    otherwise: int


@dataclass(frozen=True, slots=True)
class SkipAwareSum:
    """Add all items; a blank that an earlier answer made needless counts 0."""

    skips: tuple[Skip, ...]
    sex_cut: SexCut | None = None

    def scorer(self, scale: Scale) -> Callable[[object], Result]:
        """A function from the arguments `[answers]`, or `[answers, sex]` where a cut depends on sex, to the result."""
        finish = finisher(scale, highest(scale))
        by_sex = self.sex_cut
        blank = template(scale, "missing_items", *(["cut", "positive", "note"] if by_sex else []))
        expected = f"[[{len(scale.items)} answers], sex]" if by_sex else f"[[{len(scale.items)} answers]]"

        def score(args: object) -> Result:
            result = blank.copy()
            given = form.arguments(args, least=1, most=2 if by_sex else 1)
            if given is None:
                return invalid(result, f"Expected {expected}, null for a blank.")
            if by_sex:
                sex = given[1]
                if sex is not None and not isinstance(sex, str):
                    return invalid(result, f'The sex is {form.shown(sex)}; expected "female", "male" or null.')
                _choose_cut(result, by_sex, sex)
            points, problem = form.read(scale.items, given[0])
            if problem:
                return invalid(result, problem)
            for skip in self.skips:
                problem = _contradiction(points, skip)
                if problem:
                    return invalid(result, problem, status="inconsistent")
            for skip in self.skips:
                _fill(points, skip)
            add(result, points, finish)
            result["missing_items"] = [number for number, value in enumerate(points, start=1) if value is None]
            if by_sex and isinstance(result["total"], int) and isinstance(result["cut"], int):
                result["positive"] = result["total"] >= result["cut"]
            return result

        return score


def _applies(points: Points, skip: Skip) -> bool:
    return all(points[item - 1] == 0 for item in skip.when_zero)


def _contradiction(points: Points, skip: Skip) -> str | None:
    against = [item for item in skip.skipped if points[item - 1]] if skip.strict and _applies(points, skip) else []
    if not against:
        return None
    zero = " and ".join(map(str, skip.when_zero))
    return f"Item {zero} is 0, but item {', '.join(map(str, against))} is above 0. Ask again which of them is right."


def _fill(points: Points, skip: Skip) -> None:
    if _applies(points, skip):
        for item in skip.skipped:
            if points[item - 1] is None:
                points[item - 1] = 0


def _choose_cut(result: Result, cut: SexCut, sex: str | None) -> None:
    known = cut.by_sex.get(sex) if sex is not None else None
    result["cut"] = cut.otherwise if known is None else known
    if known is None:
        result["note"] = SEX_UNKNOWN
