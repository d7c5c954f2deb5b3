"""The page of psychotherapy notes: one's own, and, in an emergency, those of others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.glass.models import CODES
from daybreak.web.glass.views import SAID as REASONS
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import day, key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.therapy import actions, queries
from daybreak.web.words import word


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Write one, put one's own right, or open those of others for a reason."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS
    )
    problem = None
    if request.method == "POST":
        try:
            _do(request, patient)
            return redirect(f"/patients/{patient.id}/notes/")
        except Refused as refused:
            problem = refused
    who: dict[str, Any] = {"by": request.person, "at": request.received_at}
    opened, found = queries.opened(patient, **who), queries.notes(patient, **who)
    for one in found:
        reading.read("psychotherapy_note", patient, who=request.person.id, at=request.received_at, object_id=one.id)
    shown = {
        "notes": [{"row": one, "mine": one.by_id == request.person.pk} for one in found],
        "others": [one.display_name for one in queries.authors(patient, without=request.person)],
        "opened": opened and zones.clock(opened.ends),
        "may_write": Permission.READ_SENSITIVE in allowed,
        "may_open": Permission.BREAK_GLASS in allowed,
        "codes": [(code, word(REASONS[code], get_language())) for code in CODES],
        "today": zones.today(request.received_at),
        "told": request.POST if problem else {},
        "key": (problem and request.POST.get("key")) or ids.new(),
    }
    return show(request, patient, "therapy/notes.html", problem=problem, **shown)


def _do(request: HttpRequest, patient: Patient) -> None:
    who: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    did = request.POST.get("do", "")
    if did == "write":
        mine = {one.id: one for one in queries.notes(patient, by=request.person, at=request.received_at)}
        replaces = uuid(request, "note")
        if replaces and replaces not in mine:
            raise Refused("therapy.changed_already")
        told = {"day": day(request, "day"), "replaces": mine[replaces] if replaces else None}
        actions.write(patient, typed(request, "text").replace("\r\n", "\n"), **told, **who)
    elif did == "open":
        actions.open_all(patient, code=typed(request, "code"), reason=typed(request, "reason"), **who)
    else:
        raise Refused("error.bad_request")
