"""The pages on which somebody looks after their own ways in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from daybreak.web.access import needs
from daybreak.web.people.permissions import Permission
from daybreak.web.presence import actions
from daybreak.web.presence.store import digest


@needs(Permission.OWN_PAGE)
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one other session of one's own, or all others."""
    actions.end_sessions(
        request.person,
        only=request.POST.get("session", ""),
        but=digest(request.session.session_key),
        at=request.received_at,
    )
    return redirect("/me/")
