"""How is a predicted concentration drawn: a band over the hours of the site, with what was given above it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from daybreak.clinical.treatment.levels import MINUTE, Edges
from daybreak.knowledge import kinetics
from daybreak.web.cockpit.scale import STEPS
from daybreak.web.levels.reckoned import Reckoned
from daybreak.web.levels.told import said
from daybreak.web.screening.svg import Svg

WIDTH, HEIGHT = 680, 300
TOP, FOOT, LEFT, RIGHT = 66, 270, 48, 668
TICKS = 8
LINE, LETTER, GAP = 14, 7.0, 6  # how high a line of words is, how wide a letter, how far apart two stand
NICE = (1, 2, 5)


def drawn(one: Reckoned, *, zone: str, title: str, desc: str, language: str) -> str:
    """As SVG without a style of its own: the page's stylesheet or that of the paper gives it one."""
    svg = Svg(WIDTH, HEIGHT, title=title, desc=desc, name="levels")
    across = _Across(one, ZoneInfo(zone))
    step = _step(max(one.outer.high))
    top = step * (int(max(one.outer.high) / step) + 1)

    def y(value: float) -> float:
        return FOOT - (FOOT - TOP) * value / top

    def places(values: Sequence[float]) -> list[tuple[float, float]]:
        return [(across.x(one.at(n)), y(value)) for n, value in enumerate(values)]

    def band(edges: Edges, kind: str) -> None:
        svg.shape([[*places(edges.high), *places(edges.low)[::-1], places(edges.high)[0]]], kind, "")

    svg.rect(LEFT, TOP, RIGHT - LEFT, FOOT - TOP, "lane")
    for n in range(int(top / step) + 1):
        svg.line(LEFT, y(n * step), RIGHT, y(n * step), "grid")
        svg.text(LEFT - 6, y(n * step) + 4, f"{n * step:g}", "t-small t-end")
    for at in _hours(one):
        svg.line(across.x(at), TOP, across.x(at), FOOT, "grid")
        svg.text(across.x(at), FOOT + 14, across.hour(at), "t-small t-mid")
    svg.text(LEFT - 6, TOP - 8, "ng/mL", "t-small t-end")
    svg.text(LEFT, 14, kinetics.words()[0][language], "t-name")
    if one.people:
        band(one.people, "band-people")
    band(one.edges, "band")
    for each in one.lines or (one.edges,):
        for edge in dict.fromkeys((each.low, each.high)):
            svg.path(places(edge), "edge")
    _given(svg, one, across)
    return svg.whole()


@dataclass(frozen=True, slots=True)
class _Across:
    """Where a moment lies, and what the clock of the site said then."""

    one: Reckoned
    zone: ZoneInfo

    def x(self, at: datetime) -> float:
        return LEFT + (RIGHT - LEFT) * ((at - self.one.zero) / MINUTE) / self.one.minutes

    def hour(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%H:%M}"


def _given(svg: Svg, one: Reckoned, across: _Across) -> None:
    """Each dose with its hour; an infusion as the bars through which it ran."""
    free = [0.0, 0.0]  # from where on each of the two lines of words nothing stands
    for dose in one.doses:
        run = dose.runs[0]
        x = across.x(run.first)
        svg.line(x, TOP - 4, x, FOOT, "dose")
        for begins, lasts in run.pieces:
            begin = run.first + timedelta(minutes=begins)
            end = min(across.x(begin + timedelta(minutes=lasts)), RIGHT)
            svg.rect(across.x(begin), TOP - 4, end - across.x(begin), 4, "running")
        words = f"{across.hour(run.first)} · {said(dose)} mg"
        begins, wide = min(x + 3, RIGHT - LETTER * len(words)), LETTER * len(words) + GAP
        line = next((n for n, right in enumerate(free) if right <= begins), None)
        if line is not None:
            svg.text(begins, TOP - 10 - LINE * line, words, "t-small t-dose")
            free[line] = begins + wide


def _step(most: float) -> float:
    """A round number of which no more than five lie below the highest value."""
    size = 1.0
    while True:
        for nice in NICE:
            if most <= 5 * nice * size:
                return nice * size
        size *= 10


def _hours(one: Reckoned) -> Iterator[datetime]:
    """Round times for the axis, a few of them."""
    step = next((each for each in STEPS if one.minutes * MINUTE / each <= TICKS), STEPS[-1])
    at = one.zero - (one.zero - one.zero.replace(minute=0, second=0, microsecond=0)) % step
    while at <= one.at(one.minutes):
        if at >= one.zero:
            yield at
        at += step
