"""The pages on which many files are brought at once, and a person says whose each of them is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.records import Problem
from daybreak.exchange.fhir.apart import OnePerson, people_in
from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.patients import arrivals, imports, queries, records, register, whose
from daybreak.web.patients.here_too import counted
from daybreak.web.patients.identity import Wrong
from daybreak.web.patients.kinds import KIND_OF, ORDINARY, Kind, sensitivity
from daybreak.web.patients.models import Arrival, Patient
from daybreak.web.patients.telling import KINDS, day, headline, line
from daybreak.web.patients.views import identity_typed, sentences, sexes
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.words import word

SHOWN = 50  # files that wait, on one page


@needs(Permission.WRITE_PATIENTS)
@require_http_methods(["GET", "POST"])
def waiting(request: HttpRequest) -> HttpResponse:
    """Bring files, and see those that wait. Nothing is added to a record here."""
    at = request.received_at
    sites = list(Site.objects.filter(pk__in=_places(request)).order_by("name"))
    shown: dict[str, Any] = {"sites": sites}
    status = 200
    if request.method == "POST":
        shown["source"] = typed(request, "source")
        try:
            shown["unread"] = _bring(request, sites, shown["source"])
        except Refused as refused:
            shown["problems"], status = sentences(refused), refused.status
        else:
            if not shown["unread"]:
                return redirect("/patients/arrivals/")
    found = list(arrivals.waiting([site.id for site in sites])[: SHOWN + 1])
    language = get_language()
    shown["more"] = len(found) > SHOWN
    shown["waiting"] = [
        {"id": one.id, "who": arrivals.who(one), "row": one, "why": word(one.reason, language)} for one in found[:SHOWN]
    ]
    trail.read("arrivals", who=request.person.id, at=at)
    return render(request, "patients/arrivals.html", shown, status=status)


def _bring(request: HttpRequest, sites: list[Site], source: str) -> list[str]:
    """Keep each patient's file of what was chosen; what could not be read, with its place."""
    site = next((one for one in sites if str(one.id) == request.POST.get("site")), sites[0])
    uploads = [*request.FILES.getlist("file"), *request.FILES.getlist("folder")]
    if not uploads and int(request.META.get("CONTENT_LENGTH") or 0) > imports.LARGEST:
        size = -(-int(request.META["CONTENT_LENGTH"]) // 2**20)
        raise Refused("import.too_large", size=size, most=imports.LARGEST // 2**20)
    if not uploads:
        raise Refused("import.file_missing", in_field="file")
    unread = []
    for upload in uploads:
        for found in people_in(upload.read(), place=upload.name):
            if isinstance(found, Problem):
                unread.append(f"{found.place}: {headline(found, get_language())}")
            else:
                arrivals.leave(found, source=source, site=site, by=request.person, at=request.received_at)
    return unread


@needs(Permission.WRITE_PATIENTS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """Who the file says that it is, beside who may be meant; say which of them, somebody new, or nobody here."""
    at = request.received_at
    places = _places(request)
    arrival = Arrival.objects.filter(pk=arrival_id, site__in=places).select_related("site").first()
    if arrival is None:
        raise Http404
    who = arrivals.who(arrival)
    shown: dict[str, Any] = {"key": ids.new(), "typed": whose.identity(who), "number": arrivals.number_of(who)}
    status = 200
    if request.method == "POST":
        shown |= {"key": key(request), "number": typed(request, "number"), "reason": typed(request, "reason")}
        if request.POST.get("do") == "new":
            shown["typed"] = identity_typed(request)
        try:
            with counted(request.person, at=at):
                settled = arrivals.settle(
                    arrival, **_said(request, shown, places), by=request.person, at=at, key=shown["key"]
                )
        except (Refused, Wrong) as wrong:
            shown["problems"], status = sentences(wrong), wrong.status
            if isinstance(wrong, register.LookAlike):
                shown |= {"not_these": wrong.found, "elsewhere": bool(wrong.elsewhere)}
        else:
            there = f"/patients/{settled.patient_id}/" if settled.patient_id else "/patients/arrivals/"
            return redirect(there)
    settlement = getattr(arrival, "settlement", None)
    found = arrivals.alike(arrival, places=places)
    certain = arrivals.certain(arrival, places=places, at=at, found=found)
    alike = [one for one in found if not certain or one.details.patient_id != certain.id]
    shown |= {
        "arrival": arrival,
        "who": who,
        "why": word(arrival.reason, get_language()),
        "settlement": settlement,
        "certain": certain and queries.details(certain),
        "alike": alike,
        "sexes": sexes(),
        "holds": _holds(arrival, reads_all=_reads_all(request, arrival)),
    }
    trail.read("arrival", who=request.person.id, at=at, object_id=arrival.id)
    return render(request, "patients/arrival.html", shown, status=status)


def _said(request: HttpRequest, shown: dict[str, Any], places: list[UUID]) -> dict[str, Any]:
    """What the person chose: `do` is the id of a patient, new, or aside."""
    do = request.POST.get("do", "")
    if do == "new":
        try:
            seen = [UUID(id) for id in request.POST.getlist("not")]
        except ValueError:
            raise BadRequest("the form does not say who else it is not") from None
        return {
            "identity": shown["typed"],
            "number": shown["number"],
            "not_these": seen,
            "not_elsewhere": request.POST.get("else") == "yes",
        }
    if do == "aside":
        return {"reason": shown["reason"]}
    try:
        patient = Patient.objects.filter(pk=UUID(do), registrations__site__in=places).distinct().first()
    except ValueError:
        raise BadRequest("the form does not say what was chosen") from None
    if patient is None:
        raise Http404
    return {"patient": patient}


def _reads_all(request: HttpRequest, arrival: Arrival) -> bool:
    """Who brought the file has seen it; to others its sensitive records are closed, as in the timeline."""
    may = queries.page_sites(request.person, Permission.READ_SENSITIVE, at=request.received_at)
    return arrival.by_id == request.person.pk or arrival.site_id in may


def _holds(arrival: Arrival, *, reads_all: bool) -> list[tuple[str, str, str]]:
    """The records in the file, as they would be told in the timeline; of a closed one only that there is one."""
    language = get_language()
    found = [*people_in(bytes(arrival.bytes), place="")]
    if not all(isinstance(one, OnePerson) for one in found):
        return []
    chart = imports.read(bytes(arrival.bytes), digest=arrival.sha256)
    every = [one for one in records.of_chart(chart) if KIND_OF[type(one)] not in (Kind.UNMAPPED, Kind.PROBLEM)]
    return [
        (word(KINDS[KIND_OF[type(one)]], language), day(one), line(one, language))
        if reads_all or sensitivity(one) == ORDINARY
        else ("", "", word("labels.hidden", language))
        for one in every
    ]


def _places(request: HttpRequest) -> list[UUID]:
    return queries.page_sites(request.person, Permission.WRITE_PATIENTS, at=request.received_at)
