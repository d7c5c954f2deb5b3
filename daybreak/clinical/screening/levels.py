"""Which serum level did a course of a medicine reach?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.clinical.records import Exposure, Observation, When
from daybreak.clinical.screening.staging import Agent
from daybreak.clinical.screening.view import View


def serum_levels(view: View, agents: Sequence[Agent]) -> Mapping[str, Decimal | Unreadable]:
    """The highest level measured during each course, by the reference of its exposure.

    Levels are asked for only where an agent counts by its level (observations of kind `lithium_level`). UNREADABLE: no
    reading is high enough, and one that has no readable value or day could have been it.
    """
    found: dict[str, Decimal | Unreadable] = {}
    for agent in agents:
        if agent.level is None:
            continue
        readings = view.observations.get(f"{agent.ingredient}_level", ())
        for e in view.exposures:
            if e.ingredients is UNREADABLE or agent.ingredient not in e.ingredients:
                continue
            level = _reached([(_during(o, e), _value(o)) for o in readings], agent.level)
            if level is not None:
                found[e.ref] = level
    return found


def _reached(
    readings: Sequence[tuple[bool | None, Decimal | Unreadable]], enough: Decimal
) -> Decimal | Unreadable | None:
    sure = [value for during, value in readings if during and isinstance(value, Decimal)]
    highest = max(sure, default=None)
    if highest is not None and highest >= enough:
        return highest
    open_ = any(during is None or (during and value is UNREADABLE) for during, value in readings)
    return UNREADABLE if open_ else highest


def _value(o: Observation) -> Decimal | Unreadable:
    return o.value if isinstance(o.value, Decimal) else UNREADABLE


def _during(o: Observation, e: Exposure) -> bool | None:
    """Was it measured while the medicine was taken? None: its day, or a day of the course, leaves that open."""
    if not isinstance(o.when, When):
        return None
    first, last = o.when.earliest, o.when.latest
    if isinstance(e.start, When) and last < e.start.earliest:
        return False
    if isinstance(e.end, When) and first > e.end.latest:
        return False
    begun = isinstance(e.start, When) and e.start.latest <= first
    going_on = e.end is None and e.status == "active"
    return True if begun and (going_on or (isinstance(e.end, When) and last <= e.end.earliest)) else None
