"""The page of what ends soon of those who are in treatment, for whoever sees to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.knowledge.deadlines import days
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.authorisation.state import LAPSE
from daybreak.web.courses.models import Course
from daybreak.web.patients import identity
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Details
from daybreak.web.people.permissions import Permission
from daybreak.web.steering.lapses import SEES_TO, Kind, Lapse, lapses
from daybreak.web.words import word

KINDS = {
    Kind.AUTHORISATION: "steering.lapse_authorisation",
    Kind.ENROLMENT: "steering.lapse_enrolment",
    Kind.CERTIFICATION: "steering.lapse_certification",
    Kind.CONSENT: "steering.lapse_consent",
    Kind.VISIT: "steering.lapse_visit",
}


@needs(Permission.SEE_CALENDAR)
@require_safe
def radar(request: HttpRequest) -> HttpResponse:
    """Of every open course where the reader works, the soonest first."""
    at, language = request.received_at, get_language()
    here = patients.by_site(request.roles)
    sites = [site for site, may in here.items() if Permission.SEE_CALENDAR in may]
    courses = Course.objects.filter(end__isnull=True, site__in=sites).select_related("site", "patient").order_by("id")
    found = lapses(courses, at=at)
    now = Details.objects.filter(patient__in={one.course.patient_id for one in found}, replaced_by__isnull=True)
    names = {one.patient_id: identity.of(one).name for one in now}
    trail.read("lapses", who=request.person.id, at=at)
    lines = [_line(one, names[one.course.patient_id], here[one.course.site_id], language) for one in found]
    steps = [days(id) for id in LAPSE]
    return render(request, "steering/lapses.html", {"lines": lines, "most": steps[-1]})


def _line(one: Lapse, name: str, allowed: frozenset[Permission], language: str) -> dict[str, Any]:
    """With a way to the page on which it is seen to, for whoever may."""
    _, permission, where = SEES_TO[one.kind]
    if one.on is None:
        said = word("steering.no_visit_booked", language)
    else:
        over = "steering.lapse_over" if one.left < 0 else "steering.lapse_left"
        said = word(over, language, days=abs(one.left), on=one.on.isoformat())
    soon = days(LAPSE[0])
    return {
        "name": name,
        "site": one.course.site.name,
        "what": word(KINDS[one.kind], language),
        "said": said,
        "shape": "not-met" if one.left < 0 else "caution" if one.left <= soon else "unknown",
        "where": f"/patients/{one.course.patient_id}/{where}" if permission in allowed else "",
    }
