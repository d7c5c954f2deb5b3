"""What does somebody read whose link opens nothing any more? Whom to call, and what became of what they sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.web.links import actions
from daybreak.web.links.models import Link
from daybreak.web.links.purposes import PURPOSES

TYPED = ("text", "name", "phone", "note")  # fields of pages behind links that hold somebody's own words


class Why(StrEnum):
    """Why it opens nothing: the page lay open for too long, its time is over, or it was taken back."""

    WAITED = "forms.closed_waited"
    EXPIRED = "forms.closed_expired"
    TAKEN_BACK = "forms.closed_taken_back"


ONWARD = {
    Why.WAITED: "forms.open_again",
    Why.EXPIRED: "forms.ask_anew",
    Why.TAKEN_BACK: "forms.ask_anew",
}


def why(link: Link, *, at: datetime) -> Why:
    """Of a genuine link."""
    if actions.taken_back(link):
        return Why.TAKEN_BACK
    return Why.WAITED if actions.usable(link, at=at) else Why.EXPIRED


def phones(link: Link | None) -> list[tuple[str, str]]:
    """Under which numbers, and in which hours (as typed; "": not recorded), the sites are called that the link comes from; of
    a link that is none of ours, and of one about no patient, none.

    No site is named: the name of a clinic can say what it treats.
    """
    if link is None or not PURPOSES[link.purpose].site:
        return []
    label, _, site = PURPOSES[link.purpose].site.partition(":")
    found = apps.get_model(label)._default_manager.filter(pk=link.subject, **{f"{site}__closed": None})
    return sorted({one for one in found.values_list(f"{site}__phone", f"{site}__hours") if one[0]})


def page(request: HttpRequest, link: Link | None, *, reason: str = "links.unusable", onward: str = "") -> HttpResponse:
    """404. What was sent to a page (its opening by the button sends nothing) is shown once more, to be copied."""
    sent = request.method == "POST" and not request.path.startswith("/l/")
    shown = {
        "reason": reason,
        "onward": onward,
        "phones": phones(link),
        "sent": sent,
        "typed": [value for name in TYPED if sent and (value := request.POST.get(name, "").strip())],
    }
    return render(request, "links/gone.html", shown, status=404)
