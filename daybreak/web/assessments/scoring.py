"""What do the answers to a rating scale add up to? By the rule of the scale, with what is missing said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from daybreak.clinical.screening.scales import scorer
from daybreak.knowledge import scales

RETIRED, SAME_TIME, TROUBLE = "retired", "same-time", "trouble"  # asked beside the items by some methods
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Scored:
    """The result as the scale's method reports it; `total` None while blanks leave it open."""

    result: Mapping[str, Any]

    @property
    def total(self) -> int | None:
        """The total, the level or the count, where the method has one and nothing is missing for it."""
        found = (self.result.get(name) for name in ("total", "level", "count"))
        return cast("int | None", next((value for value in found if value is not None), None))


@cache
def _scorer(scale: str) -> Any:
    return scorer(scales.scale(scale))


def values(scale: str) -> list[list[str]]:
    """For each item the answers as a form keeps them, in the order of the points."""
    return [[*map(str, points)] if points else [*_YES_NO] for points in scales.scale(scale).items]


def scored(scale: str, answers: Mapping[str, str]) -> Scored:
    """The answers by item number, as a form keeps them. What is none of the item's answers is a blank."""
    items, method = scales.scale(scale).items, scales.data(scale)["method"]
    ids = [one["name"] for one in method.get("questions", ())] or [str(n) for n in range(1, 1 + len(items))]
    points = [_given(answers.get(id, ""), offered) for id, offered in zip(ids, items, strict=True)]
    name = method["name"]
    if name in ("level", "screener triage"):
        return Scored(_scorer(scale)(points))
    args: list[object] = [points]
    if name == "sum unless retired":
        args.append(_YES_NO.get(answers.get(RETIRED, "")))
    if name == "count with follow-ups":
        same = {"yes": "Y", "no": "N"}.get(answers.get(SAME_TIME, ""))
        trouble = answers.get(TROUBLE, "")
        args += [same, trouble if trouble in method["problems"] else None]
    return Scored(_scorer(scale)(args))


def _given(text: str, offered: Mapping[int | str, int]) -> int | str | bool | None:
    if not offered:
        return _YES_NO.get(text)
    return next((answer for answer in offered if str(answer) == text), None)
