"""The page of one patient's plan of care: what was planned, who else reads which part of it, and what they added."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.knowledge.careplan import longest, topics
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.careplan import actions, carers, carers_told, paper, queries
from daybreak.web.careplan.models import Plan
from daybreak.web.forms.models import Sitting
from daybreak.web.links.tokens import address
from daybreak.web.papers.actions import PDF
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import Stale
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import day, key, typed, uuid
from daybreak.web.reach.models import CARER
from daybreak.web.refusals import Refused
from daybreak.web.words import known


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Read it, write its next version, and write down with whom the patient shares it."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS
    )
    problem, told = None, {}
    if request.method == "POST":
        try:
            told = _do(request, patient)
            if not told:
                return redirect(f"/patients/{patient.id}/care/")
        except Refused as refused:
            problem = refused
    now, language, sees = queries.plan(patient), known(get_language()), Permission.READ_SENSITIVE in allowed
    kept = problem is not None and request.POST.get("do") == "write"
    said, shares = queries.answers(now), queries.shares(patient)
    shown = {
        "now": now,
        "written": now and zones.day(now.created, now.site.zone),
        "topics": [
            {
                "id": id,
                "title": one["title"][language],
                "hint": one["hint"][language],
                "said": said[id],
                "typed": typed(request, id) if kept else said[id],
                "closed": not sees and id in queries.closed(),
            }
            for id, one in topics().items()
        ],
        "readers": [
            {
                "row": one,
                "carer": one.role == CARER,
                "share": shares.get(one.root),
                "topics": queries.topics_of(shares.get(one.root)),
            }
            for one in queries.readers(patient)
        ],
        "lines": lines_of(patient),
        "carers": [
            (zones.minute(one.created), carers_told.said(one, language), one.text) for one in carers.answers(patient)
        ],
        "may_write": Permission.WRITE_PATIENTS in allowed,
        "most": longest(),
        "review": request.POST.get("review_on") if kept else now and now.review_on.isoformat(),
        "together": request.POST.get("together") == "yes" if kept else False,
        "seen": request.POST.get("seen") if kept and not isinstance(problem, Stale) else now and now.id,
        "key": ids.new(),
        **told,
    }
    return show(request, patient, "careplan/plan.html", problem=problem, **shown)


@needs(Permission.READ_PATIENTS)
@require_safe
def plan_paper(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The same as a PDF, without what the reader may not read."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS
    )
    now = queries.plan(patient)
    if now is None:
        raise Http404
    sees = Permission.READ_SENSITIVE in allowed
    reading.read("plan_of_care", patient, who=request.person.id, at=request.received_at)
    shown = [id for id in topics() if sees or id not in queries.closed()]
    return as_paper(request, patient, now, shown, lines_of(patient), language=known(get_language()))


def as_paper(
    request: HttpRequest,
    patient: Patient,
    now: Plan | None,
    shown: list[str],
    lines: list[tuple[str, str, str]],
    *,
    safety: Sitting | None = None,
    language: str,
) -> HttpResponse:
    """Those topics and lines as a PDF, behind the safety plan where it is the patient's own copy. One of the two there is."""
    site = (now or safety).site
    on = zones.day(request.received_at, site.zone)
    told = paper.of_plan(now, shown, lines, language=language) if now else []
    first = paper.of_safety(safety, language=language) if safety else []
    made = paper.made(patients.details(patient), [*first, *told], footer=site.name, on=on, language=language)
    return HttpResponse(made, content_type=PDF, headers={"Content-Disposition": f'inline; filename="{on}.pdf"'})


def lines_of(patient: Patient) -> list[tuple[str, str, str]]:
    """What others added: on which day, who, what."""
    return [
        (zones.day(one.created, one.share.site.zone).isoformat(), name, one.text)
        for one, name in queries.lines(patient)
    ]


def _do(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """Write it, share it, or make a link."""
    who: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    did = request.POST.get("do", "")
    if did == "write":
        told = {id: typed(request, id).replace("\r\n", "\n") for id in topics() if id in request.POST}
        together = request.POST.get("together") == "yes"
        actions.write(
            patient, told, review_on=day(request, "review_on"), together=together, seen=uuid(request, "seen"), **who
        )
    elif did == "share":
        said = {name: request.POST.get(name) == "yes" for name in ("may_add", "asks", "agreed")}
        actions.share(patient, whom=uuid(request, "whom"), chosen=request.POST.getlist("topic"), **said, **who)
    elif did in ("own", "own_mail"):
        made = actions.own_link(patient, mail=did == "own_mail", **who)
        return (
            {"mailed": True} if did == "own_mail" else {"address": address(made), "until": f"{made.expires:%Y-%m-%d}"}
        )
    elif (
        did == "link"
        and (share := queries.shares(patient).get(uuid(request, "whom") or ids.new()))
        and queries.opens(share)
    ):
        made = actions.link_of_share(share, **who)
        return {"address": address(made), "until": f"{made.expires:%Y-%m-%d}"}
    else:
        raise Refused("error.bad_request")
    return {}
