"""How does a syringe pump of the tests send? Straight into the store, every ten seconds, by the clock of the test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from daybreak.web.bedside.came import Came
from daybreak.web.bedside.frames import Frame
from daybreak.web.bedside.store import Store
from tests.exchange.hl7.pump import alarm, event, programme

NAME = "P52814"
EVERY = timedelta(seconds=10)


def message(lines: Sequence[str], *, kind: str = "R01", control: str = "1", sent: datetime, patient: str = "") -> bytes:
    when = f"{sent:%Y%m%d%H%M%S}+0000"
    head = [f"MSH|^~\\&|Pumps^0011223344556677^EUI-64|Maker|||{when}||ORU^{kind}^ORU_{kind}|{control}|P|2.6"]
    return "\r".join([*head, f"PID|||{patient}", f"OBR|1|0|0|1^Ketamine|||{when}", *lines, ""]).encode()


class Syringe:
    """Says how it is set and what it has delivered; `wrong`: by how much its clock is."""

    def __init__(self, at: datetime, *, store: Store | None = None, name: str = NAME, connection: int = 1) -> None:
        self.at, self.store, self.name, self.connection = at, store or Store(), name, connection
        self.wrong, self.n = timedelta(0), 0

    def sends(self, times: int = 1, **told: str) -> list[str]:
        """How it is set, so often; the answers."""
        return [self._came(programme(self.name, **told)) for _ in range(times)]

    def happens(self, condition: str) -> str:
        """An event (PCD-10)."""
        return self._came(event(self.name, condition), kind="R42")

    def alarms(self, **told: str) -> str:
        """An alarm of its own (PCD-04)."""
        return self._came(alarm(self.name, **told), kind="R40")

    def _came(self, lines: Sequence[str], **about: str) -> str:
        self.at += EVERY
        self.n += 1
        self.store._looked = None
        content = message(lines, control=str(self.n), sent=self.at + self.wrong, **about)
        one = Came(Frame(content), self.connection, self.at)
        self.store.take([one])
        return one.code
