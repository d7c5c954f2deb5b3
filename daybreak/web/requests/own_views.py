"""The pages, by link or tablet, on which patients ask for their record or its correction, and get the answer and the copy."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids, zones
from daybreak.web.access import by_link, on_the_tablet
from daybreak.web.audit import telling, trail
from daybreak.web.links import born
from daybreak.web.links.models import ANSWER, ASK
from daybreak.web.links.views import held, no_longer
from daybreak.web.papers.actions import ENDINGS
from daybreak.web.papers.models import Paper
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, site, typed
from daybreak.web.presence import handover
from daybreak.web.refusals import Refused
from daybreak.web.requests import actions, queries
from daybreak.web.requests.models import ANSWERED, CORRECTION, DELIVERED, LINK, RECORDS, REFUSED, TABLET, Request
from daybreak.web.words import word

HERE = {LINK: "/ask/", TABLET: "/tablet/ask/"}
ASKED = {RECORDS: "requests.own_copy", CORRECTION: "requests.own_corrected"}
ENDED = {ANSWERED: "requests.own_answered", REFUSED: "requests.own_refused", DELIVERED: "requests.own_ready"}


@by_link(ASK)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """For the patient: ask for a copy of the record or for a correction, and see what became of what was asked."""
    link = held(request, ASK)
    if link is None:
        return no_longer(request, ASK)
    if page := born.asked(request, link, title="links.ask"):
        return page
    trail.go_by("link")
    patient = Patient.objects.get(pk=link.subject)
    found = Registration.objects.filter(patient=patient).select_related("site").order_by("created", "id")
    sites = [one.site for one in found]
    return _asks(request, patient, sites, LINK, whole={one.id for one in sites})


@on_the_tablet(handover.OWN_RECORD)
@require_http_methods(["GET", "POST"])
def tablet_ask(request: HttpRequest) -> HttpResponse:
    """The same on a tablet that was handed over, about the sites at which whoever handed it over may read the patient.

    Nobody reads what was asked or answered, who may not, by handing the tablet to themselves.
    """
    trail.go_by(handover.VIA)
    handed = request.handed
    found, may = patients.here(handed.by, handed.patient_id, at=request.received_at)
    sites = [one.site for one in found if Permission.READ_PATIENTS in may[one.site_id]]
    whole = {id for id, allowed in may.items() if Permission.HANDLE_REQUESTS in allowed}
    return _asks(request, handed.patient, sites, TABLET, whole=whole)


def _asks(request: HttpRequest, patient: Patient, sites: list[Site], door: str, *, whole: set[UUID]) -> HttpResponse:
    here, problem = HERE[door], None
    timezone.activate(sites[0].zone)
    if request.method == "POST":
        try:
            about: dict[str, Any] = {"site": site(request, sites), "patient": patient, "door": door, "day": None}
            told = {"kind": request.POST.get("kind", ""), "text": typed(request, "text")}
            actions.receive(**about, **told, by=None, at=request.received_at, key=key(request))
            return redirect(f"{here}?asked=1")
        except Refused as refused:
            problem = refused
    trail.read("own_requests", who=None, at=request.received_at, subject=patient.id)
    asked = [_told(one, whole=one.site_id in whole) for one in queries.of(patient) if one.site in sites]
    shown = {
        "here": here,
        "asked": asked,
        "taken": "asked" in request.GET and not problem,
        "waits": any(one["kind"] == RECORDS and one["due"] for one in asked),
        "sites": sites,
        "by": {kind: queries.due_from(kind, zones.today(request.received_at)) for kind in (RECORDS, CORRECTION)},
        "told": request.POST if problem else {},
        "copy_key": ids.new(),
        "key": ids.new(),
        "problems": [problem.sentence(get_language())] if problem else [],
    }
    return render(request, "requests/ask.html", shown, status=problem.status if problem else 200)


@by_link(ANSWER)
@require_http_methods(["GET", "POST"])
def own_answer(request: HttpRequest) -> HttpResponse:
    """For the patient: what was answered, and the copy of the record if that is the answer."""
    row = _row(request)
    if isinstance(row, HttpResponse):
        return row
    timezone.activate(row.site.zone)
    about = {"object_id": row.id, "subject": row.patient_id, "site": row.site_id}
    trail.read("own_answer", who=None, at=request.received_at, **about, via="link")
    return render(request, "requests/own_answer.html", {"one": _told(row)})


@by_link(ANSWER)
@require_safe
def own_paper(request: HttpRequest) -> HttpResponse:
    """The copy that people read."""
    return _file(request, "paper")


@by_link(ANSWER)
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """The copy that another system reads."""
    return _file(request, "bundle")


def _row(request: HttpRequest) -> Request | HttpResponse:
    """The request whose answer the link is for, or the page that is shown instead."""
    link = held(request, ANSWER)
    row = link and Request.objects.select_related("site", "patient").filter(pk=link.subject).first()
    if link is None or row is None or row.patient is None:
        return no_longer(request, ANSWER)
    birth = patients.details(row.patient).birth
    return born.asked(request, link, title="links.answer", birth=birth) or row


def _file(request: HttpRequest, which: str) -> HttpResponse:
    row = _row(request)
    if isinstance(row, HttpResponse):
        return row
    ended, copy = queries.last(row), queries.copy(row)
    if ended is None or ended.what != DELIVERED or copy is None:
        raise Http404
    paper = Paper.objects.get(pk=getattr(copy, f"{which}_id"))
    about = {"subject": row.patient_id, "site": row.site_id, "via": "link"}
    trail.read(queries.FETCHED, who=None, at=request.received_at, object_id=paper.id, **about)
    name = f"{paper.created:%Y-%m-%d}-{paper.sha256[:8]}.{ENDINGS[paper.media_type]}"
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(paper.bytes), content_type=paper.media_type, headers=head)


def _told(row: Request, *, whole: bool = True) -> dict[str, Any]:
    """`whole`: with the words that were said."""
    language, ended = get_language(), queries.last(row)
    said = ended.text if ended and ended.what != DELIVERED else ""
    return {
        "kind": row.kind,
        "what": word(ASKED[row.kind], language),
        "sign": telling.sign(row.id),
        "day": row.day,
        "text": row.text if whole else "",
        "due": None if ended else queries.due(row),
        "ended": word(ENDED[ended.what], language, day=zones.day(ended.created, row.site.zone)) if ended else "",
        "said": said if whole or not said else word("requests.own_shown", language),
        "copy": bool(ended and ended.what == DELIVERED),
    }
