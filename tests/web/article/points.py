"""Which points does the source article make, in our own words, and what of them has no journey yet, and why?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

# The items of a point that lists some; a point without items is told by one journey.
POINTS: dict[int, tuple[str, ...]] = {
    **dict.fromkeys(range(1, 17), ()),
    10: ("assessment", "usual-treatment", "general-health"),
    11: (
        *(f"evaluation-{one}" for one in ("who", "qualified", "time", "contact", "misuse", "same")),
        *(f"experience-{one}" for one in ("qualified", "infusions", "numbers", "results", "registry")),
        *(f"experience-{one}" for one in ("during", "after", "coordinate")),
        *(f"administration-{one}" for one in ("vein", "pump", "during", "over", "often", "standard")),
        *(f"administration-{one}" for one in ("vitals", "mind-during", "mind-after")),
        *(f"cost-{one}" for one in ("price", "insurance", "rounds")),
    ),
    12: ("substances", "psychosis", "skull-pressure", "pregnancy", "blood-pressure", "heart", "bad-response"),
    13: ("heart", "pressure", "voice", "confusion", "hallucination", "tremor", "tone", "drowsiness", "memory"),
    14: (
        *("addiction", "cough", "nose", "skin", "habits", "pain", "pupils"),
        *("saliva", "sleepy", "speech", "muscles", "eyes"),
    ),
}
NOT_YET: dict[str, str] = {
    "point-1": "no page says how common depression is and what it does to a life",
    "point-3": "no page for strangers says how the law lists the drug, with what it is loosely classed, and its other uses",
    "point-11-experience-infusions": "asked on the page; no question of a card answers it from records",
}
# What has a journey, but not for all that the article says of it.
PARTLY: dict[str, str] = {
    "point-4": "no page says how long the high lasts and what happens at high doses",
}


def named(point: int, item: str = "") -> str:
    return f"point-{point}-{item}" if item else f"point-{point}"


def everything() -> list[str]:
    """Every journey that there should be."""
    return [named(point, item) for point, items in POINTS.items() for item in items or ("",)]


def journey(point: int) -> pytest.MarkDecorator:
    """The one journey of a point that lists nothing."""
    return pytest.mark.parametrize("of", [pytest.param(point, id=named(point))])


def journeys(point: int, cases: Mapping[str, Any]) -> pytest.MarkDecorator:
    """One journey for each item of a point."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=named(point, item)) for item, case in cases.items()])


def page(client: Any, address: str) -> str:
    """What somebody reads there."""
    answer = client.get(address, secure=True)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def plain(text: str) -> str:
    """Without its tags, each stretch of white space one space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).strip()
