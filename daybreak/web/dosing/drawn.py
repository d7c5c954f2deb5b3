"""How did doses, score and dissociation of a patient run beside each other? Three small drawings on one axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from daybreak.clinical.treatment.units import written
from daybreak.web.dosing.given import Dose
from daybreak.web.screening.svg import Svg
from daybreak.web.words import word

WIDTH, LEFT, RIGHT, PANEL, GAP, TOP = 560, 44, 16, 84, 34, 20
WORST = 3  # of the row for dissociation
BAR = 6


def drawn(doses: Sequence[Dose], scores: Sequence[tuple[date, Decimal]], *, most_score: int, lang: str) -> str:
    """The drawing; empty when no dose has a day. A dose that is known only between two amounts is drawn as that span."""
    dated = [one for one in doses if one.day is not None]
    if not dated:
        return ""
    days = [one.day.toordinal() for one in dated if one.day] + [day.toordinal() for day, _ in scores]
    first, last = min(days), max([*days, min(days) + 1])
    svg = Svg(
        WIDTH,
        TOP + 3 * PANEL + 2 * GAP + 24,
        title=word("dosing.history", lang),
        desc=word("dosing.history_said", lang, n=len(dated), m=len(scores)),
    )

    def x(day: date) -> float:
        return LEFT + BAR + (day.toordinal() - first) / (last - first) * (WIDTH - LEFT - RIGHT - 2 * BAR)

    amounts = [one.high_mg for one in dated if one.high_mg is not None]
    highest = max(amounts, default=Decimal(1))
    top = _panel(svg, 0, word("dosing.history_dose", lang), f"{written(highest)}", "0")
    for one in dated:
        assert one.day is not None
        _dose(svg, one, x(one.day), top, highest)
    top = _panel(svg, 1, word("dosing.history_score", lang), str(most_score), "0")
    points = [(x(day), top + (1 - float(score) / most_score) * PANEL) for day, score in scores]
    svg.path(points, "c-line")
    for (px, py), (day, score) in zip(points, scores, strict=True):
        svg.dot(px, py, "c-dot", f"{day}: {written(score)}")
    top = _panel(svg, 2, word("dosing.history_dissociation", lang), str(WORST), "0")
    for one in dated:
        if one.dissociation is not None and one.day is not None:
            svg.dot(x(one.day), top + (1 - one.dissociation / WORST) * PANEL, "c-dot", f"{one.day}: {one.dissociation}")
    foot = top + PANEL + 18
    svg.text(LEFT, foot, str(date.fromordinal(first)), "t-small")
    svg.text(WIDTH - RIGHT, foot, str(date.fromordinal(max(days))), "t-small t-end")
    return svg.whole()


def _panel(svg: Svg, n: int, name: str, high: str, low: str) -> float:
    """One panel with its name and the ends of its axis; where it begins."""
    top = TOP + n * (PANEL + GAP)
    svg.text(LEFT, top - 6, name, "t-strong t-small")
    svg.line(LEFT, top, WIDTH - RIGHT, top, "c-axis")
    svg.line(LEFT, top + PANEL, WIDTH - RIGHT, top + PANEL, "c-axis")
    svg.text(LEFT - 6, top + 5, high, "t-faint t-small t-end")
    svg.text(LEFT - 6, top + PANEL + 4, low, "t-faint t-small t-end")
    return top


def _dose(svg: Svg, one: Dose, at: float, top: float, highest: Decimal) -> None:
    if one.high_mg is None or one.low_mg is None:
        svg.text(at, top + PANEL - 4, "?", "t-faint t-small t-mid")
        return
    low = float(one.low_mg / highest) * PANEL
    high = float(one.high_mg / highest) * PANEL
    svg.rect(at - BAR / 2, top + PANEL - low, BAR, low, "b-other")
    if one.high_mg != one.low_mg:
        svg.rect(at - BAR / 2, top + PANEL - high, BAR, high - low, "b-unknown")
