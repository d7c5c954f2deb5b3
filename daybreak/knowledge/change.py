"""Which changes on a rating scale count, as a record that ratings can be compared with?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from daybreak.clinical.screening.relapse import RelapseRule
from daybreak.clinical.screening.response import ChangeRules, Meaningful
from daybreak.clinical.screening.scoring.scale import Limit
from daybreak.knowledge import scales


@cache
def change_rules(id: str) -> ChangeRules:
    """The thresholds of the scale of this id. Raises `daybreak.knowledge.scales.UnknownScale`."""
    rules = scales.data(id)["change"]
    reliable = rules.get("reliable")
    return ChangeRules(
        scale=id,
        higher_is_worse=rules["higher_is"] == "worse",
        response_percent=_fraction(rules.get("response", {}), "percent"),
        remission=tuple(map(scales.cut, rules["remission"])),
        meaningful=tuple(
            Meaningful(id=one["id"], points=_fraction(one, "points"), percent=_fraction(one, "percent"))
            for one in rules["meaningful"]
        ),
        reliable=(Fraction(reliable["possibly"]), Fraction(reliable["surely"])) if reliable else None,
        worse_points=_fraction(rules.get("worse", {}), "points"),
    )


@cache
def relapse_rule(id: str) -> RelapseRule | None:
    """When the illness is back after a response. None: no rule is kept for this scale."""
    if (data := scales.data(id)["change"].get("relapse")) is None:
        return None
    apart = timedelta(days=data["days_apart"])
    return RelapseRule(limit=Limit(at_least=data["at_least"]), in_a_row=data["in_a_row"], apart=apart)


def _fraction(data: Mapping[str, Any], name: str) -> Fraction | None:
    return Fraction(data[name]) if name in data else None
