"""The page on which it is written down whether a talk followed each treatment, and in how many it did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.followup.window import Said, State
from daybreak.knowledge.window import counted, hours
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.careplan.queries import professionals
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.window import actions, queries
from daybreak.web.window.queries import SHOWN, After
from daybreak.web.words import word

SAID = {
    Said.OFFERED: "window.offered",
    Said.KEPT: "window.kept",
    Said.MISSED: "window.missed",
    Said.DECLINED: "window.declined",
    Said.NOT_OFFERED: "window.not_offered",
}
STATES = {
    State.MET: "window.is_met",
    State.OUTSIDE: "window.is_outside",
    State.NOT_MET: "window.is_not_met",
    State.UNKNOWN: "window.is_unknown",
    State.AHEAD: "window.is_ahead",
}


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def talks(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The time for a talk after each treatment, the last word about it, and the form for the next one."""
    patient, allowed, shared = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS
    )
    problem = None
    if request.method == "POST":
        try:
            _do(request, patient)
            return redirect(f"/patients/{patient.id}/talks/")
        except Refused as refused:
            problem = refused
    found, outside, (opens, closes) = queries.of(patient, at=request.received_at), professionals(patient), hours()
    names = {one.root: one.name for one in outside}
    shown = {
        "rows": [_told(one, names) for one in found[:SHOWN]],
        "mine": queries.met(found),
        "sites": [(one.site.name, queries.at_site(one.site_id, at=request.received_at)) for one in shared[:1]],
        "days": counted().days,
        "opens": int(opens.total_seconds() // 3600),
        "closes": int(closes.total_seconds() // 3600),
        "outside": outside,
        "choices": [(one.value, word(id, get_language())) for one, id in SAID.items()],
        "may_write": Permission.WRITE_PATIENTS in allowed,
        "told": request.POST if problem else {},
        "key": (problem and request.POST.get("key")) or ids.new(),
    }
    return show(request, patient, "window/talks.html", problem=problem, **shown)


def _told(one: After, names: dict[UUID, str]) -> dict[str, Any]:
    language, said = get_language(), one.word
    return {
        "id": one.session.id,
        "at": zones.minute(one.session.created),
        "opens": zones.minute(one.window.opens),
        "closes": zones.minute(one.window.closes),
        "state": word(STATES[one.state], language),
        "said": word(SAID[Said(said.what)], language) if said else "",
        "starts": zones.minute(said.starts) if said and said.starts else "",
        "whom": names.get(said.whom, "") if said and said.whom else "",
        "text": said.text if said else "",
        "by": said.by.display_name if said else "",
    }


def _do(request: HttpRequest, patient: Patient) -> None:
    session = uuid(request, "session")
    zone = next(
        (one.session.site.zone for one in queries.of(patient, at=request.received_at) if one.session.id == session), ""
    )
    starts = typed(request, "starts")
    actions.say(
        patient,
        session,
        what=typed(request, "what"),
        starts=zones.meant(starts, zone) if starts and zone else None,
        whom=uuid(request, "whom"),
        text=typed(request, "text"),
        by=request.person,
        at=request.received_at,
        key=key(request),
    )
