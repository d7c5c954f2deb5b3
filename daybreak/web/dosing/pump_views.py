"""The page on which somebody holds what a pump shows against the order, before it is started. It is read here, never set."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.treatment import programmes
from daybreak.clinical.treatment.weights import SCALE
from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.courses import queries as courses
from daybreak.web.dosing import pump, queries, telling, worked
from daybreak.web.dosing.queries import Ordered
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import asked, typed
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word


@needs(Permission.READ_MEDICINES)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Type what the pump shows, and the weight on the scale: each figure that is not as ordered is named, with its slip."""
    patient, _, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_MEDICINES
    )
    lang, found = known(get_language()), _order(request, patient)
    shown: dict[str, Any] = {"programme": None}
    refused: Refused | None = None
    programme = pump.programme(found) if found else None
    told = {name: typed(request, name) for name in (SCALE, pump.NO_WEIGHT, *pump.FIELDS)}
    if found is not None and programme is not None:
        shown = {
            "programme": programme,
            "order": telling.order(found.order, lang),
            "figures": telling.figures(found.plan, lang),
            "fields": [
                (name, word(said, lang), programmes.UNITS[name], told[name]) for name, said in pump.FIELDS.items()
            ],
            "scale": told[SCALE],
            "no_weight": told[pump.NO_WEIGHT],
            "visit": asked(request, "visit"),
        }
        if request.method == "POST":
            try:
                findings = pump.held_against(found, programme, told)
                shown |= {"asked": True, "findings": telling.findings(findings, lang)}
            except Refused as problem:
                refused = problem
    about = found.ground.details if found else None
    return show(request, patient, "dosing/pump.html", problem=refused, about=about, **shown)


def _order(request: HttpRequest, patient: Patient) -> Ordered | None:
    """The order that holds; of the visit that the address asks for, else of the course."""
    course = courses.open_course(patient)
    if course is None:
        return None
    every, at = courses.of(patient), request.received_at
    visits = queries.visits(every, course, at=at)
    visit = next((one for one in visits if str(one.booking.id) == asked(request, "visit")), None)
    booking, day = visit and visit.booking, zones.day(visit.starts if visit else at, course.site.zone)
    ground = worked.ground(course, patient, day=day, before=booking, visits=every)
    found = queries.in_force(patient, course, booking, at=at, ground=ground)
    return found if found is not None and not found.lapsed else None
