"""Does what was gone through at the time-out, and what the pump was held against, still stand for what is ordered now?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.session import Act, State

# What an order says of dose, way, weight and time, as an event tells it: another figure, another order.
Ordered = Mapping[str, Any]


def timed_out(state: State, ordered: Ordered | None) -> bool | None:
    """Was the time-out held about this order? None: there is no order, or no time-out."""
    if ordered is None or state.time_out is None:
        return None
    return _about(state.time_out, ordered)


def pump(state: State, ordered: Ordered | None, *, needed: bool) -> tuple[Reason, ...]:
    """Why the pump does not run yet; nothing for a dose that no pump gives. What was refused is put right and compared anew."""
    if not needed:
        return ()
    if state.pump is None:
        return (Reason("session.pump-not-compared"),)
    if ordered is None or not _about(state.pump, ordered):
        return (Reason("session.pump-other-order"),)
    return (Reason("session.pump-differs"),) if state.pump.told.get("refused") else ()


def _about(act: Act, ordered: Ordered) -> bool:
    return act.told.get("order") == dict(ordered)
