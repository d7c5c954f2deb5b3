"""How does each sign stand now, as a tile: its value, how old it is, and how far from where it was before the dose?"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from daybreak.clinical.treatment.checks import Due, Item
from daybreak.clinical.treatment.limits import beyond
from daybreak.clinical.treatment.session import Check, State
from daybreak.clinical.treatment.vitals import Condition
from daybreak.knowledge import sessions
from daybreak.knowledge.sentences import number
from daybreak.web.bedside.values import Signs
from daybreak.web.cockpit.figures import PRESSURE, figure
from daybreak.web.cockpit.of_session import LEVELS, ROWS, Around, level, own
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
# What a value of a device is worth, in words.
SAID = {
    Condition.OK: "bedside.live",
    Condition.STALE: "bedside.stale",
    Condition.LOST: "bedside.lost",
    Condition.FROZEN: "bedside.frozen",
    Condition.NOT_A_NUMBER: "bedside.not_a_number",
    Condition.UNIT_UNKNOWN: "bedside.unit_unknown",
    Condition.IMPLAUSIBLE: "bedside.implausible",
    Condition.WRONG_PATIENT: "bedside.wrong_patient",
}


def vitals(
    state: State, around: Around, *, at: datetime, language: str, live: Signs | None = None
) -> tuple[Vital, ...]:
    """A tile for each, also of what nobody has measured. `live`: what the device of the session measures, if it has one."""
    found = (_vital(row, state, around, at=at, language=language) for row in TILES)
    return tuple(_live(one, live or {}, state, around, language=language) for one in found)


def measured(state: State, around: Around, live: Signs, *, at: datetime, language: str) -> tuple[Vital, ...]:
    """The tiles alone of what the device measures."""
    rows = [row for row in TILES if any(part in live for part in _parts(row))]
    found = (_vital(row, state, around, at=at, language=language) for row in rows)
    return tuple(_live(one, live, state, around, language=language) for one in found)


def _parts(row: str) -> tuple[str, ...]:
    return PRESSURE if row == "pressure" else (row,)


def _live(by_hand: Vital, live: Signs, state: State, around: Around, *, language: str) -> Vital:
    """The value of the device in the place of the one by hand, which is named behind it. A pressure is as old as its older part,
    and worth as little as its worse one."""
    parts = _parts(by_hand.id)
    found = [live[part] for part in parts if part in live]
    if not found:
        return by_hand
    worst = max(found, key=lambda one: (one.condition is not Condition.OK, one.age))
    value = "/".join(_number(live[part].value if part in live else None) for part in parts)
    gone = worst.condition is Condition.LOST
    ok = worst.condition is Condition.OK
    live_or_cuff = "bedside.cuff" if ok and by_hand.id == "pressure" else SAID[worst.condition]
    more = [word(live_or_cuff, language, value=value)]
    if by_hand.value != "–":
        more.append(word("bedside.by_hand", language, value=by_hand.value, age=by_hand.age))
    loud = _loud(parts, live, state, around) if ok else STALE
    age_ = word("bedside.seconds", language, seconds=max(int(worst.age.total_seconds()), 0))
    old = age_ if worst.age < timedelta(minutes=2) else age(worst.age, language)
    shown = "–" if gone else value
    return Vital(by_hand.id, by_hand.name, by_hand.unit, shown, by_hand.of, old, " · ".join(more), loud)


def _loud(parts: tuple[str, ...], live: Signs, state: State, around: Around) -> str:
    """The loudest limit that a part is beyond now."""
    row = "pressure" if len(parts) > 1 else parts[0]
    found = [
        limit.level
        for part in parts
        if part in live and (value := live[part].value) is not None
        for limit in around.watch.signs[part].limits
        if beyond(limit, value, own(state, row, part if len(parts) > 1 else ""))
    ]
    return LEVELS[max(found)] if found else ""


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
