"""How is a score given on the board as a total, and what is written of it? (question by question: `questionnaire`)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Observation, on
from daybreak.knowledge import scales
from daybreak.knowledge.rules import words
from daybreak.knowledge.sentences import Language
from daybreak.knowledge.suicide import calling, item_of
from daybreak.knowledge.terms import terms
from daybreak.web.refusals import Refused

TOTALS, ANOTHER, ITEMS = "totals", "another-scale", "phq-9.items"
SUICIDE = "suicide-points"  # the field for what the question about suicide said, beside a total
SEVERITY = "phq-9"  # its wording may be shown, so that it is the one that can be gone through here
SUBSTANCES = ("audit-c", "dast-10")


def others() -> tuple[str, ...]:
    """The other scales of depression whose total counts."""
    return tuple(scale for scale in words().depression_scales if scale != SEVERITY)


def field(scale: str) -> str:
    """What the field of a total is called in the form."""
    return f"total-{scale}"


def fields() -> tuple[str, ...]:
    """Every field that a score may come in."""
    return ("scale", SUICIDE, *map(field, (SEVERITY, *SUBSTANCES)))


def asks_suicide(scale: str) -> bool:
    """Does one of its questions call for somebody?"""
    return item_of(scale, calling()) is not None


def totals(scales: tuple[str, ...], language: Language, told: Mapping[str, str]) -> list[dict[str, Any]]:
    """A field for each total, with what can be believed and what was typed before."""
    return [
        {
            "name": field(scale),
            "label": language.word(f"observation.{scale}"),
            "low": terms().kinds[scale].low,
            "high": terms().kinds[scale].high,
            "typed": told.get(field(scale), ""),
        }
        for scale in scales
    ]


def readings(
    about: str, told: Mapping[str, str], *, of: tuple[str, ...], at: datetime, today: date
) -> Iterator[Observation]:
    """What one form of scores says. Refused with a sentence when an answer is not one, or when there is none."""
    if about == ANOTHER:
        scale = told.get("scale", "")
        if scale not in others():
            raise Refused("screening.choose")
        yield from _suicide(scale, told, at, today)
        yield reading(scale, _score(told.get("value", ""), scale), at, today)
        return
    given = [(scale, typed) for scale in of if (typed := told.get(field(scale), ""))]
    if not given or not set(of) <= {SEVERITY, *SUBSTANCES}:
        raise Refused("screening.no_score")
    for scale, typed in given:
        yield from _suicide(scale, told, at, today)
        yield reading(scale, _score(typed, scale), at, today)


def _suicide(scale: str, told: Mapping[str, str], at: datetime, today: date) -> Iterator[Observation]:
    """What the scale's own question about suicide said: no total without it, and a blank is not "no"."""
    kind = item_of(scale, calling())
    if kind is None:
        return
    typed = told.get(SUICIDE, "").strip()
    points = {str(one) for one in scales.scale(scale).items[int(kind.rpartition("-")[2]) - 1]}
    if typed and typed not in points:
        raise Refused("screening.suicide_points", typed=typed[:20], name=scale.upper(), known=", ".join(sorted(points)))
    yield reading(kind, Decimal(typed) if typed else UNREADABLE, at, today)


def _score(typed: str, scale: str) -> Decimal:
    kind = terms().kinds[scale]
    text = typed.strip()
    low, high = kind.low or Decimal(), kind.high or Decimal()
    if not (text.isascii() and text.isdigit() and len(text) < len("1000") and low <= Decimal(text) <= high):
        raise Refused("screening.score", typed=typed[:20], name=scale.upper(), low=str(low), high=str(high))
    return Decimal(text)


def reading(kind: str, value: Any, at: datetime, today: date) -> Observation:
    """What somebody was asked or measured just now; `today` is the day at the site."""
    return Observation("", kind, value, on(today), at)
