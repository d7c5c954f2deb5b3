"""What is made of one message that came: what it reports, why it cannot be read, and what its sender is told?"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from datetime import datetime

from daybreak.exchange.hl7 import Report, Unreadable, read
from daybreak.exchange.hl7.answer import Code
from daybreak.exchange.hl7.message import Why as NotRead
from daybreak.web.bedside.frames import Frame
from daybreak.web.bedside.models import Odd

Key = tuple[str, str, str]  # sender, id, digest


@dataclass(slots=True)
class Came:
    """A message as it came, by which connection and when, and what was made of it. `judged`: when it was known if it alarms."""

    frame: Frame
    connection: int
    at: datetime
    reports: list[Report] = field(default_factory=list)
    odd: Odd | None = None
    sender: str = ""
    control: str = ""
    digest: str = ""
    code: Code = "AE"
    got: float = field(default_factory=time.perf_counter)  # by the running clock, as is `judged`
    judged: float = 0.0

    @property
    def answer(self) -> Code:
        """What its sender is told once it is on disk."""
        if self.odd is None or self.odd is Odd.SAME_ID:
            return "AA"
        return "AR" if self.odd is Odd.OTHER_KIND else "AE"

    @property
    def key(self) -> Key:
        """By which it is known that it is the same."""
        return self.sender, self.control, self.digest

    def read(self) -> None:
        """What it reports, or why it cannot be read; the sender and the id are those of its first report. Once."""
        if self.digest:
            return
        self.digest = hashlib.sha256(self.frame.content).hexdigest()
        self.odd = self.frame.odd
        if self.odd is not None:
            return
        try:
            self.reports = read(self.frame.content)
        except Unreadable as error:
            self.odd = Odd.OTHER_KIND if error.why is NotRead.KIND else Odd.UNREADABLE
            return
        first = self.reports[0]
        self.sender, self.control = first.sender[:250], first.control[:250]
        if any(
            not each.device or len(each.device) > 250 or "\0" in each.device + self.sender + self.control
            for each in self.reports
        ):
            self.reports, self.sender, self.control, self.odd = [], "", "", Odd.UNREADABLE
