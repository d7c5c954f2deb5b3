"""What does somebody see of their own ways in?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest

from daybreak.web.people.models import Person
from daybreak.web.presence.models import Session
from daybreak.web.presence.store import digest
from daybreak.web.questions import Question


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
    found = [OpenSession(key, *rest, key == here) for key, *rest in _OPEN(person.pk, request.received_at)]
    return sorted(found, key=lambda one: not one.here)


class OwnPasskey(NamedTuple):
    """A passkey as its owner sees it."""

    id: UUID
    name: str
    created: datetime


def own_ways(person: Person) -> tuple[bool, list[OwnPasskey]]:
    """Has the person chosen a PIN, and which passkeys are theirs, the oldest first?"""
    rows = _WAYS(person.pk)
    return any(pin for pin, *_ in rows), [OwnPasskey(*key) for _, *key in rows if key[0]]


_OPEN = Question(
    lambda person, at: (
        Session.objects.filter(person_id=person, expire_date__gt=at, began__isnull=False)
        .order_by("-seen")
        .values_list("session_key", "device", "address", "began", "seen")
    ),
    UUID,
    datetime,
)
_WAYS = Question(
    lambda person: (
        Person.objects.filter(pk=person)
        .order_by("passkeys__id")
        .values_list("pin__id", "passkeys__id", "passkeys__name", "passkeys__created")
    ),
    UUID,
)
