"""Which messages are in the bytes that a socket brings? (MLLP: a start byte, the message, two end bytes)

What lies between two messages is left out, as the protocol says. One that is too long, or is begun anew before its end, is
handed over as far as it came, as what it is: nothing is kept in memory for longer than that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from daybreak.web.bedside.models import Odd

START, END = b"\x0b", b"\x1c\r"
MOST_BYTES = 256 * 1024
KEPT_BYTES = 4096  # of what cannot be a message


@dataclass(frozen=True, slots=True)
class Frame:
    """One message, or what came of it; `odd`: why it is none."""

    content: bytes
    odd: Odd | None = None


class Frames:
    """The bytes of one connection, put together again."""

    def __init__(self) -> None:
        self.begun = False
        self._held = bytearray()

    def came(self, data: bytes) -> Iterator[Frame]:
        """What is whole by now."""
        self._held += data
        while True:
            if not self.begun:
                at = self._held.find(START)
                del self._held[: len(self._held) if at < 0 else at + 1]
                if at < 0:
                    return
                self.begun = True
            end, again = self._held.find(END), self._held.find(START)
            if end >= 0 and not 0 <= again < end:
                content = bytes(self._held[:end])
                del self._held[: end + len(END)]
                self.begun = False
                yield self._whole(content)
            elif again >= 0:
                yield self.left()
                del self._held[: again + 1]
                self.begun = True
            elif len(self._held) > MOST_BYTES:
                yield Frame(bytes(self._held[:KEPT_BYTES]), Odd.TOO_LONG)
                self._held.clear()
                self.begun = False
            else:
                return

    def left(self) -> Frame:
        """What has come of a message that does not end."""
        return Frame(bytes(self._held[:KEPT_BYTES].partition(START)[0]), Odd.UNFINISHED)

    def _whole(self, content: bytes) -> Frame:
        return Frame(content) if len(content) <= MOST_BYTES else Frame(content[:KEPT_BYTES], Odd.TOO_LONG)


def framed(message: bytes) -> bytes:
    """As it is sent."""
    return START + message + END
