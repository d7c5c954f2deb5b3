"""Where does a request go whose sender is not, or no longer, signed in?"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from daybreak.web.presence import kept, places


def answer(request: HttpRequest) -> HttpResponse:
    """To the page that asks who is there, and from it on to where one was; a form is kept meanwhile."""
    onward = request.get_full_path()
    if request.method != "GET":
        person = request.locked or request.gone or places.last_person(request)
        onward = kept.keep(request, person) if person else "/"
    page = "/unlock/" if request.locked else "/login/"
    return redirect(f"{page}?{urlencode({'next': onward}, safe='/')}")
