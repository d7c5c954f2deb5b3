"""The page of the messages that nobody could read, and of those that came twice with other bytes."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.bedside.models import Message, Odd
from daybreak.web.people.permissions import Permission
from daybreak.web.words import word

NEWEST, SHOWN = 50, 4000  # messages, and bytes of each
WHY = {
    Odd.UNREADABLE: "bedside.odd_unreadable",
    Odd.OTHER_KIND: "bedside.odd_other_kind",
    Odd.TOO_LONG: "bedside.odd_too_long",
    Odd.UNFINISHED: "bedside.odd_unfinished",
    Odd.SAME_ID: "bedside.odd_same_id",
}
UNSEEN = re.compile(r"[^\n\x20-\x7e\xa0-\xff]")


@needs(Permission.ADOPT_PROTOCOL)
@require_safe
def odd(request: HttpRequest) -> HttpResponse:
    """The newest, byte for byte as far as a page holds them. They may name patients, so that the look at them is in the trail."""
    found = Message.objects.filter(organisation=request.person.organisation_id).exclude(odd="").select_related("device")
    rows = list(found.order_by("-created", "-id")[: NEWEST + 1])
    trail.read("device_messages", who=request.person.id, at=request.received_at)
    lines = [_line(one, get_language()) for one in rows[:NEWEST]]
    return render(request, "bedside/odd.html", {"lines": lines, "newest": NEWEST, "more": len(rows) > NEWEST})


def _line(one: Message, language: str) -> dict[str, Any]:
    content = bytes(one.content)
    return {
        "id": one.id,
        "at": zones.minute(one.created),
        "why": word(WHY[Odd(one.odd)], language),
        "used": one.odd == Odd.SAME_ID,
        "device": one.device.name if one.device else one.sender,
        "control": one.control,
        "bytes": len(content),
        "text": readable(content[:SHOWN]),
        "cut": len(content) > SHOWN,
    }


def readable(content: bytes) -> str:
    """Each byte as a letter, a line for each segment; what cannot be seen by its number."""
    text = content.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
    return UNSEEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
