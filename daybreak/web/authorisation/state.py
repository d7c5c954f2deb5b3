"""How does an authorisation stand? Folded from its events; nothing of it is ever a clinical finding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
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
TREATMENTS = "treatments"  # the unit in which an approval says how many
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
class Approval:
    """What a payer granted, and how much of it is used. It holds by its own dates, whatever is asked in the meantime."""

    told: Mapping[str, Any]
    used: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        return Decimal(self.told["amount"]) - self.used

    def on(self, day: date) -> bool:
        """Is the day one of its days?"""
        return bool(self.told["start"] <= day.isoformat() <= self.told["until"])


@dataclass(frozen=True, slots=True)
class State:
    """`approvals`: what the payer granted, in order; `self_pay` and `pending`: the statements about a sum that still hold."""

    phase: str
    events: tuple[Event, ...]
    approvals: tuple[Approval, ...] = ()
    self_pay: Event | None = None
    pending: Event | None = None

    @property
    def open(self) -> bool:
        return self.phase != What.CLOSED

    @property
    def approval(self) -> Approval | None:
        """What was granted last."""
        return self.approvals[-1] if self.approvals else None

    @property
    def signed(self) -> Event | None:
        """The last statement that still holds."""
        held = [one for one in (self.self_pay, self.pending) if one is not None]
        return max(held, key=lambda one: one.seq) if held else None

    @property
    def next(self) -> tuple[What, ...]:
        """What may happen now. A running approval is used also while its renewal is asked for."""
        running = self.open and self.approval is not None
        return tuple(what for what in What if self.phase in AFTER[what] or (what is What.USED and running))

    @property
    def due(self) -> date | None:
        """By when somebody has to act."""
        turning = next((one for one in reversed(self.events) if one.what not in BESIDE), None)
        if turning is None or not self.open:
            return None
        told = json.loads(turning.told)
        if turning.what == What.APPROVED:
            renew = date.fromisoformat(told["until"]) - timedelta(days=days("authorisation-lapse-first"))
            return max(
                renew, turning.day
            )  # a short approval is asked for again at once, and is not late from the start
        if turning.what not in _DUE:
            return None
        return due(What(turning.what), turning.day, told)

    def covers(self, day: date) -> bool:
        """Has the payer said yes to something that is left on that day? Asking for more does not end it; closing does."""
        return self.open and any(one.on(day) and one.left for one in self.approvals)

    @property
    def counts(self) -> bool:
        """Did the payer say how many treatments?"""
        return self.open and any(one.told["unit"] == TREATMENTS for one in self.approvals)

    def pends(self) -> bool:
        """Has the patient signed for the time in which the payer is asked, and is that now?"""
        return self.pending is not None and self.phase in _ASKED

    def lapses(self, today: date) -> tuple[int, bool] | None:
        """Days until the approval ends, when they are few, and whether they are very few; negative: it has ended."""
        if not self.open or self.approval is None:
            return None
        more = (date.fromisoformat(self.approval.told["until"]) - today).days
        steps = [days(id) for id in LAPSE]
        return (more, more <= steps[0]) if more <= steps[-1] else None


def due(what: What, day: date, told: Mapping[str, Any]) -> date:
    """The day that the payer gave, else ours."""
    return date.fromisoformat(told["until"]) if told.get("until") else day + timedelta(days=days(_DUE[what]))


def state(events: Iterable[Event]) -> State:
    """Fold the events in their order."""
    ordered = tuple(sorted(events, key=lambda one: one.seq))
    phase, approvals, self_pay, pending = NEW, list[Approval](), None, None
    for one in ordered:
        what = What(one.what)
        if what in (What.APPROVED, What.DENIED):
            pending = None  # it was signed for the time until this answer
        if what is What.APPROVED:
            approvals.append(Approval(json.loads(one.told)))
        elif what is What.USED:
            n = used_of(approvals, one.day)
            spent = approvals[n].used + Decimal(json.loads(one.told)["amount"])
            approvals[n] = Approval(approvals[n].told, spent)
        elif what is What.SELF_PAY:
            self_pay = one
        elif what is What.PENDING:
            pending = one
        if what not in BESIDE:
            phase = what.value
    return State(phase, ordered, tuple(approvals), self_pay, pending)


def used_of(approvals: Sequence[Approval], day: date) -> int:
    """Which of them is used by a treatment on that day: the newest that holds then, else the last."""
    return next((n for n in reversed(range(len(approvals))) if approvals[n].on(day)), len(approvals) - 1)
