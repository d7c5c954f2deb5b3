"""How do the devices of the demo send what they measure? By a process of its own, over the socket at which real ones knock."""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from daybreak.web.bedside.line import ANSWERS_WITHIN, Line
from daybreak.web.instant import Pace
from daybreak.web.processes import end_with_parent
from daybreak.web.start import begin

LOOKS_EVERY = 0.5  # seconds of the machine
MOST_SECONDS = 2  # of the demo between two looks, or a value would be old before it is sent
LATE = 15  # seconds of the demo: what was held up for longer is not sent any more, as a monitor sends what is so now
SECOND = timedelta(seconds=1)


def run(port: int, pace: Pace, opened: datetime) -> None:
    """Until it is told to stop: a message for each second of the demo's clock while somebody is connected."""
    end_with_parent()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    if not _open(port, stop):
        return
    begin()
    from daybreak.demo.devices import KINDS

    lines = {one: Line("127.0.0.1", port) for one in KINDS}
    sent = pace.at(datetime.now(UTC))
    while not stop.wait(min(LOOKS_EVERY, MOST_SECONDS / pace.speed)):
        now = pace.at(datetime.now(UTC))
        for device, line in lines.items():
            if due := device.messages(opened=opened, after=max(sent, now - LATE * SECOND), until=now):
                line.send(due)
            elif device.over(opened=opened, at=now):
                line.close()
        for line in lines.values():
            line.answers()
        sent = now
    for line in lines.values():
        line.close()


def _open(port: int, stop: threading.Event) -> bool:
    """Does somebody listen there by now? Until then what the pages need is made first. False: told to stop."""
    while not stop.wait(LOOKS_EVERY):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=ANSWERS_WITHIN):
            return True
    return False
