"""The page on which staff see which links a patient has, and take one back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.links import of_patient
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.patients import queries as patients
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import uuid
from daybreak.web.words import word


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def every_link(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The newest first, each with who made it, how often it was opened and whether it still opens something."""
    at = request.received_at
    patient = patients.patient_or_404(request.person, patient_id, at, permission=Permission.REGISTER_PATIENTS)
    which = uuid(request, "link")
    if request.method == "POST" and (which or request.POST.get("link") == "all"):
        of_patient.revoke(patient, which=which, by=request.person, at=at)
        return redirect(f"/patients/{patient.id}/links/")
    told = [_told(one, request) for one in of_patient.links(patient)[: of_patient.SHOWN]]
    return show(request, patient, "links/of_patient.html", links=told, opens=sum(one["opens"] for one in told))


def _told(link: Any, request: HttpRequest) -> dict[str, Any]:
    language = get_language()
    state = of_patient.state(link, at=request.received_at)
    made = "links.made_by" if link.by else "links.made_by_nobody"
    return {
        "id": link.id,
        "title": word(PURPOSES[link.purpose].title, language),
        "made": word(made, language, name=link.by and link.by.display_name, at=zones.minute(link.created)),
        "opened": word("links.opened_times", language, n=link.used, most=link.uses),
        "state": word(state, language, until=zones.minute(link.expires)),
        "opens": state in ("links.until", "links.used_up"),
    }
