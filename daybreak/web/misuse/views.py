"""The page of what was seen of a patient over time that may be misuse, in words that accuse nobody, and its forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import misuse as knowledge
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.links.models import Link
from daybreak.web.links.tokens import address
from daybreak.web.misuse import actions, queries, telling
from daybreak.web.misuse.models import NONE, Answer, Review, Sign, Test
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import clock, day, key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Everything, the newest first. Who may not read what bears a label sees what they wrote themselves, and the forms."""
    at, language = request.received_at, known(get_language())
    patient, allowed, _ = patients.opened(request.person, patient_id, at, permission=Permission.RUN_SESSIONS)
    refused: Refused | None = None
    link: dict[str, str] = {}
    if request.method == "POST":
        try:
            if made := _act(request, patient):
                link = {"address": address(made), "until": zones.minute(made.expires)}
            else:
                return redirect(f"/patients/{patient.id}/use/")
        except Refused as problem:
            refused = problem
    found = queries.known(patient, at=at)
    labelled = Permission.READ_SENSITIVE in allowed
    reader = None if labelled else request.person
    rule = knowledge.told_rule()
    shown: dict[str, Any] = {
        "labelled": labelled,
        "decides": labelled and Permission.DECIDE_DOSE in allowed,
        "talk": labelled and found.proposal.talk,
        "counts": [telling.sign(one, language) for one in found.proposal.counts] if labelled else [],
        "asks": [telling.sign(one, language) for one in found.proposal.ask] if labelled else [],
        "rule": word("misuse.rule", language, **{name: rule[name] for name in ("hours", "least", "days")}),
        "signs": [telling.seen(one, standing, language) for one, standing in found.signs if _own(one, reader)],
        "tests": [telling.test(one, language) for one in found.tests if _own(one, reader)],
        "said": telling.said((one for one in (*found.reviews, *found.answers) if _own(one, reader)), language),
        "choose": [(id, one["words"][language]) for id, one in knowledge.signs().items()],
        "explanations": [*telling.explanations(language), (NONE, word("misuse.none", language))],
        "results": [(str(one), word(said, language)) for one, (said, _) in telling.RESULTS.items()],
        "typed": request.POST,
        "today": zones.today(at).isoformat(),
        "keys": {name: ids.new() for name in (*DOES, "link")},
        **link,
    }
    return show(request, patient, "misuse/of_patient.html", problem=refused, **shown)


def _act(request: HttpRequest, patient: Patient) -> Link | None:
    """Done; a link, where one was asked for."""
    about: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    if request.POST.get("do") == "link":
        return actions.own_link(patient, **about)
    does = DOES.get(request.POST.get("do", ""))
    if does is None:
        raise Refused("error.bad_request")
    does(request, patient, {"text": typed(request, "text")} | about)
    return None


def _note(request: HttpRequest, patient: Patient, told: Mapping[str, Any]) -> None:
    when = {"day": day(request, "day"), "clock": clock(request, "clock") if typed(request, "clock") else None}
    names = {name: typed(request, name) for name in ("sign", "explanation")}
    actions.sign(patient, **when, **names, **told)


def _explain(request: HttpRequest, patient: Patient, told: Mapping[str, Any]) -> None:
    row = Sign.objects.filter(pk=uuid(request, "about"), patient__in=patients.together(patient)).first()
    if row is None:
        raise Http404
    actions.explain(row, explanation=typed(request, "explanation"), **told)


def _tested(request: HttpRequest, patient: Patient, told: Mapping[str, Any]) -> None:
    names = {name: typed(request, name) for name in ("what", "result")}
    actions.test(patient, day=day(request, "day"), **names, **told)


def _reviewed(request: HttpRequest, patient: Patient, told: Mapping[str, Any]) -> None:
    actions.review(patient, talked=typed(request, "talked"), **told)


def _answered(request: HttpRequest, patient: Patient, told: Mapping[str, Any]) -> None:
    actions.heard(patient, **told)


DOES: Mapping[str, Callable[[HttpRequest, Patient, Mapping[str, Any]], None]] = {
    "sign": _note,
    "explain": _explain,
    "test": _tested,
    "review": _reviewed,
    "answer": _answered,
}


def _own(row: Sign | Test | Review | Answer, reader: Person | None) -> bool:
    return reader is None or row.by_id == reader.pk
