"""What stands in red on every page: which urgent answer has nobody after all were called, and whose notices do not leave?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from daybreak.knowledge.watch import jump
from daybreak.web.outbox import queries as outbox
from daybreak.web.tasks.queries import AtHand
from daybreak.web.words import word


def red(untaken: Iterable[AtHand], *, at: datetime, language: str | None) -> dict[str, Any]:
    """`lines`, and the task to which the first one leads; of urgent answers about suicide that nobody has taken."""
    untaken = list(untaken)
    late = [one for one in untaken if at > one.due or one.created > at + jump()]
    held = outbox.held_up((one.id for one in untaken), at=at)
    lines = [word("tasks.red_nobody", language, n=len(late))] if late else []
    if held:
        names = " · ".join(sorted({one.person.display_name for one in held if one.person}))
        lines.append(word("tasks.red_held_up", language, names=names))
    first = (late or [one for one in untaken if one.id in {each.about for each in held}] or [None])[0]
    return {"lines": lines, "task": first and first.id}
