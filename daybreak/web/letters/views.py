"""The pages on which letters to those who also look after a patient are written and sent, and how far each came."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge.letters import letters
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.letters import actions, queries, sending, telling
from daybreak.web.letters.facts import LABELS, TITLES
from daybreak.web.letters.made import facts_in_order, made
from daybreak.web.letters.models import What
from daybreak.web.letters.queries import Standing
from daybreak.web.papers.actions import PDF
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed, uuid
from daybreak.web.reach.models import Outsider
from daybreak.web.reach.queries import professionals
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES, known, word


@needs(Permission.READ_SCREENING)
@require_http_methods(["GET", "POST"])
def every_letter(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Who is written to, every letter and its state, and the form that begins another one."""
    patient, _, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_SCREENING
    )
    problem = None
    if request.method == "POST":
        try:
            told = {"occasion": typed(request, "occasion"), "whom": uuid(request, "whom")}
            row = actions.begin(patient, **told, by=request.person, at=request.received_at, key=key(request))
            return redirect(f"/patients/{patient.id}/letters/{row.id}/")
        except Refused as refused:
            problem = refused
    language = get_language()
    known_here = professionals(patient)
    every = Outsider.objects.filter(root__in=[one.root for one in known_here])
    began = dict(every.values("root").annotate(first=Min("created")).values_list("root", "first"))
    shown = {
        "contacts": [telling.contact(one, f"{zones.today(began[one.root])}", language) for one in known_here],
        "letters": [telling.line(one, language) for one in queries.of(patient)],
        "occasions": [(one, telling.title(one, language)) for one in letters()],
        "told": request.POST,
        "key": (problem and request.POST.get("key")) or ids.new(),
    }
    return show(request, patient, "letters/every.html", problem=problem, **shown)


@needs(Permission.READ_SCREENING)
@require_http_methods(["GET", "POST"])
def one_letter(request: HttpRequest, patient_id: UUID, letter_id: UUID) -> HttpResponse:
    """The draft until a person stands for it, the ways by which it leaves, and what happened to it."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_SCREENING
    )
    one = queries.one(patient, letter_id)
    if one is None:
        raise Http404
    problem = None
    if request.method == "POST":
        try:
            answer = _do(request, patient, one)
            return answer or redirect(f"/patients/{patient.id}/letters/{one.row.id}/")
        except Refused as refused:
            problem = refused
    kept = problem is not None and problem.status != 409
    language, told = get_language(), _told(request, one) if kept else _as_it_is(one)
    shown = telling.line(one, language) | {
        "one": one,
        "parts": [
            (part, word(TITLES[part], language), part in told["parts"]) for part in facts_in_order(one.row.occasion)
        ],
        "labels": [(label, word(id, language), label in told["labels"]) for label, id in LABELS.items()],
        "sees": Permission.READ_SENSITIVE in allowed,
        "languages": list(LANGUAGES.items()),
        "told": told,
        "posted": request.POST if kept else {},
        "steps": [telling.step(step, language) for step in one.steps],
        "may": one.whom.may_tell == "yes" and not one.whom.ended,
        "opens": [text for code, text in letters()[one.row.occasion]["opens"].items()],
        "seen": request.POST.get("seen") if kept and "seen" in request.POST else patients.state(patient),
        "key": (kept and request.POST.get("key")) or ids.new(),
    }
    return show(request, patient, "letters/one.html", problem=problem, **shown)


def _do(request: HttpRequest, patient: Patient, one: Standing) -> HttpResponse | None:
    """Look at the draft as a paper (nothing is written), stand for it, or send it."""
    who: dict[str, Any] = {"by": request.person, "at": request.received_at}
    did, letter = request.POST.get("do", ""), one.row
    if did == "look":
        told = _told(request, one)
        actions.check(one, **told, by=request.person, at=request.received_at)
        draft = made(one, id=str(ids.new()), **told, by=request.person.display_name, at=request.received_at)
        reading.read("letter_draft", patient, who=request.person.id, at=request.received_at)
        return HttpResponse(
            draft.paper, content_type=PDF, headers={"Content-Disposition": 'inline; filename="draft.pdf"'}
        )
    keyed = {**who, "key": key(request)}
    if did == "write":
        seen = request.POST.get("seen", "")
        state = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1
        actions.write(letter, **_told(request, one), seen=state, **keyed)
    elif did == "mail":
        sending.mail(letter, **keyed)
    elif did == "cover":
        sending.cover(letter, number=typed(request, "number"), pages=typed(request, "pages"), **keyed)
    elif did in (What.FAXED, What.POSTED):
        actions.left(letter, What(did), text=typed(request, "text"), **keyed)
    elif did == "arrived":
        actions.arrived(letter, name=typed(request, "name"), **who)
    elif did == "drop":
        actions.drop(letter, text=typed(request, "text"), **keyed)
    else:
        raise Refused("error.bad_request")
    return None


def _told(request: HttpRequest, one: Standing) -> dict[str, Any]:
    """What the form of the draft said. Words that nobody changed follow the language that is chosen."""
    language, text = typed(request, "language"), typed(request, "text").replace("\r\n", "\n")
    opens = letters()[one.row.occasion]["opens"]
    if text in opens.values() and language in opens:
        text = opens[language]
    return {
        "text": text,
        "language": language,
        "parts": request.POST.getlist("part"),
        "labels": request.POST.getlist("label"),
    }


def _as_it_is(one: Standing) -> dict[str, Any]:
    """As it was written last, or the draft in the language of whoever gets it."""
    if (row := one.written) is not None:
        lists = {"parts": row.parts.split(","), "labels": row.labels.split(",") if row.labels else []}
        return {"text": row.text, "language": row.language, **lists}
    rule, language = letters()[one.row.occasion], known(one.whom.language)
    return {"text": rule["opens"][language], "language": language, "parts": rule["parts"], "labels": []}
