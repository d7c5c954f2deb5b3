"""The pages on which a patient's course is planned, and a visit is booked, moved, cancelled and told of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge.protocols import protocol_ids
from daybreak.knowledge.schedules import minutes
from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.courses import actions, apart, cover, gates, intervals, near, plans, queries, rides, who
from daybreak.web.courses.models import Booking, Course, EndReason, Visit, What, Why
from daybreak.web.courses.state import Standing, standing
from daybreak.web.courses.telling import END, HOME, PHASE, VISIT, WHAT, WHY, choices, told
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import day, key, typed, uuid
from daybreak.web.protocols import reading as protocols
from daybreak.web.refusals import Refused
from daybreak.web.treatment.models import Session
from daybreak.web.words import known, word

LENGTHS = {Visit.ASSESSMENT: 60, Visit.TALK: 60}
WEEKEND = (5, 6)


@needs(Permission.SEE_CALENDAR)
@require_http_methods(["GET", "POST"])
def course(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The plan beside what happened; begin a course, or end it."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.SEE_CALENDAR
    )
    refused = None
    if request.method == "POST":
        try:
            _change_course(request, patient)
            return redirect(f"/patients/{patient.id}/course/")
        except Refused as problem:
            refused = problem
    return show(request, patient, "courses/course.html", problem=refused, **_course(request, patient, allowed))


def _change_course(request: HttpRequest, patient: Patient) -> None:
    about = {"by": request.person, "at": request.received_at, "key": key(request)}
    if request.POST.get("do") == "near":
        pair = [_theirs(patient, uuid(request, name)) for name in ("booking", "other")]
        near.go_on(*pair, typed(request, "near_why"), seen=request.POST.get("seen", ""), **about)
        return
    if request.POST.get("do") == "end":
        meant = Course.objects.filter(pk=uuid(request, "course"), patient__in=patients.together(patient)).first()
        if meant is None:
            raise Refused("courses.over_already")
        plans.end(meant, request.POST.get("reason", ""), text=typed(request, "text"), **about)
        return
    now = queries.open_course(patient)
    if request.POST.get("do") == "take_over":
        seen = uuid(request, "seen")
        if now is None or seen is None or str(now.id) != request.POST.get("course"):
            raise Refused("courses.over_already")
        plans.take_over(now, seen=seen, **about)
        return
    if request.POST.get("do") == "go_on":
        if now is None or str(now.id) != request.POST.get("course"):
            raise Refused("courses.over_already")
        intervals.go_on(now, typed(request, "why"), seen=request.POST.get("seen", ""), **about)
        return
    starts = day(request, "starts")
    if starts is None:
        raise Refused("courses.starts_missing", in_field="starts")
    closed = tuple(n for n in range(7) if str(n) in request.POST.getlist("closed"))
    plans.begin(patient, request.POST.get("protocol", ""), starts=starts, closed=closed, **about)


def _course(request: HttpRequest, patient: Patient, allowed: frozenset[Permission]) -> dict[str, Any]:
    at, language = request.received_at, get_language()
    every, visits = queries.courses(patient), queries.of(patient)
    now = next((one for one in every if not hasattr(one, "end")), None)
    about = patient.__dict__.setdefault("newest_details", [patients.details(patient)])[0]
    who.with_courses(visits)
    beside = near.of([one for one in visits if not one.free], at=at)
    shown_visits = {one["id"]: one for one in told(visits, language, at=at)}
    shown: dict[str, Any] = {
        "about": about,
        "course": now,
        "near": [one for found in beside.values() for one in found if one.one.ends > at and not one.one.over],
        "may_plan": Permission.PLAN_COURSES in allowed,
        "runs_sessions": Permission.RUN_SESSIONS in allowed,
        "may_book": Permission.BOOK_VISITS in allowed,
        "visits": list(shown_visits.values()),
        "past": [
            {
                "title": _title(one.protocol),
                "from": one.starts,
                "reason": word(END[EndReason(one.end.reason)], language),
            }
            for one in every
            if hasattr(one, "end")
        ],
        "reasons": choices(END, language),
        "key": ids.new(),
        "today": zones.today(at),
        "typed": request.POST,
    }
    if now is None:
        records, sites = patients.together(patient), plans.plans_at(patient, by=request.person, at=at)
        decided = gates.decided_protocols(records, sites, since=plans.last_end(patient))
        ready = [id for id in protocol_ids() if id in decided]
        shown |= {"protocols": [(id, _title(id)) for id in ready], "weekdays": _weekdays(language)}
        return shown
    slips = queries.slipped(now, visits, at=at)
    by_step = {
        one.booking.step: one.booking.id for one in reversed(visits) if one.booking.course_id == now.pk and not one.free
    }
    return shown | {
        "title": _title(now.protocol),
        "prescriber": cover.prescriber(now),
        "apart": apart.of(now, patients.together(patient), visits),
        "steps": [
            {
                "step": step,
                "phase": word(PHASE[step.phase], language),
                "slip": slips.get(step.n),
                "early": max(0, -slips[step.n].days) if step.n in slips else 0,
                "visit": shown_visits[by_step[step.n]] if step.n in by_step else None,
                "near": beside.get(by_step.get(step.n)) or (),
            }
            for step in plans.plan(now)
        ],
    }


@needs(Permission.BOOK_VISITS)
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Book a visit of this patient, for a step of the course or for itself."""
    patient, _, registrations = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.BOOK_VISITS
    )
    at, language = request.received_at, get_language()
    now = queries.open_course(patient)
    chairs = queries.chairs(one.site_id for one in registrations)
    step = _number(posted.asked(request, "step"))
    if request.method == "GET" and now and "step" not in request.GET:
        step = queries.next_step(now, queries.of(patient))
    planned = next((one for one in plans.plan(now) if one.n == step), None) if now else None
    refused = None
    if request.method == "POST":
        try:
            chair = next((one for one in chairs if one.id == uuid(request, "chair")), None)
            length = _number(typed(request, "minutes"))
            if chair is None or length is None:
                raise Refused("courses.choose_chair")
            booked = actions.book(
                patient,
                chair=chair,
                starts=zones.meant(typed(request, "starts"), chair.room.site.zone),
                minutes=length,
                visit=request.POST.get("visit", ""),
                step=step,
                interpreter=typed(request, "interpreter"),
                by=request.person,
                at=at,
                key=key(request),
            )
            return redirect(f"/patients/{patient.id}/bookings/{booked.id}/")
        except Refused as problem:
            refused = problem
    treats = minutes(now.protocol) if now else LENGTHS[Visit.ASSESSMENT]
    shown = {
        "course": now,
        "step": planned,
        "steps": [(one.n, one.day.isoformat()) for one in plans.plan(now)] if now else [],
        "chairs": chairs,
        "visits": choices(VISIT, language),
        "chosen": request.POST.get("visit", Visit.TREATMENT if now else Visit.ASSESSMENT),
        "starts": typed(request, "starts") or (f"{planned.day.isoformat()}T09:00" if planned else ""),
        "minutes": typed(request, "minutes") or treats,
        "interpreter": typed(request, "interpreter"),
        "chair": request.POST.get("chair", ""),
        "key": request.POST.get("key") or ids.new(),
    }
    return show(request, patient, "courses/book.html", problem=refused, **shown)


