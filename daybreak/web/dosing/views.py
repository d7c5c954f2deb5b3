"""The page on which a prescriber orders the dose of a treatment, and everybody who prepares it reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.clinical.treatment.ladders import Ladder
from daybreak.knowledge import dosing as knowledge
from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.courses import plans
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import Booking, Course
from daybreak.web.courses.state import Standing
from daybreak.web.dosing import actions, fields, queries, telling, worked
from daybreak.web.dosing.figures import unsigned
from daybreak.web.dosing.models import Order
from daybreak.web.dosing.worked import Ground
from daybreak.web.patients import identity as identities
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people import step_up
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is about: the course, or one visit of it, and the ladder that is being ordered from."""

    patient: Patient
    course: Course
    visits: list[Standing]
    visit: Standing | None
    ground: Ground
    ladder: Ladder
    versions: list[Order]

    @property
    def booking(self) -> Booking | None:
        """The visit that the order is for; None: the course."""
        return self.visit.booking if self.visit else None

    @property
    def newest(self) -> Order | None:
        """The version that counts, taken back or not."""
        replaced = {one.replaces_id for one in self.versions}
        own = self.booking.pk if self.booking else None
        return next((one for one in self.versions if one.booking_id == own and one.id not in replaced), None)


@needs(Permission.READ_MEDICINES)
@require_http_methods(["GET", "POST"])
def dose(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The order that holds, with every figure; to order a dose, work it out first, then sign it, or take it back."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_MEDICINES
    )
    asked = _asked(request, patient)
    if asked is None:
        return show(request, patient, "dosing/dose.html")
    form: Mapping[str, str] = fields.begins(asked.ground, asked.ladder, asked.newest)
    refused: Refused | None = None
    if request.method == "POST":
        form = {name: typed(request, name) for name in fields.NAMES}
        try:
            if _act(request, asked, form):
                return redirect(f"/patients/{patient.id}/dose/{_for(asked)}")
        except Refused as problem:
            refused = problem
    shown = _shown(request, asked, form)
    shown["may_order"] = Permission.PLAN_COURSES in allowed
    shown["may_read"] = Permission.READ_PATIENTS in allowed
    return show(request, patient, "dosing/dose.html", problem=refused, about=asked.ground.details, **shown)


