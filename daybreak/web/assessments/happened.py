"""Which adverse events were told, and which questions did nobody answer, on the axis of the ratings?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from daybreak.web import zones
from daybreak.web.adverse import told as tellings
from daybreak.web.adverse.models import Version
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.screening.svg import Svg
from daybreak.web.words import word

EVENT, SILENT = "event", "silent"
KIND = {EVENT: "assessments.event", SILENT: "assessments.silent"}
SIZE = 5  # of a mark
LEVEL = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """On one day an event began (where nobody said when, it was told), or a question was sent that nobody answered."""

    day: date
    kind: str
    said: str


def marks(patient: Patient, silent: Iterable[date], language: str) -> list[Mark]:
    """In order."""
    rows = Version.objects.filter(patient__in=patients.together(patient), replaced_by__isnull=True)
    events = [_event(one, language) for one in rows.select_related("site")]
    asked = [Mark(day, SILENT, word(KIND[SILENT], language)) for day in silent]
    return sorted(events + asked, key=lambda one: (one.day, one.kind))


def _event(row: Version, language: str) -> Mark:
    told = tellings.read(row.told)
    day = date.fromisoformat(told.onset[:10]) if told.onset else zones.day(row.created, row.site.zone)
    return Mark(day, EVENT, tellings.name(told, language))


def draw(svg: Svg, found: Sequence[Mark], x: Callable[[int], float], y: int, *, span: range, language: str) -> None:
    """A row at `y`: a triangle is an event, a diamond a question without an answer; none beyond the axis."""
    svg.text(
        x(span.start) + 6,
        y + 12,
        f"△ {word(KIND[EVENT], language)} · ◇ {word(KIND[SILENT], language)}",
        "t-faint t-small",
    )
    for one in found:
        place, level, said = x(one.day.toordinal()), y + LEVEL, f"{one.day}: {one.said}"
        if one.day.toordinal() not in span:
            continue
        up, right, down, left = (
            (place, level - SIZE),
            (place + SIZE, level),
            (place, level + SIZE),
            (place - SIZE, level),
        )
        if one.kind == EVENT:
            foot = [(place + SIZE, level + SIZE), (place - SIZE, level + SIZE)]
            svg.shape([[up, *foot, up]], "c-cross", said)
        else:
            svg.shape([[up, right, down, left, up]], "c-cross", said)
