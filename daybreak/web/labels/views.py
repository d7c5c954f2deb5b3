"""The page on which somebody says who may read an entry."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.labels import actions
from daybreak.web.labels.models import Labelling
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import older, queries, telling
from daybreak.web.patients.entry_views import LABELS
from daybreak.web.patients.kinds import LABELLED, SENSITIVITIES, Kind
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.words import word


@needs(Permission.WRITE_PATIENTS)
@require_http_methods(["GET", "POST"])
def label(request: HttpRequest, patient_id: UUID, entry_id: UUID) -> HttpResponse:
    """Give the entry another label, with a reason. It does not exist for those who may not read it."""
    patient, allowed, _ = queries.opened(
        request.person, patient_id, request.received_at, permission=Permission.WRITE_PATIENTS
    )
    row = queries.entries(patient).filter(pk=entry_id).first()
    if row is None or Kind(row.kind) not in LABELLED or row.id in hidden(patient, by=request.person, allowed=allowed):
        raise Http404
    language = get_language()
    why = Labelling.objects.filter(entry=row).select_related("by").first()
    shown = {
        "told": telling.told(row, language),
        "entry": row.id,
        "now": word(LABELS[older.label(row)], language),
        "why": why,
        "labels": [(one, word(LABELS[one], language), one == older.label(row)) for one in SENSITIVITIES],
        "reason": typed(request, "reason"),
        "key": ids.new(),
    }
    if request.method == "GET":
        return show(request, patient, "labels/label.html", **shown)
    try:
        actions.label(
            row,
            request.POST.get("label", ""),
            reason=shown["reason"],
            by=request.person,
            at=request.received_at,
            key=key(request),
        )
    except Refused as refused:
        return show(request, patient, "labels/label.html", problem=refused, **shown)
    return redirect(f"/patients/{patient.id}/")
