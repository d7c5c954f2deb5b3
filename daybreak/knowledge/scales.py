"""Which rating scales do we know, as records that can be scored?

Methods are imported where they are built: a command that scores one scale starts faster without the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from daybreak.clinical.screening.scoring.scale import BandSet, Beside, Cut, Limit, Method, Safety, Scale
from daybreak.knowledge import store

Data = Mapping[str, Any]


class UnknownScale(LookupError):
    """No scale has this id; the sentence names the nearest one and all that exist."""


def ids() -> list[str]:
    """The ids of all scales."""
    return sorted(_all())


@cache
def scale(id: str) -> Scale:
    """The scale of this id, ready to be scored. Raises `UnknownScale`."""
    return build(data(id))


def data(id: str) -> Data:
    """The validated file of this scale. Raises `UnknownScale`."""
    if id not in _all():
        raise UnknownScale(_unknown(id))
    found: Data = _all()[id]
    return found


@cache
def _all() -> dict[str, Any]:
    return store.load("scales")


def _unknown(id: str) -> str:
    from difflib import get_close_matches  # slow to import, and only a mistake needs it

    near = get_close_matches(id.lower(), ids(), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f'There is no scale "{id}".{hint} Known scales: {", ".join(ids())}.'


def build(data: Data) -> Scale:
    """The record of one validated scale file."""
    return Scale(
        id=data["id"],
        edition=data["edition"]["is"],
        recall=data["recall"]["is"],
        items=_items(data["items"]["runs"]),
        method=_METHODS[data["method"]["name"]](data["method"]),
        bands=tuple(
            BandSet(key=one["key"], steps=tuple((step["to"], step["name"]) for step in one["steps"]))
            for one in data["bands"]
        ),
        cuts=tuple(map(cut, [*data["cuts"], *data["change"]["remission"]])),
        beside=tuple(map(_beside, data["also"])),
        safety=Safety(data["safety"]["item"], data["safety"]["at_least"]) if "safety" in data else None,
    )


def cut(data: Data) -> Cut:
    """A yes or no about the total."""
    return Cut(key=data["key"], limit=_limit(data))


def _limit(data: Data) -> Limit:
    return Limit(at_least=data.get("at_least"), at_most=data.get("at_most"))


def _items(runs: list[Any]) -> tuple[dict[int | str, int], ...]:
    items: list[dict[int | str, int]] = []
    for run in runs:
        answers = run["answers"]
        points = {} if answers == "boolean" else answers if isinstance(answers, dict) else {a: a for a in answers}
        other_way = dict(zip(points, reversed(points.values()), strict=True))
        for _ in range(run["count"]):
            items.append(other_way if len(items) + 1 in run["reversed"] else points)
    return tuple(items)


def _sum(data: Data) -> Method:
    from daybreak.clinical.screening.scoring.sums import Sum

    return Sum(prorate_blanks=data["prorate"]["blanks"] if "prorate" in data else None)


def _max_of_groups(data: Data) -> Method:
    from daybreak.clinical.screening.scoring.groups import Group, MaxOfGroups

    return MaxOfGroups(tuple(Group(one["name"], tuple(map(tuple, one["needs"]))) for one in data["groups"]))


def _skip_aware_sum(data: Data) -> Method:
    from daybreak.clinical.screening.scoring.skips import SexCut, Skip, SkipAwareSum

    skips = tuple(
        Skip(when_zero=tuple(one["when_zero"]), skipped=tuple(one["skipped"]), strict=one["strict"])
        for one in data["skips"]
    )
    cut = data.get("sex_cut")
    return SkipAwareSum(skips, SexCut(cut["by_sex"], cut["otherwise"]) if cut else None)


def _sum_unless_retired(data: Data) -> Method:
    from daybreak.clinical.screening.scoring.work import SumUnlessRetired

    return SumUnlessRetired(item=data["item"])


def _screener_triage(data: Data) -> Method:
    from daybreak.clinical.screening.scoring.triage import Question, ScreenerTriage

    levels = tuple(data["levels"])
    names = [one["name"] for one in data["questions"]]
    questions = tuple(
        Question(
            name=one["name"],
            level=levels.index(one["level"]),
            after=names.index(one["after"]) if "after" in one else None,
        )
        for one in data["questions"]
    )
    return ScreenerTriage(levels=levels, questions=questions)


def _count_with_follow_ups(data: Data) -> Method:
    from daybreak.clinical.screening.scoring.followups import CountWithFollowUps

    return CountWithFollowUps(
        needed=data["needed"],
        due_from=data["due_from"],
        problems=tuple(data["problems"]),
        serious=tuple(data["serious"]),
    )


def _level(data: Data) -> Method:
    from daybreak.clinical.screening.scoring.level import Level

    return Level()


_METHODS: Mapping[str, Callable[[Data], Method]] = {
    "sum": _sum,
    "max of groups": _max_of_groups,
    "skip-aware sum": _skip_aware_sum,
    "sum unless retired": _sum_unless_retired,
    "screener triage": _screener_triage,
    "count with follow-ups": _count_with_follow_ups,
    "level": _level,
}


def _beside(data: Data) -> Beside:
    from daybreak.clinical.screening.scoring import beside

    kind, key = data["kind"], data["key"]
    if kind == "multiple":
        return beside.Multiple(key=key, by=data["by"])
    if kind == "subtotal":
        return beside.Subtotal(key=key, items=tuple(data["items"]))
    if kind == "any item":
        return beside.AnyItem(
            key=key,
            any=tuple((tuple(one["items"]), _limit(one["limit"])) for one in data["any"]),
            or_total=_limit(data["or_total"]) if "or_total" in data else None,
        )
    if kind == "only item":
        return beside.OnlyItem(key=key, item=data["item"])
    if kind == "clusters":
        return beside.Clusters(
            key=key,
            met_key=data["met_key"],
            counts=_limit(data["counts"]),
            groups=tuple(map(tuple, data["groups"])),
            needs=tuple(data["needs"]),
        )
    return beside.Syndrome(
        key=key,
        present=tuple(data["present"]),
        core=tuple(data["core"]),
        names=tuple((one["symptoms"], one["name"]) for one in data["names"]),
        otherwise=data["otherwise"],
    )
