"""The page of the adverse events that somebody still has to judge or to report, with the day of each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.adverse import queries, shown
from daybreak.web.audit import trail
from daybreak.web.patients import identity
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Details
from daybreak.web.people.permissions import Permission
from daybreak.web.words import known


@needs(Permission.READ_PATIENTS)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that is owed where the reader works, what is due first."""
    at, language = request.received_at, known(get_language())
    here = patients.by_site(request.roles)
    found = queries.owed_at([site for site, may in here.items() if Permission.READ_PATIENTS in may])
    rows = Details.objects.filter(patient__in={one.row.patient_id for one in found}, replaced_by__isnull=True)
    names = {one.patient_id: identity.of(one).name for one in rows}
    trail.read("adverse_queue", who=request.person.id, at=at)
    lines: list[dict[str, Any]] = []
    for one in found:
        late = bool(one.due and one.due < zones.day(at, one.row.site.zone))
        lines.append(shown.line(one, language) | {"patient": names[one.row.patient_id], "late": late})
    return render(request, "adverse/queue.html", {"lines": lines})
