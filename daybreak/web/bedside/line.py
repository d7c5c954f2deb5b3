"""How does a message reach whoever listens for it, and what is answered? (MLLP, the side that sends)"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import suppress

ANSWERS_WITHIN = 5.0  # seconds
START, END = b"\x0b", b"\x1c\r"  # of a message on the wire
LONGEST = 1 << 20  # bytes of an answer


class Line:
    """One connection. What nobody listens to is lost, as with a real device; with the next message it is tried again."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._socket: socket.socket | None = None
        self._owed = 0  # answers

    def send(self, messages: Sequence[bytes]) -> None:
        """All of them at once."""
        try:
            if self._socket is None:
                self._socket = socket.create_connection((self.host, self.port), timeout=ANSWERS_WITHIN)
                self._owed = 0
            self._socket.sendall(b"".join(START + one + END for one in messages))
            self._owed += len(messages)
        except OSError:
            self.close()

    def answers(self) -> list[bytes]:
        """Wait for the answer to each. Fewer than were sent, or none: nobody was there, or went away."""
        found, waiting = list[bytes](), b""
        try:
            while self._socket is not None and self._owed > 0:
                data = self._socket.recv(64 * 1024)
                if not data or len(waiting) > LONGEST:
                    raise ConnectionError
                *whole, waiting = (waiting + data).split(END)
                found += [one.removeprefix(START) for one in whole]
                self._owed -= len(whole)
        except OSError:
            self.close()
        return found

    def close(self) -> None:
        """And begin anew with the next message."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
        self._socket = None
