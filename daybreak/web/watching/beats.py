"""Does the clock look after the treatments that go on?"""

from __future__ import annotations

from datetime import datetime

from daybreak.knowledge.watch import silence
from daybreak.web.watching.models import Beat

ONLY = 1  # the one row


def beat(*, at: datetime) -> None:
    """It has just done so."""
    Beat.objects.update_or_create(pk=ONLY, defaults={"at": at})


def last() -> datetime | None:
    """When it did so last; None: never, as far as is known."""
    return Beat.objects.filter(pk=ONLY).values_list("at", flat=True).first()


def beating(*, at: datetime) -> bool:
    """Has it, so lately that somebody is monitored? A time far ahead of ours is believed no more than an old one."""
    beaten = last()
    longest, _ = silence()
    return beaten is not None and abs(at - beaten) <= longest
