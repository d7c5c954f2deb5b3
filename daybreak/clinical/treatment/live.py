"""What does a device that sends by itself say of a session now, and what of it is news?

It is judged as what a hand writes down is, by the same limits and delays. Whether somebody has seen to it is not known here:
whoever keeps the alarms of the session is told when something begins, grows louder, or is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from daybreak.clinical.treatment.alarms import Says, State, steps
from daybreak.clinical.treatment.limits import Watch
from daybreak.clinical.treatment.vitals import Reading


@dataclass(frozen=True, slots=True)
class Now:
    """How a device stands: what its values say, what was told of that, and since when what was told is not so any more."""

    state: State
    told: Mapping[str, Says] = field(default_factory=dict)
    quiet: Mapping[str, datetime] = field(default_factory=dict)


def judged(now: Now, readings: Iterable[Reading], watch: Watch, at: datetime) -> Now:
    """With what one message measured; without any only time went on. What is over is not kept here: it was told."""
    state, _ = steps(now.state, readings, watch, at)
    return replace(now, state=replace(state, alarms={id: one for id, one in state.alarms.items() if one.present}))


def news(now: Now, *, lasts: timedelta, at: datetime) -> tuple[Now, tuple[Says, ...]]:
    """What has to be told, and the same once it is. That something is over is told when it has been so long enough (`lasts`):
    what comes and goes is one alarm, as loud as it was."""
    alarms = now.state.alarms
    told, found = dict(now.told), list[Says]()
    for id, one in sorted(alarms.items()):
        before = told.get(id)
        if before is None or one.level > before.level or not one.present <= before.sources:
            sources = one.present | (before.sources if before else frozenset())
            level = max(one.level, before.level) if before else one.level
            told[id] = Says(id, level, sources, frozenset(), one.value, one.line)
            found.append(told[id])
    quiet = {id: now.quiet.get(id, at) for id in told.keys() - alarms.keys()}
    for id in sorted(id for id, since in quiet.items() if at - since >= lasts):
        before = told.pop(id)
        found.append(Says(id, before.level, frozenset(), before.sources))
    return replace(now, told=told, quiet={id: since for id, since in quiet.items() if id in told}), tuple(found)
