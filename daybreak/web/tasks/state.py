"""How does a task stand: who has it, who was asked to take it, is it closed? (folded from its events)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daybreak.web.people.models import Person
from daybreak.web.tasks.models import Event, Task, What


@dataclass(frozen=True, slots=True)
class State:
    """`owner` None: it waits for the role. `asked` was offered it and has not taken it yet: until then nothing moves."""

    owner: Person | None
    asked: Person | None
    closed: Event | None
    events: tuple[Event, ...]

    @property
    def open(self) -> bool:
        return self.closed is None

    @property
    def next(self) -> int:
        """The number of the next event."""
        return len(self.events) + 1


def state(task: Task, events: Iterable[Event] | None = None) -> State:
    """Fold the events, given or read, in their order."""
    found = events if events is not None else task.events.select_related("by", "to")
    events = tuple(sorted(found, key=lambda one: one.seq))
    owner, asked, closed = task.owner, None, None
    for one in events:
        if one.what == What.TAKEN:
            owner, asked = one.by, None
        elif one.what == What.OFFERED:
            asked = one.to
        elif one.what == What.RETURNED:
            owner, asked = None, None
        elif one.what == What.CLOSED:
            closed = one
    return State(owner, asked, closed, events)
