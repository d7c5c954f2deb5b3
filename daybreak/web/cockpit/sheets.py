"""What can be recorded with two taps, and what stands on each button?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from daybreak.clinical.treatment.checks import Due
from daybreak.clinical.treatment.session import State
from daybreak.knowledge import sessions
from daybreak.web.cockpit.due import under
from daybreak.web.cockpit.from_monitor import Taken, said
from daybreak.web.cockpit.of_session import ROWS, Around
from daybreak.web.cockpit.shown import Figure, Group, Option, Sheet
from daybreak.web.cockpit.vitals import age
from daybreak.web.words import word

VITALS, EFFECTS, EVENT = "vitals", "effects", "event"
OWN = {**ROWS, "distress": "cockpit.row_distress"}  # graded rows with a button of their own
SCORES = {"dissociation": ("cadss", "cadss6")}  # totals that are typed beside a graded row
FIGURES = {
    "systolic": "cockpit.systolic",
    "diastolic": "cockpit.diastolic",
    "heart_rate": "cockpit.tile_pulse",
    "spo2": "cockpit.tile_oxygen",
    "breaths": "cockpit.tile_breaths",
}
EVENTS = ("cockpit.event_spoke", "cockpit.event_position", "cockpit.event_drink", "cockpit.event_toilet")


def sheets(
    state: State,
    around: Around,
    *,
    at: datetime,
    language: str,
    key: Callable[[], UUID],
    typed: Mapping[str, str],
    offers: bool = False,
    taken: Mapping[str, Taken] | None = None,
) -> tuple[Sheet, ...]:
    """In the order of the row. `typed`: what was sent in a sheet and could not be taken; it stands there still. `offers`: is
    there something live to take over; `taken`: what of it stands in the fields now."""
    vitals = _vitals(around, at=at, language=language, key=key(), typed=typed, taken=taken or {})
    return (
        replace(vitals, offers=offers, open=vitals.open or taken is not None),
        *(_graded(row, state, around, at=at, language=language, key=key(), typed=typed) for row in OWN),
        _effects(state, language=language, key=key()),
        _events(language=language, key=key()),
    )


def _figure(name: str, unit: str, typed: str, taken: Taken | None, language: str) -> Figure:
    """What was typed stands there still; else what the monitor measures, with its age and the minute that it is from."""
    if typed or taken is None:
        return Figure(name, word(FIGURES[name], language), unit, typed)
    return Figure(name, word(FIGURES[name], language), unit, taken.value, said(taken, language), str(taken.minute))


def _vitals(
    around: Around,
    *,
    at: datetime,
    language: str,
    key: UUID,
    typed: Mapping[str, str],
    taken: Mapping[str, Taken],
) -> Sheet:
    names = [
        (part["id"] if part["id"] != "value" else row, line["unit"])
        for row, line in sessions.rows().items()
        for part in line["parts"]
        if line["before"]
    ]
    figures = tuple(_figure(name, unit, typed.get(name, ""), taken.get(name), language) for name, unit in names)
    now_due = {row for one in around.items if one.state in (Due.DUE, Due.OVERDUE) for row in one.rows}
    due = tuple(
        Group(line["title"][language], _options(row, line, language, typed.get(row)), row)
        for row, line in sessions.rows().items()
        if line["levels"] and row in now_due
    )
    found = [
        under(row, around.items, at=at, language=language) for row, line in sessions.rows().items() if line["before"]
    ]
    said = next((one for one in found if one[1]), next((one for one in found if one[0]), ("", "")))
    return Sheet(
        VITALS,
        word("cockpit.vitals_button", language),
        said[0],
        said[1],
        key,
        figures=figures,
        due=due,
        open=typed.get("sheet") == VITALS,
    )


def _options(row: str, line: Mapping[str, Any], language: str, typed: str | None) -> tuple[Option, ...]:
    """As they are kept with the figures: the level alone, and what was chosen before stands there still."""
    return tuple(
        Option(str(one["value"]), one["words"][language], str(one["value"]) == typed) for one in line["levels"]
    )


def _graded(
    row: str, state: State, around: Around, *, at: datetime, language: str, key: UUID, typed: Mapping[str, str]
) -> Sheet:
    last = state.latest(row)
    options = tuple(
        Option(f"{row}/{one['value']}", one["words"][language], last is not None and one["value"] == last.value)
        for one in sessions.rows()[row]["levels"]
    )
    said, how = under(row, around.items, at=at, language=language)
    if not said and last:
        said = f"{last.value} · {age(at - last.at, language)}"
    lines = {score: sessions.rows()[score] for score in SCORES.get(row, ())}
    figures = tuple(
        Figure(score, line["title"][language], line["unit"], typed.get(score, "")) for score, line in lines.items()
    )
    opened = typed.get("sheet") == row
    return Sheet(row, word(OWN[row], language), said, how, key, options=options, figures=figures, open=opened)


def _effects(state: State, *, language: str, key: UUID) -> Sheet:
    """Everything else that is graded, each with its own four taps."""
    groups, seen = [], 0
    for row, line in sessions.rows().items():
        if row in OWN or not line["levels"]:
            continue
        last = state.latest(row)
        seen += bool(last and last.value)
        options = tuple(
            Option(f"{row}/{one['value']}", one["words"][language], last is not None and one["value"] == last.value)
            for one in line["levels"]
        )
        groups.append(Group(line["title"][language], options))
    said = word("cockpit.seen_so_far", language, n=seen) if seen else ""
    return Sheet(EFFECTS, word("cockpit.effects", language), said, "", key, groups=tuple(groups))


def _events(*, language: str, key: UUID) -> Sheet:
    options = tuple(Option(f"{EVENT}/{word(id, language)}", word(id, language)) for id in EVENTS)
    return Sheet(EVENT, word("cockpit.event", language), "", "", key, options=options)
