"""Does the pump of a session say that it runs while the record says that nothing does, or the reverse?"""

from __future__ import annotations

from datetime import datetime

from daybreak.clinical.treatment import pump
from daybreak.clinical.treatment.alarms import Says
from daybreak.clinical.treatment.events import What as Event
from daybreak.clinical.treatment.pump import Runs
from daybreak.knowledge import pumps
from daybreak.web.bedside import evidence
from daybreak.web.bedside.judging import DEVICE, PUMP
from daybreak.web.bedside.models import Binding, What
from daybreak.web.treatment.queries import Now

RUNS, STANDS = f"{PUMP}runs", f"{PUMP}stands"
MOVES = frozenset({Event.INFUSION_STARTED, Event.INFUSION_ENDED, Event.PAUSED, Event.RESUMED, Event.STOPPED})


def found(binding: Binding, now: Now, *, at: datetime) -> dict[Says, bool]:
    """Each of the two, and whether it is so. Whoever is a moment later than the pump, or earlier, is no alarm."""
    line = evidence.last(binding, (What.RUNS,))
    runs = Runs(line.told["runs"]) if line and line.told["runs"] else None
    state = now.state
    differs = pump.apart(runs, recorded=state.running is not None, paused=state.paused)
    moved = [one.received or one.happened for one in now.events if one.what in MOVES]
    since = max([line.received, *moved]) if line else at
    if differs and at - since < pumps.apart():
        differs = ""
    level = pumps.levels()["apart"]
    return {Says(id, level, DEVICE): differs == which for id, which in ((RUNS, "runs"), (STANDS, "stands"))}
