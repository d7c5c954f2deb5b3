"""From which total on would it be a response, or a remission, on this scale, and where is that figure from?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from daybreak.knowledge import scales
from daybreak.web.assessments.changed import source
from daybreak.web.assessments.results import Rating
from daybreak.web.words import word

RESPONSE, REMISSION = "assessments.response", "assessments.remission"
LOCAL = "local_policy"


@dataclass(frozen=True, slots=True)
class Goal:
    """RESPONSE or REMISSION, with the highest total that reaches it; `sentence` and `source` in the reader's language."""

    what: str
    most: Decimal
    sentence: str
    source: str

    @property
    def whole(self) -> int:
        """The highest whole total that reaches it."""
        return floor(self.most)


def goals(scale: str, ratings: Sequence[Rating], lang: str) -> list[Goal]:
    """Those that the knowledge has a sourced figure for; response only after a first complete total above nothing.

    Only where a lower total is better. A cut that its source does not call remission is none.
    """
    rules = scales.data(scale)["change"]
    return [*_goals(scale, ratings, lang)] if rules["higher_is"] == "worse" else []


def _goals(scale: str, ratings: Sequence[Rating], lang: str) -> Iterator[Goal]:
    rules = scales.data(scale)["change"]
    first = next((one.total for one in ratings if one.total is not None), None)
    if "response" in rules and first:
        percent = rules["response"]["percent"]
        most = first * (100 - Decimal(percent)) / 100
        said = word("assessments.goal_response", lang, most=floor(most), percent=percent, first=first)
        yield Goal(RESPONSE, most, said, source(rules["response"], lang))
    for cut in rules["remission"]:
        if cut["key"].startswith("remission"):
            said = word("assessments.goal_remission", lang, most=cut["at_most"])
            yield Goal(REMISSION, Decimal(cut["at_most"]), said, source(cut, lang))


def reached(goals: Sequence[Goal], one: Rating, lang: str) -> list[str]:
    """Those that this rating reaches, each in a few words; none of a rating without a total."""
    return [
        word("assessments.goal_reached", lang, what=word(goal.what, lang), most=goal.whole)
        for goal in goals
        if one.total is not None and one.total <= goal.most
    ]


@dataclass(frozen=True, slots=True)
class Matters:
    """The published changes that matter, from the smallest to the largest: totals between which they begin to."""

    upper: Decimal
    lower: Decimal
    sentence: str


def matters(scale: str, first: int | None, lang: str) -> Matters | None:
    """Of an improvement from the `first` total, in points that a source gives; None without such a figure, or a total."""
    rules = scales.data(scale)["change"]
    points = [
        (Decimal(str(one["points"])), one["source"]["id"])
        for one in rules["meaningful"]
        if "points" in one and one["standing"] != LOCAL
    ]
    if not points or first is None or rules["higher_is"] != "worse" or first < max(points)[0]:
        return None
    least, most = min(points)[0], max(points)[0]
    sources = ", ".join(dict.fromkeys(id for _, id in points))
    said = word("assessments.matters", lang, least=least, most=most, first=first, sources=sources)
    return Matters(first - least, first - most, said)
