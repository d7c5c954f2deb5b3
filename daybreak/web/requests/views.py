"""The pages on which people complain, staff write down what was asked, and somebody answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import everyone, needs
from daybreak.web.audit import telling, trail
from daybreak.web.flood import doors, limits
from daybreak.web.patients import queries as patients
from daybreak.web.patients.views import show
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, page_may, sites_of
from daybreak.web.people.queries import all_in_force
from daybreak.web.posted import day, is_id, key, typed
from daybreak.web.refusals import Refused
from daybreak.web.requests import actions, queries
from daybreak.web.requests.models import (
    ANSWERED,
    COMPLAINT,
    CORRECTION,
    DELIVERED,
    DESK,
    LAST,
    NOTE,
    OPEN_PAGE,
    PAPER,
    PHONE,
    RECORDS,
    REFUSED,
    Request,
)
from daybreak.web.words import LANGUAGES, word

KINDS = {COMPLAINT: "requests.complaint", RECORDS: "requests.records", CORRECTION: "requests.correction"}
DOORS = {
    OPEN_PAGE: "requests.open_page",
    PHONE: "requests.phone",
    PAPER: "requests.paper",
    DESK: "requests.desk",
}
SAID = {
    NOTE: "requests.note",
    ANSWERED: "requests.answered",
    REFUSED: "requests.refused",
    DELIVERED: "requests.delivered",
}


@everyone("a complaint needs no account and no name; nothing of a patient is on the page")
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Say it, with or without a name. Nobody sees here what others said."""
    sites = list(Site.objects.filter(closed__isnull=True).order_by("name"))
    problems, status = [], 200
    shown: dict[str, Any] = {"sites": sites, "told": request.POST, "key": request.POST.get("key") or ids.new()}
    if request.method == "POST":
        site = next((one for one in sites if str(one.id) == request.POST.get("site")), sites[0] if sites else None)
        try:
            if site is None:
                raise Refused("requests.kind_missing")
            told = {name: typed(request, name) for name in ("text", "name", "contact")}
            limits.admit(request, doors.COMPLAINT)
            row = actions.receive(
                kind=COMPLAINT, door=OPEN_PAGE, site=site, day=None, **told,
                by=None, at=request.received_at, key=key(request),
            )  # fmt: skip
            done = {"done": row, "due": queries.due(row), "sign": telling.sign(row.id)}
            return render(request, "requests/complain.html", done)
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    return render(request, "requests/complain.html", {**shown, "problems": problems}, status=status)


@needs(Permission.RECEIVE_REQUESTS)
@require_http_methods(["GET", "POST"])
def everything(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, how many there were, and the form for what somebody says by phone or on paper."""
    person, at, language = request.person, request.received_at, get_language()
    here = sites_of(person, Permission.RECEIVE_REQUESTS, at=at)
    problems, status = [], 200
    if request.method == "POST":
        try:
            actions.receive(kind=COMPLAINT, patient=None, **_told(request, here))
            return redirect("/requests/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    handled = [one.id for one in here if page_may(person, Permission.HANDLE_REQUESTS, at=at, site_id=one.id)]
    sites = {one.id for one in here}
    staff = {one.person_id: one.person for one in all_in_force(at=at) if one.site_id in sites}
    trail.read("requests", who=person.id, at=at)
    shown = {
        "handles": bool(handled),
        "lines": [_line(row, request) for row in queries.visible(person, handled)[:200]] if handled else [],
        "counts": [{**one, "kind": word(KINDS[str(one["kind"])], language)} for one in queries.counts(handled)],
        "sites": here,
        "staff": sorted(staff.values(), key=lambda one: one.display_name),
        "problems": problems,
        **_form(request),
    }
    return render(request, "requests/everything.html", shown, status=status)


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What somebody asks about their own record."""
    patient, allowed, registrations = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.REGISTER_PATIENTS
    )
    problem = None
    here = [one.site for one in registrations]
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        try:
            actions.receive(kind=kind if kind != COMPLAINT else "", patient=patient, **_told(request, here))
            return redirect(f"/patients/{patient.id}/requests/")
        except Refused as refused:
            problem = refused
    found = queries.visible(request.person, [one.id for one in here]).filter(
        patient__in=patients.together(patient), kind__in=(RECORDS, CORRECTION)
    )
    shown = {
        "lines": [_line(row, request) for row in found],
        "kinds": [(one, word(KINDS[one], get_language())) for one in (RECORDS, CORRECTION)],
        "handles": Permission.HANDLE_REQUESTS in allowed,
        "sites": here,
        **_form(request),
    }
    return show(request, patient, "requests/of_patient.html", problem=problem, **shown)


@needs(Permission.HANDLE_REQUESTS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One of them, for who deals with it and is not the one it is about."""
    person, at, language = request.person, request.received_at, get_language()
    row = queries.one(person, request_id, at=at)
    if row is None:
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        try:
            told = {name: typed(request, name) for name in ("text", "language")}
            actions.answer(row, what=request.POST.get("do", ""), **told, by=person, at=at, key=key(request))
            return redirect(f"/requests/{row.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    events = list(row.events.select_related("by").order_by("-seq"))
    ways = [REFUSED, DELIVERED] if row.kind == RECORDS else [REFUSED, ANSWERED]
    trail.read("request", who=person.id, at=at, object_id=row.id, subject=row.patient_id, site=row.site_id)
    shown = {
        "one": _line(row, request),
        "text": row.text,
        "events": [{"row": e, "said": word(SAID[e.what], language), "at": zones.minute(e.created)} for e in events],
        "ways": [] if any(e.what in LAST for e in events) else [(w, word(SAID[w], language)) for w in (NOTE, *ways)],
        "reads": page_may(person, Permission.READ_PATIENTS, at=at, site_id=row.site_id),
        "records": row.kind == RECORDS,
        "languages": list(LANGUAGES.items()),
        "told": request.POST,
        "key": request.POST.get("key") or ids.new(),
        "problems": problems,
    }
    return render(request, "requests/one.html", shown, status=status)


def _told(request: HttpRequest, here: list[Site]) -> dict[str, Any]:
    site = next((one for one in here if str(one.id) == request.POST.get("site")), here[0])
    door = request.POST.get("door", "")
    return {
        "door": door if door != OPEN_PAGE else "",
        "site": site,
        "day": day(request, "day"),
        "about": {UUID(one) for one in request.POST.getlist("about") if is_id(one)},
        **{name: typed(request, name) for name in ("text", "name", "contact")},
        "by": request.person,
        "at": request.received_at,
        "key": key(request),
    }


def _form(request: HttpRequest) -> dict[str, Any]:
    return {
        "doors": [(one, word(DOORS[one], get_language())) for one in (PHONE, PAPER, DESK)],
        "today": zones.today(request.received_at).isoformat(),
        "told": request.POST,
        "key": request.POST.get("key") or ids.new(),
    }


def _line(row: Request, request: HttpRequest) -> dict[str, Any]:
    language, last_day = get_language(), queries.due(row)
    over = getattr(row, "over", False)
    return {
        "row": row,
        "kind": word(KINDS[row.kind], language),
        "door": word(DOORS[row.door], language),
        "due": last_day,
        "over": over,
        "late": not over and last_day < zones.today(request.received_at),
        "sign": telling.sign(row.id),
        "patient": telling.sign(row.patient_id) if row.patient_id else "",
    }
