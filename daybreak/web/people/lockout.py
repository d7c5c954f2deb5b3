"""Who has guessed too often? Counted for a name from one address, so that a stranger elsewhere locks nobody out."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db.models import QuerySet

from daybreak.web import ids
from daybreak.web.people.models import Attempt
from daybreak.web.people.queries import login_name
from daybreak.web.refusals import Refused

WITHIN = timedelta(minutes=15)
FAILURES_OF_ONE_NAME = 5
# One address that tries many names; names that signed in from there lately are not held up by it.
FAILURES_OF_ONE_ADDRESS = 50
LATELY = timedelta(days=30)


class TooOften(Refused):
    """Wait; the sentence says how long."""

    status = 429


def begin(login: str, *, address: str, at: datetime, most: int = FAILURES_OF_ONE_NAME) -> Attempt:
    """Count an attempt before it is judged, so that many at once are counted too. TooOften when there were too many.

    The address may also be a browser that is known, or one session.
    """
    name = _digest(login)
    recent = Attempt.objects.filter(address=address, at__gt=at - WITHIN)
    last_success = (
        Attempt.objects.filter(address=address, login=name, succeeded=True, at__gt=at - LATELY).order_by("-at").first()
    )
    of_name = recent.filter(login=name, succeeded=False)
    if last_success:
        of_name = of_name.filter(at__gt=last_success.at)
    _refuse_after(most, of_name, at=at)
    if last_success is None:
        _refuse_after(FAILURES_OF_ONE_ADDRESS, recent.filter(succeeded=False), at=at)
    attempt = Attempt(id=ids.new(), at=at, login=name, address=address, succeeded=False)
    attempt.save(force_insert=True)
    return attempt


def failures(login: str, *, address: str, at: datetime) -> int:
    """How often was it wrong lately?"""
    return Attempt.objects.filter(address=address, login=_digest(login), succeeded=False, at__gt=at - WITHIN).count()


def _digest(login: str) -> str:
    return hashlib.sha256(login_name(login).encode()).hexdigest()


def _refuse_after(most: int, failures: QuerySet[Attempt], *, at: datetime) -> None:
    moments = list(failures.order_by("-at").values_list("at", flat=True)[:most])
    if len(moments) == most:
        minutes = -(-(moments[-1] + WITHIN - at).total_seconds() // 60)
        raise TooOften("sign_in.wait", minutes=max(1, int(minutes)))


def forget(*, at: datetime) -> None:
    """Remove what no longer counts."""
    Attempt.objects.filter(at__lt=at - LATELY).delete()
