"""How does a task stand: who has it, who was asked to take it, is it closed? (folded from its events)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daybreak.web.people.models import Person
from daybreak.web.tasks.models import Event, Task, What


@dataclass(frozen=True, slots=True)
class State:
    """`owner` None: it waits for the role. `asked` was offered it and has not taken it yet: until then nothing moves.

    `given`: the owner was named by whoever closed the day, and has not said yet that they have it.
    """

    owner: Person | None
    asked: Person | None
    closed: Event | None
    events: tuple[Event, ...]
    given: bool = False

    @property
    def untaken(self) -> bool:
        """Has nobody said themselves that they have it? Then people are still called about what is urgent."""
        return self.owner is None or self.given

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
    owner, asked, closed, given = task.owner, None, None, False
    for one in events:
        if one.what == What.TAKEN:
            owner, asked, given = one.by, None, False
        elif one.what == What.GIVEN:
            owner, asked, given = one.to, None, True
        elif one.what == What.OFFERED:
            asked = one.to
        elif one.what == What.RETURNED:
            owner, asked, given = None, None, False
        elif one.what == What.CLOSED:
            closed = one
    return State(owner, asked, closed, events, given)
