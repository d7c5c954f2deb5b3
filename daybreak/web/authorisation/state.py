"""How does an authorisation stand? Folded from its events; nothing of it is ever a clinical finding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from daybreak.knowledge.deadlines import days
from daybreak.web.authorisation.models import Event, What

NEW = "new"
BESIDE = frozenset({What.USED, What.SELF_PAY, What.PENDING})  # they leave the phase as it is
_OPEN = (NEW, *(one for one in What if one not in BESIDE and one is not What.CLOSED))
_ASKED = (What.SENT, What.MORE_ASKED, What.ANSWERED, What.PEER_TO_PEER, What.APPEALED)
# After which steps may each step come?
AFTER: Mapping[What, tuple[str, ...]] = {
    What.CHECKED: (NEW, What.CHECKED),
    What.SENT: (NEW, What.CHECKED, What.APPROVED),
    What.MORE_ASKED: _ASKED,
    What.ANSWERED: (What.MORE_ASKED,),
    What.APPROVED: (*_ASKED, What.DENIED),
    What.USED: (What.APPROVED,),
    What.DENIED: _ASKED,
    What.PEER_TO_PEER: (What.DENIED,),
    What.APPEALED: (What.DENIED, What.PEER_TO_PEER),
    What.SELF_PAY: _OPEN,
    What.PENDING: (NEW, What.CHECKED, *_ASKED),
    What.CLOSED: _OPEN,
}
LAPSE = ("authorisation-lapse-last", "authorisation-lapse-second", "authorisation-lapse-first")
_DUE = {
    What.SENT: "authorisation-answer",
    What.ANSWERED: "authorisation-answer",
    What.PEER_TO_PEER: "authorisation-answer",
    What.APPEALED: "authorisation-answer",
    What.MORE_ASKED: "authorisation-more",
    What.DENIED: "authorisation-denied",
}


@dataclass(frozen=True, slots=True)
class State:
    """`approval` is what the payer granted last, `left` what of it is unused; `signed` the last statement about a sum."""

    phase: str
    events: tuple[Event, ...]
    approval: Mapping[str, Any] | None = None
    used: Decimal = Decimal(0)
    signed: Event | None = None

    @property
    def open(self) -> bool:
        return self.phase != What.CLOSED

    @property
    def left(self) -> Decimal | None:
        return None if self.approval is None else Decimal(self.approval["amount"]) - self.used

    @property
    def next(self) -> tuple[What, ...]:
        """What may happen now."""
        return tuple(what for what in What if self.phase in AFTER[what])

    @property
    def due(self) -> date | None:
        """By when somebody has to act."""
        turning = next((one for one in reversed(self.events) if one.what not in BESIDE), None)
        if turning is None or not self.open:
            return None
        told = json.loads(turning.told)
        if turning.what == What.APPROVED:
            return date.fromisoformat(told["until"]) - timedelta(days=days("authorisation-lapse-first"))
        if turning.what not in _DUE:
            return None
        return due(What(turning.what), turning.day, told)

    def covers(self, day: date) -> bool:
        """Has the payer said yes to something that is left on that day?"""
        if self.phase != What.APPROVED or self.approval is None or not self.left:
            return False
        return bool(self.approval["start"] <= day.isoformat() <= self.approval["until"])

    def lapses(self, today: date) -> tuple[int, bool] | None:
        """Days until the approval ends, when they are few, and whether they are very few; negative: it has ended."""
        if self.phase != What.APPROVED or self.approval is None:
            return None
        more = (date.fromisoformat(self.approval["until"]) - today).days
        steps = [days(id) for id in LAPSE]
        return (more, more <= steps[0]) if more <= steps[-1] else None


def due(what: What, day: date, told: Mapping[str, Any]) -> date:
    """The day that the payer gave, else ours."""
    return date.fromisoformat(told["until"]) if told.get("until") else day + timedelta(days=days(_DUE[what]))


def state(events: Iterable[Event]) -> State:
    """Fold the events in their order."""
    ordered = tuple(sorted(events, key=lambda one: one.seq))
    phase, approval, used, signed = NEW, None, Decimal(0), None
    for one in ordered:
        what = What(one.what)
        if what is What.APPROVED:
            approval, used = json.loads(one.told), Decimal(0)
        elif what is What.USED:
            used += Decimal(json.loads(one.told)["amount"])
        elif what in (What.SELF_PAY, What.PENDING):
            signed = one
        if what not in BESIDE:
            phase = what.value
    return State(phase, ordered, approval, used, signed)
