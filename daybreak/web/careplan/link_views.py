"""The plan of care for the patient, who says who else reads it, and for these others, who may add a line."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.knowledge.careplan import longest, questions, topics
from daybreak.web import ids, zones
from daybreak.web.access import by_link
from daybreak.web.assessments import leaving as safety
from daybreak.web.audit import trail
from daybreak.web.careplan import actions, carers, carers_told, queries
from daybreak.web.careplan.models import Share
from daybreak.web.careplan.views import as_paper, lines_of
from daybreak.web.links import born, gone
from daybreak.web.links.models import CARE, CARE_SHARED
from daybreak.web.links.views import forget, held, no_longer, shown_by
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.posted import key, typed, uuid
from daybreak.web.reach.models import CARER
from daybreak.web.refusals import Refused
from daybreak.web.words import known


@by_link(CARE)
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """For the patient, who may be away at once: the page, what others added, and for each of them which topics they read."""
    if request.method == "POST" and request.POST.get("do") == "leave" and shown_by(request, CARE):
        return forget(render(request, "forms/left.html"), CARE)
    patient = _patient(request)
    if isinstance(patient, HttpResponse):
        return patient
    problem = None
    if request.method == "POST":
        try:
            told: dict[str, Any] = {"whom": uuid(request, "whom"), "chosen": request.POST.getlist("topic")}
            told |= {name: request.POST.get(name) == "yes" for name in ("may_add", "asks")}
            actions.share(patient, **told, agreed=True, by=None, at=request.received_at, key=key(request))
            return redirect("/care/")
        except Refused as refused:
            problem = refused
    now = queries.plan(patient)
    if now:
        timezone.activate(now.site.zone)
    trail.read("own_plan", who=None, at=request.received_at, object_id=patient.id, subject=patient.id, via="link")
    language, said, shares = known(get_language()), queries.answers(now), queries.shares(patient)
    shown = {
        "now": now,
        "written": now and zones.day(now.created, now.site.zone),
        "topics": [(id, one["title"][language], said[id]) for id, one in topics().items()],
        "readers": [
            {
                "row": one,
                "carer": one.role == CARER,
                "share": shares.get(one.root),
                "topics": queries.topics_of(shares.get(one.root)),
                "key": ids.new(),
            }
            for one in queries.readers(patient)
        ],
        "lines": [(zones.today(one.created), name, one.text) for one, name in queries.lines(patient)],
        "problems": [problem.sentence(get_language())] if problem else [],
        **_safety(patient, language),
    }
    return render(request, "careplan/own.html", shown, status=problem.status if problem else 200)


def _safety(patient: Patient, language: str) -> dict[str, Any]:
    """What they wrote down with a clinician for when thoughts of suicide come: their own words, back to them."""
    plan = safety.newest(patient)
    if plan is None:
        return {}
    made_on = zones.day(plan.ending.created, plan.site.zone)
    return {"safety": safety.lines(plan, language=language), "safety_on": made_on}


@by_link(CARE)
@require_safe
def own_paper(request: HttpRequest) -> HttpResponse:
    """The same as a PDF: what there is of it, the safety plan first."""
    patient = _patient(request)
    if isinstance(patient, HttpResponse):
        return patient
    now, plan, language = queries.plan(patient), safety.newest(patient), known(get_language())
    if now is None and plan is None:
        raise Http404
    trail.read("own_plan", who=None, at=request.received_at, object_id=patient.id, subject=patient.id, via="link")
    return as_paper(request, patient, now, list(topics()), lines_of(patient), safety=plan, language=language)


@by_link(CARE_SHARED)
@require_http_methods(["GET", "POST"])
def shared(request: HttpRequest) -> HttpResponse:
    """For whoever else looks after the patient: the topics that the patient chose, a line that they add, and what a carer is
    asked. They may leave at once: an empty page, and "back" shows nothing."""
    if request.method == "POST" and request.POST.get("do") == "leave" and shown_by(request, CARE_SHARED):
        return forget(render(request, "forms/left.html"), CARE_SHARED)
    share = _share(request)
    if isinstance(share, HttpResponse):
        return share
    timezone.activate(share.site.zone)
    problem = None
    if request.method == "POST":
        try:
            _do(request, share)
            return redirect("/shared-care/")
        except Refused as refused:
            problem = refused
    now, language = queries.plan(share.patient), known(get_language())
    about = {"object_id": share.id, "subject": share.patient_id, "site": share.site_id}
    trail.read("shared_plan", who=None, at=request.received_at, **about, via="link")
    said, chosen = queries.answers(now), queries.topics_of(share)
    mine = [one for one, _ in queries.lines(share.patient) if one.share.whom == share.whom]
    shown = {
        "share": share,
        "now": now,
        "written": now and zones.day(now.created, now.site.zone),
        "topics": [(topics()[id]["title"][language], said[id]) for id in chosen],
        "lines": [(zones.today(one.created), one.text) for one in mine],
        "most": longest(),
        "typed": request.POST.get("text", "") if problem else "",
        "key": ids.new(),
        "asked": (waits := carers.waits(share)),
        "questions": carers_told.questions(request.POST if problem else {}, language) if waits else [],
        "note": request.POST.get("note", "") if problem else "",
        "answered": carers_told.mine(share, language),
        "problems": [problem.sentence(get_language())] if problem else [],
    }
    return render(request, "careplan/shared.html", shown, status=problem.status if problem else 200)


def _do(request: HttpRequest, share: Share) -> None:
    """Answer what is asked after a treatment, or add a line."""
    done: dict[str, Any] = {"at": request.received_at, "key": key(request)}
    if request.POST.get("do") == "check":
        said = {id: value for id in questions() if (value := request.POST.get(f"q-{id}", ""))}
        carers.answer(share, uuid(request, "asked"), said, typed(request, "note").replace("\r\n", "\n"), **done)
    else:
        actions.add(share, typed(request, "text").replace("\r\n", "\n"), **done)


def _patient(request: HttpRequest) -> Patient | HttpResponse:
    link = held(request, CARE)
    if link is None:
        return no_longer(request, CARE)
    page = born.asked(request, link, title="links.care")
    return page or Patient.objects.get(pk=link.subject)


def _share(request: HttpRequest) -> Share | HttpResponse:
    """The newest word of the patient about whoever holds the link, or the page that is shown instead."""
    link = held(request, CARE_SHARED)
    row = link and Share.objects.select_related("patient").filter(pk=link.subject).first()
    share = queries.counting(row) if row else None
    if link is None:
        return no_longer(request, CARE_SHARED)
    if share is None or not queries.may_read(share):
        return gone.page(request, link)  # they are not told who ended it, or why
    birth = patients.details(share.patient).birth
    return born.asked(request, link, title="links.care", asks="referral.year", birth=birth) or share
