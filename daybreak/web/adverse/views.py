"""The pages of a patient's adverse events: all of them with the form for another, and each with its versions and judgement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.treatment.adverse import Owed
from daybreak.knowledge import adverse
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.adverse import actions, proposals, queries, shown
from daybreak.web.adverse import told as tellings
from daybreak.web.adverse.models import How
from daybreak.web.adverse.told import Told
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.posted import asked, day, is_id, key, typed, uuid
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import queries as treatments
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.queries import Now
from daybreak.web.words import known, word

HOWS = {
    How.PORTAL: "adverse.portal",
    How.PHONE: "adverse.phone",
    How.FAX: "adverse.fax",
    How.POST: "adverse.post",
    How.NONE: "adverse.none_made",
}


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Every event of the patient, and the form; from a treatment it begins with what that proposes."""
    at, language = request.received_at, known(get_language())
    patient, _, shared = patients.opened(request.person, patient_id, at, permission=Permission.READ_PATIENTS)
    here = [one.site for one in shared]
    now = _session(request, patient, here)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            site = now.session.site if now else _site(request, here)
            told = {"session": now.session if now else None, "told": _told(request, _evidence(request, now))}
            row = actions.tell(patient, site=site, **told, by=request.person, at=at, key=key(request))
            return redirect(f"/patients/{patient.id}/adverse/{row.root}/")
        except Refused as problem:
            refused = problem
    zone = now.session.site.zone if now else here[0].zone
    with timezone.override(ZoneInfo(zone)):
        lines = proposals.lines(now, language) if now else []
        line = next((one for one in lines if str(one.seq) == asked(request, "line")), None)
        first = proposals.proposed(now, line) if now else Told()
        page = {
            "events": [shown.line(one, language) for one in queries.of_patient(patient)],
            "session": now.session if now else None,
            "lines": [shown.proposal(one, language) for one in lines],
            "line": line,
            "sites": here,
            "form": shown.form(request.POST if refused else shown.fields(first), now, language),
            "proposed": [(id, adverse.terms()[id]["words"][language]) for id in (line.terms if line else ())],
            "evidence": first.evidence,
            "today": zones.day(at, zone).isoformat(),
            "key": ids.new(),
        }
        return show(request, patient, "adverse/of_patient.html", problem=refused, **page)


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def event(request: HttpRequest, patient_id: UUID, adverse_id: UUID) -> HttpResponse:
    """One event: what was told of it, by whom it was judged, where it was reported, and what is still owed."""
    at, language = request.received_at, known(get_language())
    patient = patients.patient_or_404(request.person, patient_id, at)
    found = queries.one(patient, adverse_id)
    if found is None:
        raise Http404
    refused: Refused | None = None
    if request.method == "POST":
        try:
            do = _DOES.get(request.POST.get("do", ""))
            if do is None:
                raise Refused("error.bad_request")
            do(request, found)
            return redirect(f"/patients/{patient.id}/adverse/{adverse_id}/")
        except Refused as problem:
            refused = problem
    return _shown(request, patient, found, language=language, refused=refused)


def _shown(
    request: HttpRequest, patient: Patient, found: queries.Standing, *, language: str, refused: Refused | None
) -> HttpResponse:
    site, session = found.row.site, found.row.session_id
    rows = Session.objects.select_related("site", "course").prefetch_related("events")
    now = treatments.now(rows.get(pk=session)) if session else None
    correcting = refused is not None and request.POST.get("do") == "correct"
    decides = page_may(request.person, Permission.DECIDE_DOSE, at=request.received_at, site_id=site.id)
    with timezone.override(ZoneInfo(site.zone)):
        page = {
            "one": shown.line(found, language),
            "facts": shown.facts(found.told, now, site.zone, language),
            "criteria": shown.criteria(found.told, language),
            "versions": [shown.version(one, language) for one in queries.versions(found.row.root)],
            "review": found.row if found.owed is Owed.REVIEW and decides else None,
            "related": shown.choices("related", language),
            "expected": shown.expected(found, now, language),
            "form": shown.form(request.POST if correcting else shown.fields(found.told), now, language),
            "correcting": correcting,
            "hows": [(str(one), word(words, language)) for one, words in HOWS.items() if decides or one != How.NONE],
            "typed": request.POST,
            "today": zones.day(request.received_at, site.zone).isoformat(),
            "newest": found.row,
            "key": ids.new(),
            "correct_key": ids.new(),
            "report_key": ids.new(),
            "step_up": step_up.needed(request) if decides else None,
        }
        return show(request, patient, "adverse/event.html", problem=refused, **page)


def _session(request: HttpRequest, patient: Patient, here: list[Site]) -> Now | None:
    """The treatment that is asked for, where it is this patient's and at a site that the reader shares with them."""
    id = asked(request, "session")
    if not is_id(id):
        return None
    rows = Session.objects.select_related("patient", "site", "course").prefetch_related("events")
    row = rows.filter(pk=id, patient__in=patients.together(patient), site__in=here).first()
    if row is None:
        raise Http404
    return treatments.now(row)


def _site(request: HttpRequest, here: list[Site]) -> Site:
    found = next((one for one in here if str(one.id) == request.POST.get("site")), None)
    if found is None:
        raise Refused("people.no_site_chosen")
    return found


def _evidence(request: HttpRequest, now: Now | None) -> tuple[str, ...]:
    """The line that the form began with, as the session says it: never what came back from the page."""
    if now is None:
        return ()
    with timezone.override(ZoneInfo(now.session.site.zone)):
        lines = proposals.lines(now, known(get_language()))
    return tuple(one.text for one in lines if str(one.seq) == request.POST.get("line"))


def _told(request: HttpRequest, evidence: tuple[str, ...]) -> Told:
    return tellings.typed({name: typed(request, name) for name in request.POST}, evidence=evidence)


def _correct(request: HttpRequest, found: queries.Standing) -> None:
    about: Mapping[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    told = _told(request, found.told.evidence)
    seen = uuid(request, "version") or found.row.root
    actions.correct(found.row.root, told=told, replaces=seen, reason=typed(request, "reason"), **about)


def _review(request: HttpRequest, found: queries.Standing) -> None:
    step_up.confirm(request)
    told = {"related": typed(request, "review_related"), "expected": typed(request, "expected")}
    about: Mapping[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    seen = uuid(request, "version")
    if seen is None:
        raise Conflict("adverse.meanwhile")
    actions.review(found.row.root, version=seen, text=typed(request, "review_text"), **told, **about)


def _report(request: HttpRequest, found: queries.Standing) -> None:
    told = {"how": typed(request, "how"), "reference": typed(request, "reference"), "day": day(request, "day")}
    about: Mapping[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    seen = uuid(request, "version")
    if seen is None:
        raise Conflict("adverse.meanwhile")
    actions.report(found.row.root, version=seen, **told, **about)


_DOES = {"correct": _correct, "review": _review, "report": _report}
