"""What does somebody see of their own ways in?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from daybreak.web.people.models import Person
from daybreak.web.presence.models import Session
from daybreak.web.presence.store import digest


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One session as its owner sees it."""

    id: str
    device: str
    address: str
    began: datetime
    seen: datetime
    here: bool


def open_sessions(person: Person, request: HttpRequest) -> list[OpenSession]:
    """Where the person is signed in: this browser first, then the one that was seen last."""
    here = digest(request.session.session_key)
    rows = Session.objects.filter(person=person, expire_date__gt=request.received_at, began__isnull=False)
    found = [
        OpenSession(row.session_key, row.device, row.address, row.began, row.seen, row.session_key == here)
        for row in rows.order_by("-seen")
    ]
    return sorted(found, key=lambda one: not one.here)
