"""How does a wish stand? Folded from its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from daybreak.web.waitlist.models import ENDS, Event, What, Wish


@dataclass(frozen=True, slots=True)
class State:
    """`offer`: the last one, as long as nobody answered it. `ended`: the event that ended the wish."""

    offer: Event | None
    ended: Event | None
    events: tuple[Event, ...]

    @property
    def next(self) -> int:
        """The number of the next event."""
        return len(self.events) + 1

    def held(self, at: datetime) -> Event | None:
        """The offer that holds: nobody else is offered that time."""
        return self.offer if self.offer and at < self.offer.expires else None

    def had(self, chair_id: object, starts: datetime, ends: datetime) -> bool:
        """Was time on this chair between the two offered before?"""
        return any(
            one.what == What.OFFERED and one.chair_id == chair_id and one.starts < ends and starts < one.ends
            for one in self.events
        )


def state(wish: Wish, events: Iterable[Event] | None = None) -> State:
    """Fold the events, given or read."""
    found = wish.events.select_related("chair__room", "by") if events is None else events
    rows = tuple(sorted(found, key=lambda one: one.seq))
    last = rows[-1] if rows else None
    return State(
        offer=last if last and last.what == What.OFFERED else None,
        ended=last if last and last.what in ENDS else None,
        events=rows,
    )