def _of_today(now: Standing, at: datetime) -> bool:
    """A treatment that is to be today: then its session can begin."""
    zone = now.booking.site.zone
    treats = now.booking.visit == Visit.TREATMENT and not now.over
    return treats and zones.day(now.starts, zone) == zones.day(at, zone)


@needs(Permission.SEE_CALENDAR)
@require_http_methods(["GET", "POST"])
def booking(request: HttpRequest, patient_id: UUID, booking_id: UUID) -> HttpResponse:
    """One visit: what is missing and who gets it, the way home, and what can happen next."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.SEE_CALENDAR
    )
    row = _theirs(patient, booking_id)
    now, language, at = standing(row), get_language(), request.received_at
    refused = None
    if request.method == "POST":
        try:
            _act(request, row, now)
            return redirect(f"/patients/{patient.id}/bookings/{row.id}/")
        except Refused as problem:
            refused = problem
            now = standing(row)
    shown = {
        "visit": told([now], language, at=at)[0],
        "session": Session.objects.filter(booking=row).values_list("id", flat=True).first(),
        "may_begin": Permission.RUN_SESSIONS in allowed and _of_today(now, at),
        "runs": Permission.RUN_SESSIONS in allowed,
        "treats": row.visit == Visit.TREATMENT,
        "seen": now.next,
        "follows": [(what.value, word(WHAT[what], language)) for what in actions.follows(now)],
        "why": choices(WHY, language),
        "homes": choices(HOME, language),
        "rides": [] if now.over else rides.listed(row.site_id),
        "may_book": Permission.BOOK_VISITS in allowed,
        "called": now.last == What.NO_SHOW,
        "freed": now.free and now.ends > at,
        "site": row.site_id,
        "may_move": now.last in (What.BOOKED, What.MOVED),
        "interpreter": typed(request, "interpreter") or now.interpreter,
        "chairs": queries.chairs([row.site_id]),
        "chair": typed(request, "chair") or str(now.chair.id),
        "starts": typed(request, "starts") or zones.field(now.starts, row.site.zone),
        "minutes": typed(request, "minutes") or int((now.ends - now.starts).total_seconds() // 60),
        "events": [
            {
                "what": word(WHAT[What(one.what)], language),
                "at": zones.minute(one.happened),
                "by": one.by.display_name if one.by else word("courses.by_patient", language),
                "to": zones.minute(one.starts) if one.starts else "",
                "why": word(WHY[Why(one.why)], language) if one.why else "",
                "text": one.text,
            }
            for one in row.events.select_related("by").order_by("seq")
        ],
        "key": ids.new(),
        "typed": request.POST,
    }
    return show(request, patient, "courses/booking.html", problem=refused, **shown)


def _theirs(patient: Patient, id: UUID | None) -> Booking:
    found = Booking.objects.filter(pk=id, patient__in=patients.together(patient))
    row = found.select_related("site", "course", "patient").first()
    if row is None:
        raise Http404
    return row


def _act(request: HttpRequest, row: Booking, now: Standing) -> None:
    seen = _number(request.POST.get("seen", ""))
    if seen is None:
        raise BadRequest("the form has no version")
    about = {"seen": seen, "by": request.person, "at": request.received_at, "key": key(request)}
    does = request.POST.get("do", "")
    if does == "way_home":
        home = {"name": typed(request, "name"), "phone": typed(request, "phone")}
        actions.way_home(row, request.POST.get("home", ""), **home, **about)
    elif does == "interpreter":
        actions.interpreter(row, typed(request, "interpreter"), **about)
    elif does == "move":
        chair = next((one for one in queries.chairs([row.site_id]) if one.id == uuid(request, "chair")), None)
        length = _number(typed(request, "minutes"))
        if chair is None or length is None:
            raise Refused("courses.choose_chair")
        starts = zones.meant(typed(request, "starts"), row.site.zone)
        actions.move(row, chair=chair, starts=starts, minutes=length, **about)
    else:
        actions.happened(row, does, why=request.POST.get("why", ""), text=typed(request, "text"), **about)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("10000") else None


def _title(protocol: str) -> str:
    title: str = protocols.file(protocol)["title"][known(get_language())]
    return title


def _weekdays(language: str) -> list[tuple[int, str, bool]]:
    names = word("courses.weekdays", language).split(" ")
    return [(n, name, n in WEEKEND) for n, name in enumerate(names)]
