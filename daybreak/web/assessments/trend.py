"""How did the totals on one scale run, and what was taken or done meanwhile, on one axis of time?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from daybreak.clinical.records import KetamineExposure, When
from daybreak.clinical.screening.trd import by_ingredient
from daybreak.clinical.screening.view import View
from daybreak.knowledge import scales
from daybreak.knowledge.sentences import Language, number
from daybreak.web.assessments import happened
from daybreak.web.assessments.given import Mark, draw
from daybreak.web.assessments.goals import REMISSION, RESPONSE, Goal, Matters
from daybreak.web.assessments.results import Rating
from daybreak.web.screening.beside import Row, Stretch, rows
from daybreak.web.screening.svg import Svg
from daybreak.web.words import word

WIDTH, LEFT, RIGHT, TOP, HEIGHT, ROW = 560, 32, 116, 26, 150, 42
LEAD = 21  # days before the first rating
AHEAD = 28  # days after today in which planned treatments are drawn
NAMED = 40
LINE = 13  # the height of a small text
# So many ratings in so many days before the last one are drawn larger, where there are older ones too.
ENOUGH, NEAR = 3, 120


def near(ratings: Sequence[Rating]) -> date | None:
    """The first of the latest ratings, when they would be crowded beside older ones; None when all fit on one axis."""
    days = [one.day for one in ratings if one.total is not None]
    late = [day for day in days if (days[-1] - day).days <= NEAR]
    return late[0] if len(late) >= ENOUGH and len(late) < len(days) else None


def treatments(view: View, language: Language, hidden: Sequence[str]) -> list[Row]:
    """Antidepressants, what was tried beside them, earlier ketamine: each a row with its courses."""
    found = []
    for ingredient, taken in by_ingredient(view.exposures).items():
        row = Row(
            language.word(f"medicine.{ingredient}").capitalize() if ingredient in view.words.antidepressants else ""
        )
        for one in taken:
            if row.name and one.status != "planned" and isinstance(one.start, When):
                end = one.end.latest if isinstance(one.end, When) else view.day
                open_ = not (one.start.exact and (one.end is None or isinstance(one.end, When)))
                dose = f"{number(one.dose)} mg" if isinstance(one.dose, Decimal) else "?"
                row.stretches.append(Stretch(one.start.earliest.toordinal(), end.toordinal(), open_, dose))
                until = str(one.end) if isinstance(one.end, When) else "…"
                row.lines.append((f"{one.start} – {until}", dose))
        if row.lines:
            found.append(row)
    return found + rows(view, language=language, hidden=hidden)


def drawn(
    scale: str,
    ratings: Sequence[Rating],
    view: View,
    tried: Sequence[Row],
    language: Language,
    message: str,
    since: date | None = None,
    goals: Sequence[Goal] = (),
    visits: Sequence[Mark] = (),
    others: Sequence[happened.Mark] = (),
    matters: Matters | None = None,
) -> str:
    """The drawing of the ratings since a day, or of all; empty without a complete one."""
    points = [(one.day, one.total) for one in ratings if one.total is not None and (since is None or one.day >= since)]
    if not points:
        return ""
    data, today = scales.data(scale), view.day.toordinal()
    first = min(min(day for day, _ in points).toordinal() - LEAD, today - LEAD)
    last = max([today, *(one.day.toordinal() for one in visits if one.day.toordinal() <= today + AHEAD)])
    most = sum(max(one.values(), default=1) for one in scales.scale(scale).items)
    beneath = TOP + HEIGHT + 18
    also = beneath + (ROW if visits else 0)
    rows_below = also + (ROW if others else 0)
    svg = Svg(WIDTH, rows_below + len(tried) * ROW + 30, title=data["title"][language.language], desc=message)

    def x(day: int) -> float:
        return LEFT + (min(max(day, first), last) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return TOP + (1 - value / most) * HEIGHT

    _bands(svg, data, most, y, language.language)
    if matters:
        _matters(svg, matters, y, language.language)
    _reached(svg, goals, y, language.language)
    for one in view.ketamine:
        _dose(svg, one, x, first)
    svg.path([(x(day.toordinal()), y(total)) for day, total in points], "c-line")
    written = float("-inf")
    for place, (day, total) in enumerate(points):
        px, py = x(day.toordinal()), y(total)
        svg.dot(px, py, "c-dot", f"{day}: {total}")
        final = place == len(points) - 1
        if final or (px - written >= 44 and x(points[-1][0].toordinal()) - px >= 44):
            svg.text(px, py - 9, str(total), f"t-strong t-small {'t-end' if final else 't-mid'}")
            written = px
    for place, row in enumerate(tried):
        _row(svg, row, x, rows_below + place * ROW, first)
    bottom = rows_below + len(tried) * ROW
    if visits:
        draw(svg, visits, x, beneath, span=range(first, last + 1), language=language.language)
    if others:
        happened.draw(svg, others, x, also, span=range(first, last + 1), language=language.language)
    if last > today:
        svg.line(x(today), TOP, x(today), bottom, "c-now")
        svg.text(x(today) - 4, bottom + 18, str(view.day), "t-now t-small t-end")
    svg.line(LEFT, bottom, x(last), bottom, "c-axis")
    svg.text(LEFT, bottom + 18, str(date.fromordinal(first)), "t-small")
    svg.text(x(last), bottom + 18, str(date.fromordinal(last)), "t-small t-end")
    return svg.whole()


def _bands(svg: Svg, data: Mapping[str, Any], most: int, y: Callable[[float], float], lang: str) -> None:
    floor = 0
    sets = data["bands"]
    for place, step in enumerate(sets[0]["steps"] if sets else ()):
        top, bottom = y(min(step["to"] + 1, most)), y(floor)
        if place % 2:
            svg.rect(LEFT, top, WIDTH - RIGHT - LEFT, bottom - top, "b-sev")
        svg.text(WIDTH - RIGHT + 6, (top + bottom) / 2 + 4, step["words"][lang], "t-faint t-small")
        svg.text(LEFT - 6, bottom + 4, str(floor), "t-faint t-small t-end")
        floor = step["to"] + 1
    if not sets:
        svg.text(LEFT - 6, y(0) + 4, "0", "t-faint t-small t-end")
        svg.text(LEFT - 6, y(most) + 4, str(most), "t-faint t-small t-end")


def _reached(svg: Svg, goals: Sequence[Goal], y: Callable[[float], float], lang: str) -> None:
    """Remission as a tint over what is at most its cut, response as a dashed line; each named at the left end."""
    cuts = [one for one in goals if one.what == REMISSION]
    for one in cuts:
        top = y(one.whole + 0.5)
        svg.rect(LEFT, top, WIDTH - RIGHT - LEFT, y(0) - top, "b-goal")
    if cuts:
        totals = " / ".join(str(one.whole) for one in cuts)
        svg.text(LEFT + 4, y(0) - 4, f"{word(REMISSION, lang)} ≤ {totals}", "t-goal t-small")
    for one in (one for one in goals if one.what == RESPONSE):
        at = y(float(one.most))
        svg.line(LEFT, at, WIDTH - RIGHT, at, "c-goal")
        if not cuts or y(0) - at > LINE:
            svg.text(LEFT + 4, at - 4, f"{word(RESPONSE, lang)} ≤ {one.whole}", "t-goal t-small")


def _matters(svg: Svg, one: Matters, y: Callable[[float], float], lang: str) -> None:
    """Between the smallest and the largest published change that matters, hatched by its two edges; named at the right end."""
    for total in (one.upper, one.lower):
        svg.line(LEFT, y(float(total)), WIDTH - RIGHT, y(float(total)), "c-matters")
    svg.text(
        WIDTH - RIGHT - 4, y(float(one.upper)) - 4, word("assessments.matters_short", lang), "t-faint t-small t-end"
    )


def _dose(svg: Svg, one: KetamineExposure, x: Callable[[int], float], first: int) -> None:
    if isinstance(one.when, When) and one.when.latest.toordinal() >= first:
        place = x(one.when.earliest.toordinal())
        svg.line(place, TOP, place, TOP + HEIGHT, "c-now")


def _row(svg: Svg, row: Row, x: Callable[[int], float], y: int, first: int) -> None:
    svg.text(LEFT + 6, y + 12, row.name[:NAMED], "t-strong", more=f"  {row.more}"[: 64 - len(row.name)])
    for one in row.stretches:
        if one.last < first:
            svg.text(LEFT + 6, y + 30, "←", "t-faint")
            continue
        left, right = x(one.first), x(one.last + 1)
        svg.rect(left, y + 18, max(right - left, 3), 14, "b-unknown" if one.unknown else "b-other")


def message(scale: str, ratings: Sequence[Rating], lang: str) -> str:
    """The same in one sentence."""
    complete = [one for one in ratings if one.total is not None]
    if not complete:
        return word("assessments.no_total", lang)
    totals = [one.total for one in complete if one.total is not None]
    return word(
        "assessments.message",
        lang,
        n=len(complete),
        low=min(totals),
        high=max(totals),
        last=totals[-1],
        on=complete[-1].day,
    )
