"""The pages of the signature: what is signed in full beside it, and what was signed."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.screening.judge import Decision
from daybreak.knowledge.sentences import Language
from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.patients.models import Patient
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Refused
from daybreak.web.screening import actions, exceptions, hard, snapshots
from daybreak.web.screening.actions import in_the_way
from daybreak.web.screening.board import VERDICT, answered
from daybreak.web.screening.judging import Judged, judge
from daybreak.web.screening.models import NOT_YET, TREAT, Snapshot
from daybreak.web.screening.pages import (
    about,
    address,
    closed_to,
    name_of,
    place,
    read,
    readable,
    shape,
    shown_cases,
    shown_finding,
    shown_standing,
    spoken,
)
from daybreak.web.words import known, word


@needs(Permission.SIGN_SCREENING)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Sign the decision under one protocol: to treat, or not yet and until when."""
    patient, site, _ = place(request, patient_id, Permission.SIGN_SCREENING)
    problems, status, conflict = [], 200, False
    if request.method == "POST":
        try:
            step_up.confirm(request)
            row = actions.sign(
                patient,
                site=site,
                protocol=request.POST.get("protocol", ""),
                outcome=request.POST.get("outcome", ""),
                review_on=posted.day(request, "review_on"),
                unmet=request.POST.get("unmet", ""),
                condition=posted.typed(request, "condition"),
                last=request.POST.get("last", ""),
                seen=request.POST.get("seen", ""),
                language=known(get_language()),
                by=request.person,
                at=request.received_at,
                key=posted.key(request),
            )
            return redirect(f"{address(patient)}signed/{row.id}/?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
            conflict = refused.id == "screening.changed_meanwhile"
    judged, said = judge(patient, site, at=request.received_at), spoken()
    stale = request.GET.get("seen", judged.seen) != judged.seen
    if stale:  # the board that the signer has read is not this one any more
        problems, status = [word("screening.changed_meanwhile", get_language())], 409
    chosen = request.POST.get("protocol") or request.GET.get("protocol") or _only_adopted(judged)
    decision = judged.decision(chosen) if chosen else None
    shown = {
        **about(patient, site, judged, said),
        "stale": stale,
        "decisions": [answered(d, judged, said) for d in judged.decisions],
        "seen": judged.seen,
        "told": request.POST,
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    if decision and not shown["stale"]:
        shown |= _in_full(patient, judged, decision, site, said)
        shown["latest"] = actions.last_review(site, at=request.received_at)
        shown["last"] = actions.newest_decision(patient, site, decision.protocol.id)
    if decision and conflict:
        shown["changed"] = _changed(judged, decision, request.POST.get("marks", ""), said)
    read(request, patient, site)
    return render(request, "screening/sign.html", shown, status=status)


def _only_adopted(judged: Judged) -> str | None:
    """The protocol that is meant when only one is adopted."""
    found = [id_ for id_, row in judged.adopted.items() if row]
    return found[0] if len(found) == 1 else None


def _in_full(patient: Patient, judged: Judged, decision: Decision, site: Site, said: Language) -> dict[str, Any]:
    """All that a signature under this protocol is for, and which outcomes can be signed."""
    lang = get_language()
    findings = [
        {
            "title": said.word(f"criterion.{f.criterion.name}"),
            "name": f.criterion.name,
            "exception": next(
                (shown_standing(s, said) for s in (judged.exception(decision.protocol.id, f.criterion.name),) if s),
                None,
            ),
            **shown_finding(f, said, judged),
        }
        for f in sorted(exceptions.screened(decision), key=lambda f: ORDER[f.answer.verdict.value])
    ]
    refusals = {
        outcome: in_the_way(patient, judged, decision, outcome=outcome, site=site, language=known(lang))
        for outcome in (TREAT, NOT_YET)
    }
    second = hard.cases(judged, decision, site) if refusals[TREAT] is None else []
    return {
        "decision": answered(decision, judged, said),
        "findings": findings,
        "open": [f for f in findings if f["verdict"] != "met"],
        "trials": [said.say(trial.reason) for trial in decision.trd.trials],
        "trd": said.word(f"trd.{decision.trd.word}"),
        "marks": json.dumps(judged.marks(decision), separators=(",", ":")),
        "treat": TREAT,
        "not_yet": NOT_YET,
        "no_treat": refusals[TREAT].sentence(lang) if refusals[TREAT] else "",
        "no_signature": refusals[NOT_YET].sentence(lang) if refusals[NOT_YET] else "",
        "second": shown_cases(second),
    }


ORDER = {"not_met": 0, "unknown": 1, "met": 2}


def _changed(judged: Judged, decision: Decision, marks: str, said: Language) -> list[str]:
    """Which findings are not those that the page showed, or that only something beside them is."""
    try:
        was = json.loads(marks)
    except ValueError:
        was = {}
    now = judged.marks(decision)
    names = [name for name in now if isinstance(was, dict) and was.get(name) != now[name]]
    sentences = {f.criterion.name: f for f in exceptions.screened(decision)}
    return [f"{said.word(f'criterion.{name}')}: {said.say(sentences[name].answer.reason)}" for name in names] or [
        word("screening.changed_beside", get_language())
    ]


@needs(Permission.READ_SCREENING)
@require_http_methods(["GET", "POST"])
def signed(request: HttpRequest, patient_id: UUID, snapshot_id: UUID) -> HttpResponse:
    """A decision as it was signed, in the words of its signer; a hard case is signed here by the second person."""
    patient, site, allowed = place(request, patient_id, Permission.READ_SCREENING)
    row = (
        Snapshot.objects.filter(pk=snapshot_id, patient=patient, site=site)
        .select_related("by", "adoption__by", "second__by")
        .first()
    )
    if row is None:
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        try:
            step_up.confirm(request)
            actions.second_decision(row, by=request.person, at=request.received_at, key=posted.key(request))
            return redirect(f"{address(patient)}signed/{row.id}/?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    closed = closed_to(request, patient, allowed)
    kept = json.loads(row.content)
    state = hard.FINAL if not hard.needs(row) else hard.state(row, judge(patient, site, at=request.received_at))
    if state == exceptions.WAITS and hard.overtaken(row):
        state = exceptions.VOID
    decision = next(d for d in kept["decisions"] if d["protocol"]["id"] == row.protocol)
    rested = [e for f in decision["findings"] for e in f["evidence"]]
    entries = patients.entries_at(patient, {one["resource"] for one in rested}, at=row.created)
    for one in rested:
        one["entry"] = entries.get(one["resource"])
        one["origin"] = kept.get("origins", {}).get(one["resource"], "")  # what was signed before says nothing about it
    shown = {
        "patient": patient,
        "site": site,
        "name": name_of(patients.details(patient)),
        "row": row,
        "decision": decision,
        "others": [d for d in kept["decisions"] if d is not decision],
        "verdict": VERDICT[row.status],
        "screening": [
            readable(f, closed) | {"shape": shape(f["criterion"], f["verdict"])}
            for f in decision["findings"]
            if f["when"] == "screening"
        ],
        "exceptions": [e for e in kept["exceptions"] if e["protocol"] == row.protocol],
        "unchanged": snapshots.digest(row.content) == row.content_digest,
        "treat": row.outcome == TREAT,
        "at": zones.minute(row.created),
        "state": state,
        "cases": shown_cases(hard.needs(row)),
        "second_rules": [
            {"title": shown_cases([one["case"]])[0], "by": ", ".join(one["signed_by"]), **one}
            for one in kept.get("second_rules", ())
            if one["rule"]
        ],
        "unmet": spoken().word(f"criterion.{row.unmet}") if row.unmet else "",
        "own": row.by_id == request.person.id,
        "may_second": state == exceptions.WAITS
        and row.by_id != request.person.id
        and Permission.SECOND_SIGNATURE in allowed,
        "key": ids.new(),
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    told = {"object_id": row.id, "site": site.id}
    reading.read("snapshot", patient, who=request.person.id, at=request.received_at, **told)
    return render(request, "screening/signed.html", shown, status=status)
