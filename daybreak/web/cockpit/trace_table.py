"""Which values does the chart of a session draw, as rows of a table?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from daybreak.web.cockpit.figures import PRESSURE
from daybreak.web.cockpit.scale import across
from daybreak.web.cockpit.trace import pressure_said, step_said, value_said
from daybreak.web.cockpit.traced import ALARM, CAUTION, Trace
from daybreak.web.words import word

COLUMNS = {"heart_rate": 1, "spo2": 2, "breaths": 3}
LEVEL = {CAUTION: "cockpit.level_caution", ALARM: "cockpit.level_alarm"}


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, and a row for every moment: since the first exposure, the hour, and what was seen then."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table(trace: Trace, *, language: str) -> Table:
    """The same values as the chart, in order of time; an empty cell is nothing looked at, a question mark nothing found."""
    axis = across(trace)
    named = ("cockpit.pressure", "cockpit.pulse", "cockpit.oxygen", "cockpit.breaths")
    columns = [word(id, language) for id in named] + [row.name for row in trace.graded]
    cells: dict[datetime, list[list[str]]] = defaultdict(lambda: [[] for _ in range(len(columns) + 1)])

    def put(at: datetime, column: int, said: str, level: str, late: bool) -> None:
        more = [word(LEVEL[level], language)] if level else []
        more += [word("cockpit.late", language)] if late else []
        cells[at][column].append(f"{said} ({', '.join(more)})" if more else said)

    for one in trace.pressures:
        put(one.at, 0, pressure_said(one), one.level, one.late)
    for column, readings in enumerate((trace.rates, trace.saturations, trace.breaths), start=1):
        for reading in readings:
            put(reading.at, column, value_said(reading.value), reading.level, reading.late)
    for column, row in enumerate(trace.graded, start=len(named)):
        for step in row.steps:
            put(step.at, column, step_said(step), step.level, step.late)
    for at, column, value in _of_devices(trace):
        cells[at][column].append(f"{value} ({word('cockpit.of_device', language)})")
    for mark in (*trace.doses, *trace.marks):
        put(mark.at, -1, mark.said, "", mark.late)
    for run in trace.runs:
        put(run.begins, -1, word("cockpit.run_began", language, what=run.said), "", False)
        if run.ends:
            put(run.ends, -1, word("cockpit.run_ended", language, what=run.said), "", False)
    head = (
        word("cockpit.since", language),
        word("cockpit.hour", language),
        *columns,
        word("cockpit.happened", language),
    )
    rows = tuple(
        (axis.said(at) if trace.zero else "", axis.hour(at), *(", ".join(cell) for cell in cells[at]))
        for at in sorted(cells)
    )
    return Table(head, rows)


def _of_devices(trace: Trace) -> Iterator[tuple[datetime, int, str]]:
    """What devices measured, by minute and column; both parts of a pressure together."""
    pressures: dict[datetime, dict[str, str]] = defaultdict(dict)
    for line in trace.live:
        for one in line.readings:
            if line.sign in PRESSURE:
                pressures[one.at][line.sign] = value_said(one.value)
            else:
                yield one.at, COLUMNS[line.sign], value_said(one.value)
    for at, parts in pressures.items():
        yield at, 0, "/".join(parts.get(part, "?") for part in PRESSURE)
