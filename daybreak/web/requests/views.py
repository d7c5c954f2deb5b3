"""The pages on which people complain, staff write down what was asked, and somebody answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import everyone, needs
from daybreak.web.audit import telling, trail
from daybreak.web.flood import doors, limits
from daybreak.web.links.models import Link
from daybreak.web.links.tokens import address
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, page_may, sites_of
from daybreak.web.people.queries import all_in_force, organisation
from daybreak.web.posted import day, is_id, key, site, typed, uuid
from daybreak.web.reach.queries import written_in
from daybreak.web.refusals import Refused
from daybreak.web.requests import actions, copying, queries, sending
from daybreak.web.requests.models import (
    ANSWERED,
    COMPLAINT,
    CORRECTION,
    DELIVERED,
    DESK,
    LAST,
    LINK,
    NOTE,
    OPEN_PAGE,
    PAPER,
    PHONE,
    RECORDS,
    REFUSED,
    TABLET,
    Request,
)
from daybreak.web.words import LANGUAGES, word

KINDS = {COMPLAINT: "requests.complaint", RECORDS: "requests.records", CORRECTION: "requests.correction"}
DOORS = {
    OPEN_PAGE: "requests.open_page",
    LINK: "requests.by_link",
    TABLET: "requests.on_tablet",
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
            done = {"done": row, "due": queries.due(row), "sign": telling.sign(row.id), "site": row.site}
            if not queries.readable(row, at=request.received_at):
                done["nobody"] = organisation()
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
    grants = all_in_force(at=at)
    staff = {one.person_id: one.person for one in grants if one.site_id in sites}
    trail.read("requests", who=person.id, at=at)
    shown = {
        "handles": bool(handled),
        "unread": queries.unread(grants, sites=sites),
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
    """What somebody asks about their own record, and the link by which they ask it themselves."""
    patient, allowed, registrations = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.REGISTER_PATIENTS
    )
    problem, given = None, {}
    here = [one.site for one in registrations]
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        try:
            if not (given := _let_ask(request, patient, here)):
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
        "link_key": ids.new(),
        **_form(request),
        **given,
        **({"key": ids.new()} if given else {}),
    }
    return show(request, patient, "requests/of_patient.html", problem=problem, **shown)


def _let_ask(request: HttpRequest, patient: Patient, here: list[Site]) -> dict[str, Any]:
    """What the page shows of the link that was asked for; nothing when none was."""
    about: dict[str, Any] = {"by": request.person, "at": request.received_at}
    if request.POST.get("do") == "link":
        return _address(sending.link_to_ask(patient, key=key(request), **about))
    if request.POST.get("do") == "mail":
        sent = sending.mail_to_ask(patient, site=site(request, here), key=key(request), **about)
        return {"mailed": word("requests.mailed" if sent else "requests.not_mailed", get_language())}
    return {}


def _address(made: Link) -> dict[str, Any]:
    where = address(made)
    drawn = segno.make(where, error="m").svg_inline(scale=5, svgclass="code-picture", lineclass=None, omitsize=True)
    return {"address": where, "picture": drawn, "until": f"{made.expires:%Y-%m-%d}"}


@needs(Permission.HANDLE_REQUESTS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One of them, for who deals with it and is not the one it is about."""
    person, at, language = request.person, request.received_at, get_language()
    row = queries.one(person, request_id, at=at)
    if row is None:
        raise Http404
    problems, status, given = [], 200, {}
    if request.method == "POST":
        try:
            given = _do(request, row)
            if not given:
                return redirect(f"/requests/{row.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    events = list(row.events.select_related("by").order_by("-seq"))
    over = any(e.what in LAST for e in events)
    copy = _copy(row) if row.kind == RECORDS else None
    first = (
        [REFUSED, *([DELIVERED] if copy and not copy["old"] else [])] if row.kind == RECORDS else [REFUSED, ANSWERED]
    )
    whole = [
        page_may(person, needed, at=at, site_id=row.site_id)
        for needed in (Permission.READ_PATIENTS, Permission.READ_SENSITIVE)
    ]
    trail.read("request", who=person.id, at=at, object_id=row.id, subject=row.patient_id, site=row.site_id)
    shown = {
        "one": _line(row, request),
        "text": row.text,
        "events": [{"row": e, "said": word(SAID[e.what], language), "at": zones.minute(e.created)} for e in events],
        "ways": [] if over else [(w, word(SAID[w], language)) for w in (NOTE, *first)],
        "reads": whole[0],
        "whole": all(whole),
        "records": row.kind == RECORDS,
        "copies": row.kind == RECORDS and all(whole),
        "copy": copy,
        "sends": over and row.kind != COMPLAINT,
        "given": _given(row) if over and row.kind != COMPLAINT else [],
        "by_link": row.door == LINK and request.method == "GET",
        "languages": list(LANGUAGES.items()),
        "language": request.POST.get("language") or (written_in(row.patient) if row.patient else ""),
        "told": request.POST,
        "key": request.POST.get("key") if problems else ids.new(),
        "copy_key": ids.new(),
        "problems": problems,
        **given,
    }
    return render(request, "requests/one.html", shown, status=status)


def _do(request: HttpRequest, row: Request) -> dict[str, Any]:
    """Make the copy, give the link to the answer, or answer. What the page shows of it; nothing when it is opened anew."""
    did, about = request.POST.get("do", ""), {"by": request.person, "at": request.received_at, "key": key(request)}
    if did == "prepare":
        copying.prepare(row, language=typed(request, "language"), **about)
    elif did == "link":
        return _address(sending.link_to_answer(row, **about))
    elif did == "mail":
        sending.mail_answer(row, **about)
    else:
        ticks = {name: request.POST.get(name) == "yes" for name in ("looked", "mail")}
        actions.answer(row, what=did, text=typed(request, "text"), copy=uuid(request, "copy"), **ticks, **about)
    return {}


def _copy(row: Request) -> dict[str, Any] | None:
    """The copy that was made last, and whether the record has changed since."""
    if (copy := queries.copy(row)) is None:
        return None
    old = copy.state != patients.state(copy.paper.patient)
    told = {"paper": copy.paper_id, "bundle": copy.bundle_id, "by": copy.by.display_name}
    return {"id": copy.id, "at": zones.minute(copy.created), "old": old, **told}


def _given(row: Request) -> list[str]:
    """By which links the patient gets the answer, and when they took the copy."""
    language = get_language()
    made = [
        word("links.made_by", language, name=one.by.display_name if one.by else "?", at=zones.minute(one.created))
        for one in queries.links_to(row)
    ]
    took = [word("requests.fetched", language, at=zones.minute(one.at)) for one in queries.fetched(row)]
    return [*took, *(f"{word('requests.a_link', language)}: {one}" for one in made)]


def _told(request: HttpRequest, here: list[Site]) -> dict[str, Any]:
    door = request.POST.get("door", "")
    return {
        "door": door if door != OPEN_PAGE else "",
        "site": site(request, here),
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
