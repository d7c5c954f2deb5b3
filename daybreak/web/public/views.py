"""The first page that a stranger meets. Who works here is led on to where their work begins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from daybreak.web.access import everyone
from daybreak.web.people.navigation import first_page
from daybreak.web.public.page import shown


@everyone("says what this is, to whoever comes; leads who is signed in to their work")
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The bare address."""
    if request.person:
        return redirect(first_page(request.person, at=request.received_at))
    if request.locked:
        return redirect("/unlock/")
    return shown(request, "public/home.html", {"bar": "bar-night"})
