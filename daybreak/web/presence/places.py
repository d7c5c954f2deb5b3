"""From where is somebody trying to come in?

Failures are counted by place. A browser in which a person signed in before is a place of its own for that person, so that
nobody else at the same address (a whole clinic may have one) can use up their tries. The browser knows it by a signed cookie.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from daybreak.web.people.models import Person
from daybreak.web.people.queries import login_name

LASTS = 180 * 24 * 60 * 60
MOST_PEOPLE = 12  # who share one tablet


def place(request: HttpRequest, login: str) -> str:
    """The browser, when this person signed in here before; else the address."""
    known = _read(request)
    return f"device {known['id']}" if known and _name(login) in known["names"] else request.META.get("REMOTE_ADDR", "")


def device(request: HttpRequest) -> str | None:
    """A sign for this browser, the same as long as it keeps its cookie; None: nobody ever signed in here."""
    known = _read(request)
    return hashlib.sha256(known["id"].encode()).hexdigest()[:16] if known else None


def last_person(request: HttpRequest) -> Person | None:
    """Who signed in last in this browser and did not sign out."""
    known = _read(request)
    return Person.objects.filter(pk=known["last"]).first() if known and known["last"] else None


def remember(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """This person signed in here."""
    known = _read(request) or {"id": secrets.token_urlsafe(16), "names": []}
    names = [_name(person.login), *(name for name in known["names"] if name != _name(person.login))]
    _write(response, {"id": known["id"], "names": names[:MOST_PEOPLE], "last": str(person.id)})


def leave(request: HttpRequest, response: HttpResponse) -> None:
    """Whoever was here signed out."""
    if known := _read(request):
        _write(response, {**known, "last": None})


def _name(login: str) -> str:
    return hashlib.sha256(login_name(login).encode()).hexdigest()[:16]


def _read(request: HttpRequest) -> dict[str, Any] | None:
    try:
        known: dict[str, Any] = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt="device", max_age=LASTS
        )
    except signing.BadSignature:
        return None
    return known


def _write(response: HttpResponse, known: dict[str, Any]) -> None:
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(known, salt="device"),
        max_age=LASTS,
        secure=settings.CLINIC,
        httponly=True,
        samesite="Lax",
    )
