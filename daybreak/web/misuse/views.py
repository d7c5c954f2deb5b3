"""The page of what was seen of a patient over time that may be misuse, in words that accuse nobody, and its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.followup.misuse import Standing
from daybreak.knowledge import misuse as knowledge
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.misuse import actions, queries
from daybreak.web.misuse.models import NONE, Answer, Result, Review, Sign, Test
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, page_may, sites_of
from daybreak.web.posted import clock, day, key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word

STANDING = {
    Standing.COUNTS: ("misuse.counts", "caution"),
    Standing.TREATMENT: ("misuse.treatment", "met"),
    Standing.EXPLAINED: ("misuse.explained", "met"),
    Standing.ASK: ("misuse.ask", "unknown"),
}
RESULTS = {
    Result.EXPECTED: ("misuse.expected", "met"),
    Result.UNEXPECTED: ("misuse.unexpected", "caution"),
    Result.UNCLEAR: ("misuse.unclear", "unknown"),
    Result.DECLINED: ("misuse.declined", "unknown"),
}


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Everything, the newest first. Who may not read what bears a label sees what they wrote themselves, and the forms."""
    at, language = request.received_at, known(get_language())
    patient = patients.patient_or_404(request.person, patient_id, at, permission=Permission.RUN_SESSIONS)
    here = sites_of(request.person, Permission.RUN_SESSIONS, at=at)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            site = next((one for one in here if str(one.id) == request.POST.get("site")), None)
            if site is None:
                raise Refused("people.no_site_chosen")
            _act(request, patient, site)
            return redirect(f"/patients/{patient.id}/use/")
        except Refused as problem:
            refused = problem
    found = queries.known(patient, at=at)
    labelled = page_may(request.person, Permission.READ_SENSITIVE, at=at)
    reader = None if labelled else request.person
    rule = knowledge.told_rule()
    shown: dict[str, Any] = {
        "sites": here,
        "labelled": labelled,
        "decides": labelled and page_may(request.person, Permission.DECIDE_DOSE, at=at),
        "talk": labelled and found.proposal.talk,
        "counts": [_sign(one, language) for one in found.proposal.counts] if labelled else [],
        "asks": [_sign(one, language) for one in found.proposal.ask] if labelled else [],
        "rule": word("misuse.rule", language, **{name: rule[name] for name in ("hours", "least", "days")}),
        "signs": [_seen(one, standing, language) for one, standing in found.signs if _own(one, reader)],
        "tests": [_test(one, language) for one in found.tests if _own(one, reader)],
        "said": _said([*found.reviews, *found.answers], reader, language),
        "choose": [(id, one["words"][language]) for id, one in knowledge.signs().items()],
        "explanations": [*_explanations(language), (NONE, word("misuse.none", language))],
        "results": [(str(one), word(said, language)) for one, (said, _) in RESULTS.items()],
        "typed": request.POST,
        "today": zones.today(at).isoformat(),
        "keys": {name: ids.new() for name in DOES},
    }
    return show(request, patient, "misuse/of_patient.html", problem=refused, **shown)


def _act(request: HttpRequest, patient: Patient, site: Site) -> None:
    does = DOES.get(request.POST.get("do", ""))
    if does is None:
        raise Refused("error.bad_request")
    about = {"by": request.person, "at": request.received_at, "key": key(request)}
    does(request, patient, site, {"text": typed(request, "text")} | about)


def _note(request: HttpRequest, patient: Patient, site: Site, told: Mapping[str, Any]) -> None:
    when = {"day": day(request, "day"), "clock": clock(request, "clock") if typed(request, "clock") else None}
    names = {name: typed(request, name) for name in ("sign", "explanation")}
    actions.sign(patient, site, **when, **names, **told)


def _explain(request: HttpRequest, patient: Patient, site: Site, told: Mapping[str, Any]) -> None:
    row = Sign.objects.filter(pk=uuid(request, "about"), patient__in=patients.together(patient)).first()
    if row is None:
        raise Http404
    actions.explain(row, explanation=typed(request, "explanation"), **told)


def _tested(request: HttpRequest, patient: Patient, site: Site, told: Mapping[str, Any]) -> None:
    names = {name: typed(request, name) for name in ("what", "result")}
    actions.test(patient, site, day=day(request, "day"), **names, **told)


def _reviewed(request: HttpRequest, patient: Patient, site: Site, told: Mapping[str, Any]) -> None:
    actions.review(patient, site, talked=typed(request, "talked"), **told)


def _answered(request: HttpRequest, patient: Patient, site: Site, told: Mapping[str, Any]) -> None:
    actions.answer(patient, site, **told)


DOES: Mapping[str, Callable[[HttpRequest, Patient, Site, Mapping[str, Any]], None]] = {
    "sign": _note,
    "explain": _explain,
    "test": _tested,
    "review": _reviewed,
    "answer": _answered,
}


def _own(row: Sign | Test | Review | Answer, reader: Person | None) -> bool:
    return reader is None or row.by_id == reader.pk


def _sign(id: str, language: str) -> str:
    known_sign = knowledge.signs().get(id)
    return known_sign["words"][language] if known_sign else id


def _explanations(language: str) -> list[tuple[str, str]]:
    return [(id, one["words"][language]) for id, one in knowledge.explanations().items()]


def _seen(row: Sign, standing: Standing, language: str) -> dict[str, Any]:
    said, shape = STANDING[standing]
    last = queries.explained(row)
    words = {**dict(_explanations(language)), NONE: word("misuse.none", language)}
    sure = row.earliest == row.latest
    return {
        "id": row.id,
        "sign": _sign(row.sign, language),
        "when": zones.minute(row.earliest)
        if sure
        else word("misuse.some_time", language, day=zones.today(row.earliest)),
        "standing": word(said, language),
        "shape": shape,
        "explanation": words.get(last.what, last.what) if last else "",
        "explained_by": last.by.display_name if last else "",
        "explained_text": last.text if last else "",
        "text": row.text,
        "by": row.by.display_name,
        "site": row.site.name,
        "key": ids.new(),
    }


def _test(row: Test, language: str) -> dict[str, str]:
    said, shape = RESULTS[Result(row.result)]
    return {
        "day": row.day.isoformat(),
        "what": row.what,
        "result": word(said, language),
        "shape": shape,
        "text": row.text,
        "by": row.by.display_name,
    }


def _said(rows: Iterable[Review | Answer], reader: Person | None, language: str) -> list[dict[str, str]]:
    """Reviews and what the patient said, the newest first."""
    found = sorted((one for one in rows if _own(one, reader)), key=lambda one: one.created, reverse=True)
    return [
        {
            "what": word(_title(one), language),
            "text": one.text,
            "by": one.by.display_name,
            "at": zones.minute(one.created),
        }
        for one in found
    ]


def _title(row: Review | Answer) -> str:
    if isinstance(row, Answer):
        return "misuse.patient_said"
    return "misuse.was_talked" if row.talked else "misuse.was_not_talked"
