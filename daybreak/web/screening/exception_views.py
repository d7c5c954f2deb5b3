"""The pages of exceptions: to sign one, to sign it second or withdraw it, and all of them with what became of them."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.clinical.answers import MET
from daybreak.web import posted
from daybreak.web.access import needs
from daybreak.web.people import step_up
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Refused
from daybreak.web.screening import actions, exceptions
from daybreak.web.screening.judging import judge
from daybreak.web.screening.models import COURSE, DOSE, REASONS, Override
from daybreak.web.screening.pages import (
    CODES,
    about,
    address,
    place,
    read,
    shown_finding,
    shown_standing,
    spoken,
)
from daybreak.web.words import word


@needs(Permission.SIGN_SCREENING)
@require_http_methods(["GET", "POST"])
def exception(request: HttpRequest, patient_id: UUID, protocol: str, criterion: str) -> HttpResponse:
    """Go ahead in spite of one finding, with a reason, after a step-up."""
    patient, site, _ = place(request, patient_id, Permission.SIGN_SCREENING)
    told = request.POST
    problems, status = [], 200
    if request.method == "POST":
        try:
            step_up.confirm(request)
            actions.override(
                patient,
                site=site,
                protocol=protocol,
                criterion=criterion,
                seen=told.get("seen", ""),
                code=told.get("code", ""),
                reason=told.get("reason", ""),
                scope=told.get("scope", COURSE),
                ends_on=posted.day(request, "ends_on"),
                by=request.person,
                at=request.received_at,
                key=posted.key(request),
            )
            return redirect(f"{address(patient)}?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    judged, said, lang = judge(patient, site, at=request.received_at), spoken(), get_language()
    decision = judged.decision(protocol)
    finding = exceptions.finding_of(decision, criterion) if decision else None
    if decision is None or finding is None:
        raise Http404
    shown = {
        **about(patient, site, judged, said),
        "protocol_title": said.word(f"protocol.{protocol}"),
        "title": said.word(f"criterion.{criterion}"),
        **shown_finding(finding, said, judged),
        "possible": finding.criterion.override != exceptions.NOBODY and finding.answer.verdict is not MET,
        "seen": exceptions.evidence_digest(finding),
        "codes": [(code, word(CODES[code], lang)) for code in REASONS],
        "code": told.get("code", ""),
        "reason": told.get("reason", ""),
        "scope": told.get("scope", COURSE),
        "scopes": [(COURSE, word("screening.scope_course", lang)), (DOSE, word("screening.scope_dose", lang))],
        "ends_on": told.get("ends_on", ""),
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    read(request, patient, site)
    return render(request, "screening/exception.html", shown, status=status)


@needs(Permission.SECOND_SIGNATURE)
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest, patient_id: UUID, override_id: UUID) -> HttpResponse:
    """Read an exception; sign it as the second person, or withdraw it."""
    patient, site, allowed = place(request, patient_id, Permission.SECOND_SIGNATURE)
    row = Override.objects.filter(pk=override_id, patient=patient, site=site).select_related("by", "site").first()
    if row is None:
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        act = {"second": actions.second, "withdraw": actions.withdraw}.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise Refused("screening.choose")
            step_up.confirm(request)
            act(row, by=request.person, at=request.received_at, key=posted.key(request))
            return redirect(f"{address(patient)}?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    judged, said = judge(patient, site, at=request.received_at), spoken()
    found = next(s for s in judged.standings if s.row.id == row.id)
    decision = judged.decision(row.protocol)
    finding = exceptions.finding_of(decision, row.criterion) if decision else None
    shown = {
        **about(patient, site, judged, said),
        **(shown_finding(finding, said, judged) if finding else {}),
        "one": shown_standing(found, said),
        "may_second": found.state == exceptions.WAITS and row.by_id != request.person.id,
        "own": row.by_id == request.person.id,
        "may_withdraw": found.state != exceptions.TAKEN_BACK and Permission.SIGN_SCREENING in allowed,
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    read(request, patient, site)
    return render(request, "screening/second.html", shown, status=status)


@needs(Permission.READ_SCREENING)
@require_safe
def every_exception(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Every exception of the patient at the site: those in force, those that wait, and the void ones with why."""
    patient, site, _ = place(request, patient_id, Permission.READ_SCREENING)
    judged, said = judge(patient, site, at=request.received_at), spoken()
    groups = [
        (word(title, get_language()), [shown_standing(s, said) for s in judged.standings if s.state == state])
        for state, title in (
            (exceptions.HOLDS, "screening.in_force"),
            (exceptions.WAITS, "screening.waiting_second"),
            (exceptions.VOID, "screening.void_ones"),
            (exceptions.TAKEN_BACK, "screening.withdrawn_ones"),
        )
    ]
    read(request, patient, site)
    return render(request, "screening/exceptions.html", {**about(patient, site, judged, said), "groups": groups})
