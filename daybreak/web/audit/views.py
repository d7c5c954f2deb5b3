"""The audit trail as its readers see it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daybreak.web.access import needs
from daybreak.web.audit import queries, trail
from daybreak.web.people.permissions import Permission


@needs(Permission.READ_AUDIT)
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The last lines, with the names of those who acted. Reading is itself a line."""
    lines = queries.latest()
    trail.read("audit", who=request.person.id, at=request.received_at)
    return render(request, "audit/latest.html", {"lines": lines})
