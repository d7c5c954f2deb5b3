"""Is every patient here made up, and does the request come from this very machine?"""

from __future__ import annotations

import ipaddress
from base64 import b32encode
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.demo.models import Mark
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Organisation
from daybreak.web.questions import Question
from daybreak.web.refusals import Refused


@transaction.atomic
def mark(organisation: Organisation, *, at: datetime) -> Mark:
    """Mark the database as a demo, by the operator. Refused in a clinic, and where there are patients already."""
    organisation = locked(Organisation, pk=organisation.pk)
    if settings.PLACE.profile != "demo" or Patient.objects.exists():
        raise Refused("demo.cannot_be_marked")
    row = Mark(id=ids.new(), organisation=organisation, created=at)
    row.save(force_insert=True)
    trail.wrote(row, action="marked_as_demo", who=None, at=at, via="cli")
    return row


def marked() -> bool:
    """Does the database carry the mark? In a clinic it is not even asked."""
    return settings.PLACE.profile == "demo" and bool(_MARK())


_MARK = Question(lambda: Mark.objects.values_list("id")[:1])


def within(request: HttpRequest) -> bool:
    """A marked demo, asked by its own machine under its own name. What a proxy says about the asker counts nothing."""
    peer, host = request.META.get("REMOTE_ADDR", ""), urlsplit(f"//{request.get_host()}").hostname or ""
    return _is_loopback(peer) and (host == "localhost" or _is_loopback(host)) and marked()


def password() -> str:
    """What everybody in this demo types when they are asked once more who they are; another one in every demo."""
    made = settings.PLACE.key("django").mac(b"demo password")
    letters = b32encode(made).decode().lower()[:12]
    return f"demo-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def banner(request: HttpRequest) -> dict[str, Any]:
    """For every template: `demo_password` when the patients are made up."""
    return {"demo_password": password()} if marked() else {}


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
