"""What became of each mail? A mail server without a network, that can be down, break off, or see its client killed."""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage

DOWN, BREAKS_OFF, KILLS = "down", "breaks off", "kills"


class Killed(BaseException):
    """The process ends here: nothing that it has not committed is kept."""


@dataclass
class Post:
    """The mails that it took, each with the moment; `how` says how it misbehaves, `meanwhile` what happens while one is taken."""

    how: str = ""
    took: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    twice_excused: Counter[str] = field(default_factory=Counter)  # by Message-ID: how often nobody could know
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    meanwhile: Callable[[], None] = field(default=lambda: None)
    refused: Callable[[], None] = field(default=lambda: None)

    def connect(self, **_: object) -> Connection:
        if self.how == DOWN:
            self.refused()
            raise OSError("no answer")
        return Connection(self)


class Connection:
    """What `smtplib.SMTP` is to the clinic."""

    def __init__(self, post: Post) -> None:
        self.post = post

    def send_message(self, mail: EmailMessage) -> None:
        post, id = self.post, str(mail["Message-ID"])
        to = mail["To"].addresses[0].addr_spec
        post.meanwhile()
        post.took.append((post.now(), id, to, str(mail["Subject"])))
        if post.how == KILLS:
            post.how = ""
            post.twice_excused[id] += 1
            raise Killed
        if post.how == BREAKS_OFF:
            post.twice_excused[id] += 1
            post.refused()
            raise smtplib.SMTPServerDisconnected("gone")

    def quit(self) -> None:
        """Nothing is left open."""

    def close(self) -> None:
        """Nothing is left open."""
