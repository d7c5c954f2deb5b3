"""The page of what the programme showed for a patient, and the one on which a prescriber signs how often it is looked at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge.spans import span
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.patients import queries as patients
from daybreak.web.patients.views import show
from daybreak.web.pdmp import actions, queries
from daybreak.web.pdmp.models import Look, Result
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.treatment.saying import sentence
from daybreak.web.words import known, word

RESULTS = {
    Result.NOTHING: "pdmp.nothing",
    Result.EXPECTED: "pdmp.expected",
    Result.UNEXPECTED: "pdmp.unexpected",
    Result.NOT_REACHED: "pdmp.not_reached",
}
SHAPES = {
    Result.NOTHING: "met",
    Result.EXPECTED: "met",
    Result.UNEXPECTED: "caution",
    Result.NOT_REACHED: "unknown",
}


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Every look, the newest first, and the form for the next one."""
    at, language = request.received_at, known(get_language())
    patient = patients.patient_or_404(request.person, patient_id, at, permission=Permission.RUN_SESSIONS)
    here = sites_of(request.person, Permission.RUN_SESSIONS, at=at)
    site = next((one for one in here if str(one.id) == request.POST.get("site")), None)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            if site is None:
                raise Refused("people.no_site_chosen")
            told = {"result": request.POST.get("result", ""), "text": typed(request, "text")}
            about = {"by": request.person, "at": at, "key": key(request)}
            actions.look(patient, site, day=_day(typed(request, "day")), **told, **about)
            return redirect(f"/patients/{patient.id}/pdmp/")
        except Refused as problem:
            refused = problem
    every = queries.looks(patient)
    shown: dict[str, Any] = {
        "sites": [_at_site(_standing(every, one, at), one, language) for one in here],
        "results": [(str(one), word(said, language)) for one, said in RESULTS.items()],
        "looks": [_told(one, language) for one in every],
        "typed": request.POST,
        "today": zones.day(at, here[0].zone).isoformat() if here else "",
        "key": ids.new(),
    }
    return show(request, patient, "pdmp/of_patient.html", problem=refused, **shown)


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest) -> HttpResponse:
    """What holds at each site where the reader may sign it, and the form to sign another."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.ADOPT_PROTOCOL, at=at)
    problems, status = [], 200
    if request.method == "POST":
        try:
            site = next((one for one in sites if str(one.id) == request.POST.get("site")), None)
            if site is None:
                raise Refused("people.no_site_chosen")
            step_up.confirm(request)
            told = {name: typed(request, name) for name in ("days", "address", "reason")}
            about = {"by": request.person, "at": at, "key": key(request)}
            actions.sign(site, **told, seen=uuid(request, "seen"), **about)
            return redirect("/clinic/pdmp/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    trail.read("pdmp_rule", who=request.person.id, at=at)
    shown = {
        "sites": [_ruled(request, one) for one in sites],
        "most": span("pdmp-most").days,
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    return render(request, "pdmp/rule.html", shown, status=status)


def _standing(looks: list[Look], site: Site, at: datetime) -> queries.Standing:
    rule = queries.newest_rule(site.id)
    newest = next((one for one in looks if one.result != Result.NOT_REACHED), None)
    told = (newest.day, newest.result, newest.by_id) if newest else (None, None, None)
    return queries.judged(*told, rule, site, at=at)


def _at_site(now: queries.Standing, site: Site, language: str) -> dict[str, Any]:
    return {
        "site": site,
        "age": now.age_days,
        "days": now.rule.days if now.rule else None,
        "address": now.rule.address if now.rule else "",
        "why": [sentence(one, language) for one in now.why],
    }


def _told(one: Look, language: str) -> dict[str, str]:
    return {
        "day": one.day.isoformat(),
        "result": word(RESULTS[Result(one.result)], language),
        "shape": SHAPES[Result(one.result)],
        "text": one.text,
        "by": one.by.display_name,
        "at": zones.minute(one.created),
        "site": one.site.name,
    }


def _ruled(request: HttpRequest, site: Site) -> dict[str, Any]:
    row = queries.newest_rule(site.id)
    sent = request.POST if request.POST.get("site") == str(site.id) else {}
    on = zones.day(row.created, site.zone).isoformat() if row else ""
    return {"site": site, "row": row, "on": on, "typed": sent, "key": ids.new()}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
