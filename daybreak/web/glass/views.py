"""The pages on which a record is opened in an emergency, and those on which that is reviewed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import queries as audit
from daybreak.web.audit import telling, trail
from daybreak.web.glass import actions, open, queries
from daybreak.web.glass.models import CODES, JUDGEMENTS, Opening
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.people import lockout, step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import is_id, key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.words import word

SAID = {
    "danger": "glass.code_danger",
    "treated_here": "glass.code_treated_here",
    "nobody_reachable": "glass.code_nobody_reachable",
    "other": "glass.code_other",
    "justified": "glass.found_justified",
    "not_justified": "glass.found_not_justified",
    "unclear": "glass.found_unclear",
}


@needs(Permission.BREAK_GLASS)
@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """Say exactly whom you mean; the answer tells only whether there is exactly one. Nobody tries names by the hundred."""
    person, at = request.person, request.received_at
    shown: dict[str, Any] = {"sites": Site.objects.order_by("name"), "told": request.POST}
    if request.method == "GET":
        return render(request, "glass/emergency.html", shown)
    try:
        tried = lockout.begin(f"emergency:{person.login}", address=str(person.pk), at=at, most=queries.SEARCHES)
    except lockout.TooOften as wait:
        shown["problems"] = [wait.sentence(get_language())]
        return render(request, "glass/emergency.html", shown, status=wait.status)
    found = queries.meant(
        family_name=typed(request, "family_name"),
        birth=typed(request, "birth"),
        number=typed(request, "number"),
        site=uuid(request, "site"),
    )
    trail.read("emergency_search", who=person.id, at=at)
    if len(found) == 1:
        tried.delete()
        return redirect(f"/emergency/{found[0].id}/")
    refused = Refused("glass.several" if found else "glass.nobody")
    shown["problems"] = [refused.sentence(get_language())]
    return render(request, "glass/emergency.html", shown, status=refused.status)


@needs(Permission.BREAK_GLASS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Open the record with a reason, or close it. The page says at which site the patient is known, and no name."""
    person, at = request.person, request.received_at
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None:
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        try:
            if request.POST.get("do") == "close":
                if (opened := open.opening(person, patient.id, at=at)) is not None:
                    actions.close(opened, by=person, at=at)
                open.forget(request, patient.id)
                return redirect("/emergency/")
            step_up.confirm(request)
            told = {"code": request.POST.get("code", ""), "reason": typed(request, "reason")}
            open.hold(request, actions.open_record(patient, **told, by=person, at=at, key=key(request)))
            return redirect(f"/patients/{patient.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("emergency", who=person.id, at=at, subject=patient.id)
    shown = {
        "patient": patient,
        "known_at": list(Registration.objects.filter(patient=patient).values_list("site__name", flat=True)),
        "reachable": patients.patient_for(person, patient.id, at) is not None,
        "codes": [(code, word(SAID[code], get_language())) for code in CODES],
        "minutes": int(actions.lasts().total_seconds() // 60),
        "told": request.POST,
        "key": request.POST.get("key") or ids.new(),
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    return render(request, "glass/one.html", shown, status=status)


@needs(Permission.REVIEW_GLASS)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What was opened of the reader's sites: what waits for a review first, then the last ones; and how often by whom."""
    places = [site.id for site in sites_of(request.person, Permission.REVIEW_GLASS, at=request.received_at)]
    found = queries.openings(places)
    trail.read("emergency_reviews", who=request.person.id, at=request.received_at)
    shown = {
        "waiting": [_told(row, request) for row in found.filter(judgement__isnull=True)],
        "judged": [_told(row, request) for row in found.filter(judgement__isnull=False)[: queries.SHOWN]],
        "counts": queries.counts(places),
    }
    return render(request, "glass/reviews.html", shown)


@needs(Permission.REVIEW_GLASS)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """What was read under one opening, and the judgement on it. An administrator sees no patient and no free reason."""
    person, at = request.person, request.received_at
    row = (
        Opening.objects.select_related("by", "reviewer", "ending", "judgement", "judgement__by", "patient")
        .filter(pk=opening_id)
        .first()
    )
    if row is None or not queries.may_review(person, row.patient, at=at):
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        try:
            told = {"found": request.POST.get("found", ""), "note": typed(request, "note")}
            actions.judge(row, **told, by=person, at=at, key=key(request))
            return redirect("/emergency/reviews/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    reads = patients.patient_for(person, row.patient_id, at) is not None
    read = audit.lines(audit.Asked(subject=row.patient_id, who=row.by_id)).filter(
        via=open.VIA, at__gte=row.created, at__lte=row.ends
    )
    total, before = read.count(), request.GET.get("before")
    if before and not is_id(before):
        raise Http404
    lines = list((read.filter(id__lt=before) if before else read)[: queries.SHOWN + 1])
    trail.read("emergency_review", who=person.id, at=at, object_id=row.id, subject=row.patient_id)
    shown = {
        "opened": _told(row, request),
        "reads": reads,
        "reason": row.reason if reads else "",
        "lines": telling.told(lines[: queries.SHOWN], get_language(), patient=word("glass.patient", get_language())),
        "total": total,
        "older": lines[queries.SHOWN - 1].id if len(lines) > queries.SHOWN else None,
        "newest": not before,
        "judgements": [(found, word(SAID[found], get_language())) for found in JUDGEMENTS],
        "may_judge": not hasattr(row, "judgement") and row.by_id != person.pk,
        "told": request.POST,
        "key": request.POST.get("key") or ids.new(),
        "problems": problems,
    }
    return render(request, "glass/review.html", shown, status=status)


def _told(row: Opening, request: HttpRequest) -> dict[str, Any]:
    language = get_language()
    judged = getattr(row, "judgement", None)
    closed = row.ending.created if hasattr(row, "ending") else row.ends
    return {
        "row": row,
        "sign": telling.sign(row.patient_id),
        "code": word(SAID[row.code], language),
        "from": zones.minute(row.created),
        "until": zones.clock(closed),
        "still_open": closed > request.received_at,
        "yours": row.reviewer_id == request.person.pk,
        "judged": judged and word(SAID[judged.found], language),
    }
