"""How does each sign stand now, as a tile: its value, how old it is, and how far from where it was before the dose?"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from daybreak.clinical.treatment.checks import Due, Item
from daybreak.clinical.treatment.session import Check, State
from daybreak.knowledge import sessions
from daybreak.knowledge.sentences import number
from daybreak.web.cockpit.figures import PRESSURE, figure
from daybreak.web.cockpit.of_session import ROWS, Around, level, own
from daybreak.web.cockpit.shown import Vital
from daybreak.web.words import word

# The tiles in their order, and the name of each; what is graded has its own row of the chart.
TILES = {
    "pressure": "cockpit.tile_pressure",
    "heart_rate": "cockpit.tile_pulse",
    "spo2": "cockpit.tile_oxygen",
    "breaths": "cockpit.tile_breaths",
    **ROWS,
}
SIGN = {"pressure": "systolic"}  # whose age counts for a row
STALE, DUE, NONE = "stale", "due", "none"


def vitals(state: State, around: Around, *, at: datetime, language: str) -> tuple[Vital, ...]:
    """A tile for each, also of what nobody has measured."""
    return tuple(_vital(row, state, around, at=at, language=language) for row in TILES)


def _vital(row: str, state: State, around: Around, *, at: datetime, language: str) -> Vital:
    line, check = sessions.rows()[row], state.latest(row)
    most = max((one["value"] for one in line["levels"]), default=None)
    name, unit = word(TILES[row], language), line["unit"]
    late = overdue(row, around.items)
    if check is None:
        more = said_late(late, language) if late else word("cockpit.not_measured", language)
        return Vital(row, name, unit, "–", "", "", more, DUE if late else NONE)
    loud, old = level(check, state, around.watch), at - check.at
    feed = _feed(row, around)
    stale = feed is not None and old > feed
    parts = [word("cockpit.stale", language)] if stale else []
    parts += [said_late(late, language)] if late else []
    parts += [_more(row, check, state, language)]
    return Vital(
        row,
        name,
        unit,
        _value(check),
        f"/{most}" if most is not None else "",
        age(old, language),
        " · ".join(part for part in parts if part),
        STALE if stale else loud or (DUE if late else ""),
        _trend(row, check, state),
    )


def _feed(row: str, around: Around) -> timedelta | None:
    sign = around.watch.signs.get(SIGN.get(row, row))
    return sign.feeds["hand"].stale if sign else None


def _value(check: Check) -> str:
    if check.row == "pressure":
        return "/".join(_number(figure(check, part)) for part in PRESSURE)
    return _number(figure(check))


def _number(value: Decimal | None) -> str:
    return "?" if value is None else number(value)


def _more(row: str, check: Check, state: State, language: str) -> str:
    """The word of a grade; of a figure its source, and how far it is from the own value."""
    levels = {one["value"]: one["words"][language] for one in sessions.rows()[row]["levels"]}
    if levels:
        return str(levels.get(check.value, "?")).partition(" · ")[2]
    apart = [_apart(figure(check, part), own(state, row, part)) for part in (PRESSURE if row == "pressure" else ("",))]
    by_hand = word("cockpit.by_hand", language)
    return f"{by_hand} · {' / '.join(apart)}" if all(apart) else by_hand


def _apart(value: Decimal | None, before: Decimal | None) -> str:
    """How far from the own value before the dose; nothing without one."""
    if value is None or before is None:
        return ""
    return f"{'−' if value < before else '+' if value > before else '±'}{number(abs(value - before))}"


def _trend(row: str, check: Check, state: State) -> str:
    """Whether the pressure rose or fell since it was measured before this."""
    if row != "pressure":
        return ""
    earlier = [one for one in state.checks if one.row == row and one.at < check.at]
    last = max(earlier, key=lambda one: (one.at, one.seq), default=None)
    now, then = figure(check, "systolic"), figure(last, "systolic")
    if now is None or then is None or now == then:
        return ""
    return "up" if now > then else "down"


def overdue(row: str, items: tuple[Item, ...]) -> timedelta | None:
    """By how much a look at that row is late."""
    found = [one.overdue_by for one in items if one.state is Due.OVERDUE and row in one.rows]
    return max(found, default=None)


def said_late(late: timedelta, language: str) -> str:
    return word("cockpit.overdue", language, minutes=max(late // timedelta(minutes=1), 1))


def age(old: timedelta, language: str) -> str:
    """How long ago, in minutes and, after an hour, in hours."""
    minutes = max(old // timedelta(minutes=1), 0)
    if minutes >= 60:
        return word("cockpit.age_hours", language, hours=minutes // 60, minutes=f"{minutes % 60:02}")
    return word("cockpit.age_minutes", language, minutes=minutes)
