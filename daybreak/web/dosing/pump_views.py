"""The page on which somebody holds what a pump shows against the order, before it is started. It is read here, never set."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.treatment import programmes
from daybreak.clinical.treatment.ladders import Finding
from daybreak.clinical.treatment.programmes import Programme
from daybreak.clinical.treatment.weights import ORDER, PUMP, RECORD, SCALE, weights
from daybreak.knowledge import dosing as knowledge
from daybreak.knowledge.terms import terms
from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.courses import queries as courses
from daybreak.web.dosing import queries, telling, worked
from daybreak.web.dosing.numbers import number
from daybreak.web.dosing.queries import Ordered
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.patients.weights import POUND, WEIGHT
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import asked, typed
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word

FIELDS = {
    programmes.RATE: "dosing.figure_rate",
    programmes.VOLUME: "dosing.figure_volume",
    programmes.CONCENTRATION: "dosing.figure_strength",
    programmes.DOSE: "dosing.figure_dose",
    programmes.WEIGHT: "dosing.pump_weight",
    programmes.TIME: "dosing.figure_minutes",
}


@needs(Permission.READ_MEDICINES)
@require_http_methods(["GET", "POST"])
def pump(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Type what the pump shows, and the weight on the scale: each figure that is not as ordered is named, with its slip."""
    patient, _, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_MEDICINES
    )
    lang, found = known(get_language()), _order(request, patient)
    shown: dict[str, Any] = {"programme": None}
    refused: Refused | None = None
    programme = _programme(found) if found else None
    if found is not None and programme is not None:
        shown = {
            "programme": programme,
            "order": telling.order(found.order, lang),
            "figures": telling.figures(found.plan, lang),
            "fields": [
                (name, word(said, lang), programmes.UNITS[name], typed(request, name)) for name, said in FIELDS.items()
            ],
            "scale": typed(request, SCALE),
            "visit": asked(request, "visit"),
        }
        if request.method == "POST":
            try:
                findings = _held_against(request, found, programme)
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


def _programme(found: Ordered) -> Programme | None:
    """What a pump runs by; None for a dose that no pump gives."""
    row = found.order
    if found.plan.dose_mg is None or not row.minutes or not row.concentration_mg_per_ml or not row.weight_kg:
        return None
    strength, kg = Decimal(row.concentration_mg_per_ml), Decimal(row.weight_kg)
    return Programme(found.plan.dose_mg, row.minutes, strength, kg)


def _held_against(request: HttpRequest, found: Ordered, programme: Programme) -> tuple[Finding, ...]:
    figures = {name: value for name in FIELDS if (value := number(typed(request, name), in_field=name)) is not None}
    scale = number(typed(request, SCALE), in_field=SCALE)
    if programmes.RATE not in figures:
        raise Refused("dosing.pump_rate_missing", in_field=programmes.RATE)
    kind = terms().kinds[WEIGHT]
    assert kind.change is not None
    told = {"pound_kg": kind.units[POUND], "percent": knowledge.programme_percent()}
    slips = programmes.slips(
        programme, figures, concentrations=knowledge.vials(), step=knowledge.rounding().ml_per_hour, **told
    )
    recorded = found.ground.weight.value if found.ground.weight else None
    weighed: dict[str, Decimal | None] = {SCALE: scale}
    weighed |= {RECORD: recorded} if isinstance(recorded, Decimal) else {ORDER: programme.weight_kg}
    if programmes.WEIGHT in figures:
        weighed[PUMP] = figures[programmes.WEIGHT]
    compared = weights(weighed, percent=kind.change, pound_kg=kind.units[POUND])
    return (*(programmes.finding(one) for one in slips), *compared)
