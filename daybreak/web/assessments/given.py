"""Which treatments were planned, and what became of them, on the axis of the ratings?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from daybreak.web import zones
from daybreak.web.courses import plans
from daybreak.web.courses.models import Course, Visit, What, Why
from daybreak.web.courses.state import Standing
from daybreak.web.courses.telling import WHAT, WHY
from daybreak.web.screening.svg import Svg
from daybreak.web.words import word

PLANNED, DONE, LOST = "planned", "done", "lost"
KIND = {
    PLANNED: "assessments.visit_planned",
    DONE: "assessments.visit_done",
    LOST: "assessments.visit_lost",
}
SIZE = 4  # of a mark, as its dots have
UPPER, LOWER = 22, 35  # the plan, and beneath it what happened


@dataclass(frozen=True, slots=True)
class Mark:
    """On one day a treatment was planned, took place or was lost: `said` says it in words."""

    day: date
    kind: str
    said: str


def marks(courses: Iterable[Course], visits: Iterable[Standing], language: str) -> list[Mark]:
    """Of every course and visit of the person, in order. What a course that ended had planned for later is left out."""
    found = [one for course in courses for one in _planned(course, language)]
    treatments = (one for one in visits if one.booking.visit == Visit.TREATMENT)
    return sorted(found + [_visit(one, language) for one in treatments], key=lambda one: (one.day, one.kind))


def _planned(course: Course, language: str) -> list[Mark]:
    ended = zones.day(course.end.created, course.site.zone) if hasattr(course, "end") else date.max
    steps = [one for one in plans.plan(course) if one.day <= ended]
    return [Mark(one.day, PLANNED, word("assessments.step_planned", language, n=one.n)) for one in steps]


def _visit(now: Standing, language: str) -> Mark:
    day = zones.day(now.starts, now.booking.site.zone)
    said = word(WHAT[now.last], language) + (f" · {word(WHY[Why(now.why)], language)}" if now.why else "")
    if now.free:
        return Mark(day, LOST, said)
    if now.last in (What.ARRIVED, What.LEFT):
        return Mark(day, DONE, said)
    return Mark(day, PLANNED, said)


def draw(svg: Svg, found: Sequence[Mark], x: Callable[[int], float], y: int, *, span: range, language: str) -> None:
    """A row of marks at `y`: hollow what is planned, filled what took place, crossed what was lost, none beyond the axis."""
    names = [word(KIND[kind], language) for kind in (PLANNED, DONE, LOST)]
    svg.text(x(span.start) + 6, y + 12, "○ {} · ● {} · ✕ {}".format(*names), "t-faint t-small")
    for one in found:
        place, said = x(one.day.toordinal()), f"{one.day}: {one.said}"
        if one.day.toordinal() not in span:
            continue
        if one.kind == LOST:
            svg.cross(place, y + LOWER, SIZE, "c-cross", said)
        else:
            level, kind = (UPPER, "c-open") if one.kind == PLANNED else (LOWER, "c-dot")
            svg.dot(place, y + level, kind, said)
