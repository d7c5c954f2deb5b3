"""What is the pump of a session held against: which order, which weight of today, and how near is near enough?"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from daybreak.clinical.treatment.events import decimal
from daybreak.clinical.treatment.pump import Plan, Screen
from daybreak.clinical.treatment.weights import SCALE
from daybreak.knowledge import dosing as knowledge
from daybreak.knowledge import pumps
from daybreak.knowledge.dosing import ladders
from daybreak.knowledge.terms import terms
from daybreak.web.dosing import pump
from daybreak.web.dosing import queries as dosing
from daybreak.web.patients.weights import POUND, WEIGHT
from daybreak.web.treatment.queries import Now


def plan(now: Now, *, at: datetime) -> Plan:
    """The order that holds, and what somebody read off the scale when the pump was compared; what is not known is not there."""
    told = now.state.pump.told if now.state.pump else {}
    scale = decimal(told.get(SCALE))
    found = dosing.order_for(now.session.booking, at)
    if found is None:
        return Plan(scale_kg=scale)
    return Plan(pump.programme(found), ladders()[found.order.ladder].product, scale)


@cache
def screen() -> Screen:
    """By what its figures are compared: the same as those that somebody types."""
    kind = terms().kinds[WEIGHT]
    assert kind.change is not None
    return Screen(
        concentrations=tuple(knowledge.vials()),
        pound_kg=kind.units[POUND],
        percent=knowledge.programme_percent(),
        weight_percent=kind.change,
        step=knowledge.rounding().ml_per_hour,
        levels=pumps.levels(),
    )