@needs(Permission.READ_MEDICINES)
@require_safe
def label(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The label of a syringe or a pump: name and birth date, and what is in it. Without an order that holds there is none."""
    patient, _, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_MEDICINES
    )
    asked = _asked(request, patient)
    found = asked and queries.in_force(
        patient, asked.course, asked.booking, at=request.received_at, ground=asked.ground
    )
    lang = known(get_language())
    reading.read("dose_label", patient, who=request.person.id, at=request.received_at)
    shown: dict[str, Any] = {"id": patient.id, "none": found is None or bool(found.lapsed)}
    if found is not None and asked is not None:
        shown |= {
            "name": identities.of(asked.ground.details).name,
            "birth": asked.ground.details.birth,
            "site": asked.course.site.name,
            "order": telling.order(found.order, lang),
            "figures": telling.on_a_label(found.plan, lang),
            "devices": telling.devices(found.plan, lang),
            "day": asked.ground.day.isoformat(),
        }
    return render(request, "dosing/label.html", shown)


def _asked(request: HttpRequest, patient: Patient) -> Asked | None:
    """None where no course is open."""
    course = courses.open_course(patient)
    if course is None:
        return None
    at = request.received_at
    every = courses.of(patient)
    visits = queries.visits(every, course, at=at)
    wanted = posted.asked(request, "visit")
    visit = next((one for one in visits if str(one.booking.id) == wanted), None)
    if wanted and visit is None:
        raise Http404
    day = zones.day(visit.starts if visit else at, course.site.zone)
    ground = worked.ground(course, patient, day=day, before=visit.booking if visit else None, visits=every)
    named = posted.asked(request, "ladder")
    versions = queries.versions(course)
    asked = Asked(patient, course, visits, visit, ground, ground.ladders[0], versions)
    stands = asked.newest.ladder if asked.newest else ""
    chosen = [one for name in (named, stands) for one in ground.ladders if one.id == name]
    return Asked(patient, course, visits, visit, ground, (chosen or ground.ladders)[0], versions)


def _for(asked: Asked) -> str:
    return f"?visit={asked.booking.id}" if asked.booking else ""


def _act(request: HttpRequest, asked: Asked, form: Mapping[str, str]) -> bool:
    """Whether anything was written; to work an order out writes nothing."""
    about: dict[str, Any] = {"by": request.person, "at": request.received_at}
    do = request.POST.get("do")
    if do == "back":
        row = next((one for one in asked.versions if one.id == uuid(request, "order")), None)
        if row is None:
            raise Refused("error.bad_request")
        row.course = asked.course
        actions.take_back(row, reason=typed(request, "back"), key=key(request), **about)
        return True
    today = zones.day(request.received_at, asked.course.site.zone)
    wanted = fields.read(form, asked.ground, asked.ladder, today=today)
    if wanted is None:
        raise Refused("dosing.no_amount", in_field="amount")
    if do != "sign":
        return False
    step_up.confirm(request)
    told = {"reason": form["reason"], "seen": request.POST.get("seen", ""), "language": known(get_language())}
    place = {"booking": asked.booking, "replaces": uuid(request, "replaces")}
    actions.order(asked.course, wanted, key=key(request), **told, **place, **about)
    return True


def _shown(request: HttpRequest, asked: Asked, form: Mapping[str, str]) -> dict[str, Any]:
    lang, ground, ladder = known(get_language()), asked.ground, asked.ladder
    phase = next((one.phase for one in plans.plan(asked.course) if asked.booking and one.n == asked.booking.step), None)
    shown: dict[str, Any] = {
        "course": asked.course,
        "ladder": ladder,
        "title": knowledge.title(ladder.id, lang),
        "way": word(telling.WAYS[ladder.way], lang),
        "ladders": [(one.id, knowledge.title(one.id, lang), one.id == ladder.id) for one in ground.ladders],
        "unsigned": _unsigned(ground, ladder, lang),
        "frequency": knowledge.frequency(ladder.id, phase or "induction", lang),
        "rests_on": telling.rests_on(ladder.id, lang),
        "visits": [(one.booking.id, zones.minute(one.starts), one is asked.visit) for one in asked.visits],
        "visit": asked.booking,
        "holds": _holds(request, asked, lang),
        "versions": [telling.order(one, lang) for one in asked.versions],
        "newest": asked.newest,
        "by_weight": ladder.way != "device",
        "has_volume": ladder.way in ("infusion", "injection"),
        "vials": ", ".join(telling.amount(one, "mg/mL") for one in knowledge.vials()),
        "weight_said": telling.recorded_weight(ground, lang),
        "formula": knowledge.ideal_weight()[0],
        "form": form,
        "key": ids.new(),
        "step_up": step_up.needed(request),
    }
    try:
        today = zones.day(request.received_at, asked.course.site.zone)
        wanted = fields.read(form, ground, ladder, today=today)
    except Refused:
        wanted = None
    if wanted is None:
        return shown
    plan = ground.plan(wanted)
    ideal = ground.person(wanted).ideal_kg
    return shown | {
        "plan": plan,
        "figures": telling.figures(plan, lang),
        "ideal_kg": telling.amount(ideal, "kg") if ideal is not None else "",
        "devices": telling.devices(plan, lang),
        "findings": telling.findings(plan.findings, lang),
        "seen": worked.seen(wanted, plan),
    }


def _holds(request: HttpRequest, asked: Asked, lang: str) -> dict[str, Any] | None:
    at = request.received_at
    told = {"ground": asked.ground, "read": asked.versions}
    found = queries.in_force(asked.patient, asked.course, asked.booking, at=at, **told)
    if found is None:
        return None
    return telling.order(found.order, lang) | {
        "lapsed": [word(one, lang) for one in found.lapsed],
        "figures": telling.figures(found.plan, lang),
        "devices": telling.devices(found.plan, lang),
        "findings": telling.findings(found.plan.findings, lang),
        "pump": found.order.minutes is not None,
        "unsigned": _unsigned(found.ground, knowledge.ladders()[found.order.ladder], lang),
    }


def _unsigned(ground: worked.Ground, ladder: Ladder, lang: str) -> list[str]:
    """Which limits nobody signed at the site, though somebody may."""
    return [word(one, lang) for one in unsigned(ladder, ground.signed.get(ladder.id))]
