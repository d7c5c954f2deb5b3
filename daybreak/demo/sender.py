"""How do the devices of the demo send what they measure? By a process of its own, over the socket at which real ones knock."""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from daybreak.web.instant import Pace
from daybreak.web.processes import end_with_parent
from daybreak.web.start import begin

LOOKS_EVERY = 0.5  # seconds of the machine
MOST_SECONDS = 2  # of the demo between two looks, or a value would be old before it is sent
LATE = 15  # seconds of the demo: what was held up for longer is not sent any more, as a monitor sends what is so now
ANSWERS_WITHIN = 5.0
SECOND = timedelta(seconds=1)
START, END = b"\x0b", b"\x1c\r"  # of a message on the wire (MLLP)


class Line:
    """The connection of one device. What nobody listens to is lost, as with a real one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None
        self._owed = 0  # answers

    def send(self, messages: list[bytes]) -> None:
        """All of them at once; who is not there is called again with the next ones."""
        try:
            if self._socket is None:
                self._socket, self._owed = socket.create_connection(("127.0.0.1", self.port), timeout=ANSWERS_WITHIN), 0
            self._socket.sendall(b"".join(START + one + END for one in messages))
            self._owed += len(messages)
        except OSError:
            self.close()

    def answered(self) -> bool:
        """Wait for the answer to each. False: nobody was there, or went away."""
        try:
            while self._socket is not None and self._owed > 0:
                data = self._socket.recv(64 * 1024)
                if not data:
                    raise ConnectionError
                self._owed -= data.count(END[:1])
        except OSError:
            self.close()
        return self._socket is not None

    def close(self) -> None:
        """And begin anew with the next message."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
        self._socket = None


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

    lines = {one: Line(port) for one in KINDS}
    sent = pace.at(datetime.now(UTC))
    while not stop.wait(min(LOOKS_EVERY, MOST_SECONDS / pace.speed)):
        now = pace.at(datetime.now(UTC))
        for device, line in lines.items():
            if due := device.messages(opened=opened, after=max(sent, now - LATE * SECOND), until=now):
                line.send(due)
            elif device.over(opened=opened, at=now):
                line.close()
        for line in lines.values():
            line.answered()
        sent = now
    for line in lines.values():
        line.close()


def _open(port: int, stop: threading.Event) -> bool:
    """Does somebody listen there by now? Until then what the pages need is made first. False: told to stop."""
    while not stop.wait(LOOKS_EVERY):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=ANSWERS_WITHIN):
            return True
    return False
