"""Which challenge did this session ask for, and was it used already?"""

from __future__ import annotations

from datetime import datetime, timedelta

from daybreak.web.presence.models import Challenge

LASTS = timedelta(minutes=5)


def keep(challenge: str, *, session: str, purpose: str, at: datetime) -> None:
    """For this session and purpose; an earlier one no longer counts."""
    Challenge.objects.update_or_create(
        session=session, purpose=purpose, defaults={"challenge": challenge, "until": at + LASTS}
    )


def take(*, session: str, purpose: str, at: datetime) -> str | None:
    """The challenge, used up by this; None when there is none, or none that still counts."""
    row = Challenge.objects.filter(session=session, purpose=purpose).first()
    if row is None:
        return None
    # Of two requests that read the same row only one deletes it.
    removed, _ = Challenge.objects.filter(pk=row.pk, challenge=row.challenge).delete()
    return row.challenge if removed and at < row.until else None


def forget(*, at: datetime) -> None:
    """Remove those that nobody answered in time."""
    Challenge.objects.filter(until__lt=at).delete()
