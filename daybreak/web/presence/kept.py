"""What becomes of a form that meets a session which has ended? It is kept for a while, and comes back filled.

It is sealed, for the person whose session it was; nothing is ever sent again by itself. What is secret or cannot be kept
(passwords, files) is left out.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.knowledge.suicide import calling
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.patients import queries as patients
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.presence.models import KeptForm
from daybreak.web.presence.refill import FRESH, refill
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level

LASTS = timedelta(minutes=30)
ABOUT = re.compile(r"/patients/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")
LARGEST = 200_000  # characters; no form of ours comes near
LEFT_OUT = {"csrfmiddlewaretoken", "password", "again", "confirm", "passkey", "pin"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed: the address it was sent to, the fields, and whether a file was among them."""

    action: str
    fields: dict[str, list[str]]
    file: bool


def keep(request: HttpRequest, person: Person) -> str:
    """The address of the page with the form, which brings it back; "/" when it is no form that somebody typed."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return "/"
    fields = {name: values for name, values in request.POST.lists() if name not in LEFT_OUT}
    told = json.dumps({"action": request.path, "fields": fields, "file": bool(request.FILES)})
    if len(told) > LARGEST:
        return "/"
    key = settings.PLACE.key("django")
    row = KeptForm(
        id=ids.new(),
        organisation_id=person.organisation_id,
        created=request.received_at,
        person=person,
        key=key.id,
        sealed=_seal(key).encrypt(told.encode()),
        until=request.received_at + LASTS,
    )
    with transaction.atomic():
        row.save(force_insert=True)
        trail.happened("form_kept", who=person.id, at=request.received_at)
    path, query = _page(request)
    return f"{path}?{urlencode([*query, ('kept', row.id)])}"


def is_from_here(request: HttpRequest) -> bool:
    """Did a page of ours send it? Without the browser's word for it: no."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def brought(request: HttpRequest) -> Kept | None:
    """The form that the address asks for, if it is this person's and not too old."""
    if request.method != "GET" or request.person is None or not (asked := request.GET.get("kept")):
        return None
    try:
        row = KeptForm.objects.get(pk=UUID(asked), person=request.person, until__gt=request.received_at)
    except (ValueError, KeptForm.DoesNotExist):
        return None
    if row.brought is None:
        KeptForm.objects.filter(pk=row.pk).update(brought=request.received_at)
    return _opened(row)


def forget(*, at: datetime) -> None:
    """Remove what is too old. When its sender never came back to a form about a patient, somebody is asked to ask them."""
    for row in KeptForm.objects.filter(until__lt=at, brought__isnull=True).select_related("person"):
        with transaction.atomic():
            _never_stored(row, at=at)
            row.delete()
    KeptForm.objects.filter(until__lt=at).delete()


def _never_stored(row: KeptForm, *, at: datetime) -> None:
    form = _opened(row)
    about = ABOUT.match(form.action) if form else None
    shared = patients.here(row.person, UUID(about[1]), at=at)[0] if about else []
    if shared:
        tasks.make(
            source=f"never stored {row.id}",
            kind=Kind.OTHER,
            what="kept.never_stored",
            site=shared[0].site,
            patient=shared[0].patient,
            level=Level.TODAY,
            due=at + calling().today,
            permission=Permission.READ_PATIENTS,
            owner=row.person,
            where=f"/patients/{about[1]}/" if about else "",
            by=None,
            at=at,
            via="clock",
        )


def _opened(row: KeptForm) -> Kept | None:
    key = settings.PLACE.key("django", row.key)
    return Kept(**json.loads(_seal(key).decrypt(bytes(row.sealed)))) if key else None


class Refill:
    """The middleware that puts what was kept into the page; when its form is gone, shows what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept = request.kept = brought(request)
        response = self.get_response(request)
        if kept is None or response.status_code != 200 or response.streaming:
            return response
        filled = refill(response.content.decode(), page=request.path, action=kept.action, fields=kept.fields)
        if filled is None:
            return _what_was_typed(request, kept)
        response.content = filled
        return response


def _what_was_typed(request: HttpRequest, kept: Kept) -> HttpResponse:
    typed = [value for name, values in kept.fields.items() if name not in FRESH for value in values if value.strip()]
    request.kept = None  # nothing is back in a form
    return render(request, "presence/kept.html", {"typed": typed})


def _page(request: HttpRequest) -> tuple[str, list[tuple[str, Any]]]:
    """Where the form stood: the page that sent it, if it is ours."""
    came = urlsplit(request.headers.get("Referer", ""))
    here = came if came.netloc == request.get_host() else urlsplit(request.get_full_path())
    path = "/" + here.path.lstrip("/\\")  # two strokes would begin another site's name
    return path, [(name, value) for name, value in parse_qsl(here.query) if name != "kept"]


def _seal(key: Any) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key.mac(b"kept form")))
