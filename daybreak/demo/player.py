"""How do the demo's rooms go on while somebody looks? A process of the demo does what is due by its clock, once a second."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import datetime, timedelta
from pathlib import Path

from daybreak.web.instant import Pace
from daybreak.web.processes import end_with_parent
from daybreak.web.start import begin

EVERY = 1  # seconds of the machine


def run(folder: Path, pace: Pace, opened: datetime) -> None:
    """Until it is told to stop. What could not be done in this turn is tried in the next one."""
    end_with_parent()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    begin()
    from django.db import close_old_connections, connections

    from daybreak.demo import devices, hours, rooms
    from daybreak.web import instant

    instant.keep(pace)
    log = logging.getLogger("daybreak.demo")
    played, nurses = hours.kept(folder).played, devices.Nurses()
    while True:
        now = instant.now()
        try:
            rooms.play(opened=opened, after=played, until=now, live=True)
            played = now
            nurses.connect(at=now)
        except Exception as error:  # whoever tries the demo goes on without it
            log.error("the demo's rooms could not go on: %s", type(error).__name__)
        close_old_connections()
        # Ahead of what anybody writes until the next turn: a clock that was stopped hard never goes back.
        ahead = timedelta(seconds=2 * EVERY * pace.speed)
        hours.keep(folder, hours.Kept(here=instant.now() + ahead, played=played))
        if stop.wait(EVERY):
            connections.close_all()
            return
