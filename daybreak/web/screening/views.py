"""The screening board, the exceptions, the signature, and what was signed."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.clinical.answers import MET
from daybreak.clinical.screening.judge import Finding
from daybreak.knowledge.sentences import Language, language
from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Details, Patient
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Refused
from daybreak.web.screening import actions, asks, exceptions, snapshots
from daybreak.web.screening.board import VERDICT, answered, board, facts
from daybreak.web.screening.judging import Judged, judge
from daybreak.web.screening.models import NOT_YET, REASONS, TREAT, Override, Snapshot
from daybreak.web.words import known, word

CODES = {
    "benefit_outweighs": "screening.benefit_outweighs",
    "passing_cause": "screening.passing_cause",
    "known_otherwise": "screening.known_otherwise",
    "specialist_advice": "screening.specialist_advice",
    "other": "screening.other",
}


@needs(Permission.READ_SCREENING)
@require_http_methods(["GET", "POST"])
def screening(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The story and the decision; a missing answer is given on the page and written into the record."""
    patient, site, allowed = _place(request, patient_id, Permission.READ_SCREENING)
    problems, status = [], 200
    if request.method == "POST":
        try:
            asks.give(patient, request.POST, by=request.person, at=request.received_at, key=_key(request))
            return redirect(f"{_address(patient)}?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    said, may_sign = _language(), Permission.SIGN_SCREENING in allowed
    judged = judge(patient, site, at=request.received_at)
    shown = {
        **_about(patient, site, judged, said),
        **board(judged, language=said, may_sign=may_sign, hidden=_hidden(request, patient, allowed)),
        "may_sign": may_sign,
        "may_write": Permission.WRITE_PATIENTS in allowed,
        "signed": Snapshot.objects.filter(patient=patient, site=site).select_related("by").defer("content")[:20],
        "standings": [_standing(s, said) for s in judged.standings],
        "state": patients.state(patient),
        "told": request.POST,
        "seen": judged.seen,
        "problems": problems,
    }
    _read(request, patient, site)
    return render(request, "screening/board.html", shown, status=status)


@needs(Permission.SIGN_SCREENING)
@require_http_methods(["GET", "POST"])
def exception(request: HttpRequest, patient_id: UUID, protocol: str, criterion: str) -> HttpResponse:
    """Go ahead in spite of one finding, with a reason, after a step-up."""
    patient, site, _ = _place(request, patient_id, Permission.SIGN_SCREENING)
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
                by=request.person,
                at=request.received_at,
                key=_key(request),
            )
            return redirect(f"{_address(patient)}?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    judged, said = judge(patient, site, at=request.received_at), _language()
    decision = judged.decision(protocol)
    finding = exceptions.finding_of(decision, criterion) if decision else None
    if decision is None or finding is None:
        raise Http404
    shown = {
        **_about(patient, site, judged, said),
        "protocol_title": said.word(f"protocol.{protocol}"),
        "title": said.word(f"criterion.{criterion}"),
        **_finding(finding, said),
        "possible": finding.criterion.override != exceptions.NOBODY and finding.answer.verdict is not MET,
        "seen": exceptions.evidence_digest(finding),
        "codes": [(code, word(CODES[code], get_language())) for code in REASONS],
        "code": told.get("code", ""),
        "reason": told.get("reason", ""),
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    _read(request, patient, site)
    return render(request, "screening/exception.html", shown, status=status)


def _finding(finding: Finding, said: Language) -> dict[str, Any]:
    """What a signer of an exception has to see."""
    return {
        "sentence": said.say(finding.answer.reason),
        "verdict": VERDICT_OF[finding.answer.verdict.value],
        "evidence": finding.answer.evidence,
        "override": said.word(f"override.{finding.criterion.override}"),
    }


VERDICT_OF = {"met": "met", "not_met": "not-met", "unknown": "unknown"}


@needs(Permission.SECOND_SIGNATURE)
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest, patient_id: UUID, override_id: UUID) -> HttpResponse:
    """Read an exception; sign it as the second person, or withdraw it."""
    patient, site, allowed = _place(request, patient_id, Permission.SECOND_SIGNATURE)
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
            act(row, by=request.person, at=request.received_at, key=_key(request))
            return redirect(f"{_address(patient)}?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    judged, said = judge(patient, site, at=request.received_at), _language()
    found = next(s for s in judged.standings if s.row.id == row.id)
    decision = judged.decision(row.protocol)
    finding = exceptions.finding_of(decision, row.criterion) if decision else None
    shown = {
        **_about(patient, site, judged, said),
        **(_finding(finding, said) if finding else {}),
        "one": _standing(found, said),
        "may_second": found.state == exceptions.WAITS and row.by_id != request.person.id,
        "own": row.by_id == request.person.id,
        "may_withdraw": found.state != exceptions.TAKEN_BACK and Permission.SIGN_SCREENING in allowed,
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    _read(request, patient, site)
    return render(request, "screening/second.html", shown, status=status)


@needs(Permission.SIGN_SCREENING)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Sign the decision under one protocol: to treat, or not yet and until when."""
    patient, site, _ = _place(request, patient_id, Permission.SIGN_SCREENING)
    problems, status = [], 200
    if request.method == "POST":
        try:
            row = actions.sign(
                patient,
                site=site,
                protocol=request.POST.get("protocol", ""),
                outcome=request.POST.get("outcome", ""),
                review_on=_day(request.POST.get("review_on", "")),
                seen=request.POST.get("seen", ""),
                language=known(get_language()),
                by=request.person,
                at=request.received_at,
                key=_key(request),
            )
            return redirect(f"{_address(patient)}signed/{row.id}/?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    judged, said = judge(patient, site, at=request.received_at), _language()
    stale = request.GET.get("seen", judged.seen) != judged.seen
    if stale:  # the board that the signer has read is not this one any more
        problems, status = [word("screening.changed_meanwhile", get_language())], 409
    shown = {
        **_about(patient, site, judged, said),
        "stale": stale,
        "decisions": [answered(n, d, judged, said) for n, d in enumerate(judged.decisions, 1)],
        "standings": [_standing(s, said) for s in judged.standings if s.state in (exceptions.HOLDS, exceptions.WAITS)],
        "seen": judged.seen,
        "demo": settings.PLACE.profile != "clinic",
        "treat": TREAT,
        "not_yet": NOT_YET,
        "told": request.POST,
        "problems": problems,
    }
    _read(request, patient, site)
    return render(request, "screening/sign.html", shown, status=status)


@needs(Permission.READ_SCREENING)
@require_safe
def signed(request: HttpRequest, patient_id: UUID, snapshot_id: UUID) -> HttpResponse:
    """A decision as it was signed, in the words of its signer."""
    patient, site, allowed = _place(request, patient_id, Permission.READ_SCREENING)
    row = (
        Snapshot.objects.filter(pk=snapshot_id, patient=patient, site=site).select_related("by", "adoption__by").first()
    )
    if row is None:
        raise Http404
    closed = _hidden(request, patient, allowed)
    kept = json.loads(row.content)
    decision = next(d for d in kept["decisions"] if d["protocol"]["id"] == row.protocol)
    shown = {
        "patient": patient,
        "site": site,
        "name": _name(patients.details(patient)),
        "row": row,
        "decision": decision,
        "others": [d for d in kept["decisions"] if d is not decision],
        "verdict": VERDICT[row.status],
        "screening": [
            _readable(f, closed) | {"shape": VERDICT_OF[f["verdict"]]}
            for f in decision["findings"]
            if f["when"] == "screening"
        ],
        "exceptions": [e for e in kept["exceptions"] if e["protocol"] == row.protocol],
        "unchanged": snapshots.digest(row.content) == row.content_digest,
        "treat": row.outcome == TREAT,
        "at": f"{row.created:%Y-%m-%d %H:%M}",
    }
    trail.read(
        "snapshot", who=request.person.id, at=request.received_at, object_id=row.id, subject=patient.id, site=site.id
    )
    return render(request, "screening/signed.html", shown)


def _hidden(request: HttpRequest, patient: Patient, allowed: frozenset[Permission]) -> frozenset[str]:
    """What the record calls the entries that the reader may not read."""
    return frozenset(hidden(patient, by=request.person, allowed=allowed).values())


def _readable(finding: dict[str, Any], closed: Collection[str]) -> dict[str, Any]:
    """A finding as it was signed; one that rests on what the reader may not read keeps its verdict alone."""
    if not any(one["resource"] in closed for one in finding["evidence"]):
        return finding
    return finding | {"reason": word("labels.reason_hidden", get_language()), "evidence": []}


def _place(
    request: HttpRequest, patient_id: UUID, permission: Permission
) -> tuple[Patient, Site, frozenset[Permission]]:
    """The patient, the site at which they are seen (the one that was asked for, or the first that both share), and what
    the reader may do there."""
    theirs, mine = patients.here(request.person, patient_id, at=request.received_at)
    shared = [row.site for row in theirs if permission in mine[row.site_id]]
    asked = request.POST.get("site") or request.GET.get("site")
    found = next((site for site in shared if not asked or str(site.id) == asked), None)
    if found is None:
        raise Http404
    return theirs[0].patient, found, mine[found.id]


def _about(patient: Patient, site: Site, judged: Judged, said: Language) -> dict[str, Any]:
    return {
        "patient": patient,
        "site": site,
        "name": _name(judged.details),
        "facts": facts(judged, said),
        "key": ids.new(),
    }


def _name(details: Details) -> str:
    return f"{details.given_names} {details.family_name}".strip()


def _standing(one: exceptions.Standing, said: Language) -> dict[str, Any]:
    lang = get_language()
    row = one.row
    return {
        "row": row,
        "state": one.state,
        "title": said.word(f"criterion.{row.criterion}"),
        "protocol": said.word(f"protocol.{row.protocol}"),
        "code": word(CODES[row.code], lang),
        "why": [word(WHY[part], lang) for part in one.why],
        "second": one.second,
    }


WHY = {
    "protocol": "screening.protocol_changed",
    "verdict": "screening.verdict_changed",
    "evidence": "screening.evidence_changed",
}


def _read(request: HttpRequest, patient: Patient, site: Site) -> None:
    trail.read(
        "screening",
        who=request.person.id,
        at=request.received_at,
        object_id=patient.id,
        subject=patient.id,
        site=site.id,
    )


def _language() -> Language:
    return language(known(get_language()))


def _address(patient: Patient) -> str:
    return f"/patients/{patient.id}/screening/"


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        raise Refused("error.bad_request") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
