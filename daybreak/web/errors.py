"""What does a page say that cannot be shown?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from daybreak.web.presence import kept


def page(request: HttpRequest, sentence: str, *, status: int, **values: Any) -> HttpResponse:
    """One sentence of `words.yaml` that says what happened and what to do."""
    return render(request, "error.html", {"sentence": sentence, "values": values}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, "error.bad_request", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, "error.forbidden", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, "error.not_found", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """A bug of ours. The page needs no database and nothing of the session."""
    return page(request, "error.failed", status=500)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before its sender signed in again comes back filled; any other is not taken."""
    if request.person and request.session.get("resumed") and kept.is_from_here(request):
        return redirect(kept.keep(request, request.person))
    return page(request, "error.form_too_old", status=403)
