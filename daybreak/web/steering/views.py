"""The page on which a prescriber judges whether the treatment of a course helps, beside what is known of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.followup.interval import overuse
from daybreak.clinical.followup.reviews import Due
from daybreak.knowledge import scales, steering
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.assessments.changed import source
from daybreak.web.careplan import beside
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import Course, EndReason
from daybreak.web.courses.telling import END, choices
from daybreak.web.patients import queries as patients
from daybreak.web.patients import records
from daybreak.web.patients.models import Details, Patient
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.steering import actions, gate, signals, telling, treated
from daybreak.web.steering.models import Decision, Judgement
from daybreak.web.words import known, word


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def judgement(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What is due and why, what the ratings show, and one form for the judgement."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS
    )
    about, refused = patients.details(patient), None
    if request.method == "POST":
        try:
            _judge(request, patient)
            return redirect(f"/patients/{patient.id}/judgement/")
        except Refused as problem:
            refused = problem
    shown = {
        "may_judge": Permission.PLAN_COURSES in allowed,
        "plan": beside.told(patient, at=request.received_at, language=get_language()),
        "key": key(request) if request.method == "POST" else ids.new(),
        "typed": request.POST,
        **_shown(patient, about, known(get_language()), at=request.received_at),
    }
    return show(request, patient, "steering/judgement.html", problem=refused, about=about, **shown)


def _judge(request: HttpRequest, patient: Patient) -> None:
    meant = Course.objects.filter(pk=uuid(request, "course"), patient__in=patients.together(patient)).first()
    if meant is None:
        raise Refused("courses.over_already")
    actions.judge(
        meant,
        request.POST.get("decision", ""),
        why=typed(request, "why"),
        reason=request.POST.get("reason", ""),
        looks_after=typed(request, "looks_after"),
        seen=uuid(request, "seen"),
        by=request.person,
        at=request.received_at,
        key=key(request),
    )


def _shown(patient: Patient, about: Details, lang: str, *, at: datetime) -> dict[str, Any]:
    found_courses = Course.objects.filter(patient__in=patients.together(patient)).select_related("site", "end")
    every = list(gate.with_judged(found_courses).order_by("-id"))
    rows = Judgement.objects.filter(course__in=every).select_related("by", "course__site").order_by("-created", "-id")
    earlier = [_line(one, lang) for one in rows]
    course = next((one for one in every if not hasattr(one, "end")), None)
    shown: dict[str, Any] = {"course": course, "earlier": earlier}
    if course is None:
        return shown
    course.patient = patient
    begun = treated.newest([course], courses.of(patient))
    days = begun[1] if begun else []
    last, called = course.__dict__["last"], course.__dict__["called"]
    found = gate.asked(course, days, last, zone=course.site.zone, at=at)
    today = zones.day(at, course.site.zone)
    rule = steering.overuse_rule(course.protocol)
    over = rule and overuse(rule, treated=days)
    return shown | {
        "due": [_due(one, lang) for one in found],
        "holds": gate.calls(last, called) or any(one.rule.gates and one.on <= today for one in found),
        "called": gate.calls(last, called),
        "n": len(days),
        "begun": days[0].isoformat() if days else "",
        "over": over and {"n": over.n, "first": over.first.isoformat(), "last": over.last.isoformat()},
        "over_source": source(steering.data()["overuse"], lang) if over else "",
        "states": [
            {"title": scales.data(one.scale)["title"][lang], "scale": one.scale, **telling.told(one, lang)}
            for one in signals.shown(course, days, records.chart_of(about, records.current(patient)), at=at)
        ],
        "last": rows[0].pk if rows and rows[0].course_id == course.pk else "",
        "decisions": [(one.value, word(said, lang)) for one, said in telling.DECISIONS.items()],
        "reasons": choices({one: END[one] for one in EndReason}, lang),
    }


def _due(one: Due, lang: str) -> dict[str, str]:
    told = steering.judgement(one.rule.id)
    said = "steering.due_gates" if one.rule.gates else "steering.due_prompt"
    return {"said": told["words"][lang], "due": word(said, lang, on=one.on.isoformat()), "source": source(told, lang)}


def _line(one: Judgement, lang: str) -> dict[str, str]:
    return {
        "day": zones.day(one.created, one.course.site.zone).isoformat(),
        "decision": word(telling.DECISIONS[Decision(one.decision)], lang),
        "why": one.why,
        "looks_after": one.looks_after,
        "by": one.by.display_name,
    }
