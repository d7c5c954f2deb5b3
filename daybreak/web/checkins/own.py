"""How did somebody's own scores run, and when were they treated? As a drawing, in words and as a table, for the patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from daybreak.clinical.records import When
from daybreak.clinical.treatment.events import GIVES
from daybreak.knowledge import scales
from daybreak.web import zones
from daybreak.web.patients import queries as patients
from daybreak.web.patients import records
from daybreak.web.patients.models import Patient
from daybreak.web.screening.svg import Svg
from daybreak.web.treatment.models import SessionEvent
from daybreak.web.words import known, word

WIDTH, LEFT, RIGHT, TOP, HEIGHT, FOOT = 350, 34, 20, 28, 140, 56
MARK = 5  # half the width of the sign of a treatment
LEAST = 1  # days of an axis on which everything lies on one day


@dataclass(frozen=True, slots=True)
class Own:
    """The scores of one scale by day, and the days of treatments from the first score on."""

    scale: str
    scores: tuple[tuple[date, int], ...]
    treated: tuple[date, ...]


def own(patient: Patient, scale: str) -> Own:
    """What the record has. Of a day that is not known exactly, or a value that nobody can read, nothing is drawn."""
    every = [one for one in records.chart(patient).observations if one.kind == scale]
    scores = tuple(
        sorted(
            (one.when.earliest, int(one.value))
            for one in every
            if isinstance(one.when, When) and one.when.exact and isinstance(one.value, Decimal)
        )
    )
    begun = SessionEvent.objects.filter(session__patient__in=patients.together(patient), what__in=GIVES)
    days = {zones.day(at, zone) for at, zone in begun.values_list("happened", "session__site__zone")}
    return Own(scale, scores, tuple(sorted(one for one in days if scores and one >= scores[0][0])))


def told(found: Own, language: str) -> dict[str, Any]:
    """What the page shows: the drawing ("" without a score), one sentence, and a line for each score."""
    said = known(language)
    lines = []
    for place, (day, score) in enumerate(found.scores):
        after = found.scores[place + 1][0] if place + 1 < len(found.scores) else date.max
        lines.append((day.isoformat(), score, sum(day <= one < after for one in found.treated)))
    return {
        "scale": scales.data(found.scale)["title"][said],
        "most": _most(found.scale),
        "sentence": sentence(found, said),
        "lines": lines,
        "drawn": drawn(found, said) if found.scores else "",
    }


def sentence(found: Own, language: str) -> str:
    """The same in words; it praises nobody and promises nothing."""
    if not found.scores:
        return word("checkins.own_none", language)
    (first_day, first), (last_day, last) = found.scores[0], found.scores[-1]
    values = {"n": len(found.scores), "first": first, "on": first_day, "last": last, "day": last_day}
    return word(
        "checkins.own_one" if len(found.scores) == 1 else "checkins.own_many",
        language,
        treated=len(found.treated),
        **values,
    )


def drawn(found: Own, language: str) -> str:
    """The scores as a line, each with its number where there is room, and a triangle for each day of treatment."""
    title = scales.data(found.scale)["title"][language]
    svg = Svg(WIDTH, TOP + HEIGHT + FOOT, title=title, desc=sentence(found, language), name="own")
    days = [day for day, _ in found.scores] + list(found.treated)
    first, span = min(days), max((max(days) - min(days)).days, LEAST)
    most, foot = _most(found.scale), TOP + HEIGHT

    def x(day: date) -> float:
        return LEFT + (day - first).days / span * (WIDTH - LEFT - RIGHT)

    def y(score: int) -> float:
        return TOP + (1 - score / most) * HEIGHT

    for score in (0, most):
        svg.text(LEFT - 8, y(score) + 4, str(score), "t-faint t-small t-end")
    svg.line(LEFT, foot, WIDTH - RIGHT, foot, "c-axis")
    svg.path([(x(day), y(score)) for day, score in found.scores], "c-line")
    written = float("-inf")
    for place, (day, score) in enumerate(found.scores):
        final = place == len(found.scores) - 1
        svg.dot(x(day), y(score), "c-dot", f"{day}: {score}", radius=6 if final else 4)
        if x(day) - written >= LEFT or final:
            svg.text(x(day), y(score) - 10, str(score), "t-strong t-small t-mid")
            written = x(day)
    for day in found.treated:
        place = x(day)
        sign = [(place - MARK, foot + 2 * MARK), (place, foot), (place + MARK, foot + 2 * MARK)]
        svg.shape([[*sign, sign[0]]], "c-dot", f"{day}: {word('checkins.own_treatment', language)}")
    svg.text(LEFT, foot + 30, str(min(days)), "t-small")
    svg.text(WIDTH - RIGHT, foot + 30, str(max(days)), "t-small t-end")
    if found.treated:
        svg.text(LEFT, foot + 48, f"▲ {word('checkins.own_treatment', language)}", "t-faint t-small")
    return svg.whole()


def _most(scale: str) -> int:
    return sum(max(one.values(), default=1) for one in scales.scale(scale).items)
