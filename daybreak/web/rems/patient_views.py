"""The page of a patient's enrolment in the programme, at each site where the reader treats."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import rems as knowledge
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.papers import brought
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import day, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.rems import enrolling, programme
from daybreak.web.rems.models import Enrolment
from daybreak.web.rems.site_views import about, days, version
from daybreak.web.words import known


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """How it stands, what was written down, and the forms to write it down."""
    at, language = request.received_at, known(get_language())
    patient = patients.patient_or_404(request.person, patient_id, at, permission=Permission.RUN_SESSIONS)
    every = sites_of(request.person, Permission.RUN_SESSIONS, at=at)
    theirs = set(patient.registrations.values_list("site_id", flat=True))
    here = [one for one in every if one.id in theirs]
    refused: Refused | None = None
    if request.method == "POST":
        site = next((one for one in here if str(one.id) == request.POST.get("site")), None)
        try:
            _does(request, patient, site)
            return redirect(f"/patients/{patient.id}/rems/")
        except Refused as problem:
            refused = problem
    rows = programme.every_enrolment(patient)
    certified = programme.certifications([one.id for one in here])
    shown: dict[str, Any] = {
        "sites": [
            {
                "site": one,
                "key": ids.new(),
                "end_key": ids.new(),
                "again": request.POST if request.POST.get("site") == str(one.id) else {},
                "certified": programme.stands(
                    certified.get(one.id), zones.day(at, one.zone), programme.OF_SITE, language
                ),
                **_at(one, patient, rows, zones.day(at, one.zone), language),
            }
            for one in here
        ],
        "contacts": knowledge.form()["contacts"][language],
    }
    return show(request, patient, "rems/patient.html", problem=refused, **shown)


def _at(site: Site, patient: Patient, rows: list[Enrolment], today: date, language: str) -> dict[str, Any]:
    """`now`: the last word on this record; whichever record of the person has the newest one counts."""
    mine = [one for one in rows if one.site_id == site.id]
    return {
        "head": programme.stands(mine[0] if mine else None, today, programme.OF_PATIENT, language),
        "now": next((one for one in mine if one.patient_id == patient.id), None),
        "rows": [version(one, today, programme.OF_PATIENT, language) for one in mine],
        "today": today.isoformat(),
    }


def _does(request: HttpRequest, patient: Patient, site: Site | None) -> None:
    if site is None:
        raise Refused("people.no_site_chosen")
    seen = uuid(request, "seen")
    if request.POST.get("do") == "withdraw":
        told = {"since": day(request, "since"), "reason": typed(request, "reason")}
        enrolling.withdraw(patient, site, **told, seen=seen, **about(request))
    else:
        told = {"number": typed(request, "number"), "file": brought.file(request, "file"), **days(request)}
        enrolling.enrol(patient, site, **told, seen=seen, **about(request))
