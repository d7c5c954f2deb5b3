"""Which page is measured? One that is like a patient's: permission, one line of the audit trail, a small template."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people.permissions import Permission
from daybreak.web.people.views import own_page
from daybreak.web.urls import urlpatterns as ours


@needs(Permission.OWN_PAGE)
def measured(request: HttpRequest) -> HttpResponse:
    """Somebody looks at a record."""
    trail.read("measured", who=request.person.id, at=request.received_at, subject=request.person.id)
    return own_page(request)


urlpatterns = [*ours, path("measured/", measured)]
