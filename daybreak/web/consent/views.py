"""The pages on which a clinician writes down the talk, sees what was understood, and has a consent signed or taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.knowledge import consents
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.consent import actions, blank, queries, sending
from daybreak.web.consent.items import DONE, OPEN, STILL, WAITS, items, title, waiting
from daybreak.web.consent.models import HERE, MODES, PAPER, Talk
from daybreak.web.consent.patient_views import read_and_drawn
from daybreak.web.consent.tags import sentence
from daybreak.web.consent.telling import MODES as MODE_WORDS
from daybreak.web.consent.told import Told
from daybreak.web.links.models import Link
from daybreak.web.links.tokens import address
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed
from daybreak.web.presence import handover
from daybreak.web.presence.tablet_views import FORGET
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES, known, word

INTERPRETERS = {
    "none": "consent.interpreter_none",
    "professional": "consent.interpreter_professional",
    "staff": "consent.interpreter_staff",
    "relative": "consent.interpreter_relative",
}
CAPACITY = {
    "has": "consent.capacity_has",
    "represented": "consent.capacity_represented",
    "no": "consent.capacity_no",
}
STATES = {
    OPEN: "consent.item_open",
    DONE: "consent.item_done",
    WAITS: "consent.item_waits",
    STILL: "consent.item_still",
}


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def every_consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What was agreed to and what holds; write down a new talk."""
    patient, allowed, _ = _opened(request, patient_id)
    language, at = get_language(), request.received_at
    told = queries.talks(patient)
    counts = {one.id for one in queries.newest(told)}
    offered = consents.documents(on=zones.today(at))
    shown: dict[str, Any] = {
        "documents": [(one["id"], one["title"][known(language)]) for one in offered],
        "listed": [{**_listed(one, at=at, language=language), "counts": one.id in counts} for one in told],
        "may_write": Permission.WRITE_PATIENTS in allowed,
        **_form(request, patient),
    }
    if request.method == "GET":
        return show(request, patient, "consent/every.html", **shown)
    try:
        talk = actions.begin(
            patient, request.POST.get("document", ""), _told(request), by=request.person, at=at, key=key(request)
        )
    except Refused as refused:
        return show(request, patient, "consent/every.html", problem=refused, **shown)
    return redirect(_where(talk))


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def one_consent(request: HttpRequest, patient_id: UUID, talk_id: UUID) -> HttpResponse:
    """One talk: what was understood, what has to be explained, by which door it is read and signed, and what became of it."""
    patient, allowed, _ = _opened(request, patient_id)
    talk = _talk(patient, talk_id)
    extra: dict[str, Any] = {}
    problem = None
    if request.method == "POST":
        try:
            done = _act(request, talk)
            if isinstance(done, HttpResponse):
                return done
            extra = done
        except Refused as refused:
            problem, talk = refused, _talk(patient, talk_id)
    language, found = get_language(), items(talk)
    shown = {
        "talk": talk,
        "listed": _listed(talk, at=request.received_at, language=language),
        "mode": word(MODE_WORDS[talk.mode], language),
        "items": [_shown(one, n, language) for n, one in enumerate(found, 1)],
        "may_write": Permission.WRITE_PATIENTS in allowed,
        "signature": getattr(talk, "signature", None),
        "waits": _waits(talk),
        "signable": all(one.state in (DONE, STILL) for one in found),
        "any_open": any(one.state == OPEN for one in found),
        "any_waits": bool(waiting(found)),
        "told": request.POST,
        "text_language": LANGUAGES[talk.language],
        "key": ids.new(),
    }
    return show(request, patient, "consent/one.html", problem=problem, **shown, **extra)


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, patient_id: UUID, talk_id: UUID) -> HttpResponse:
    """Everything again on one screen: the talk, the text as it is now, the questions, the signature."""
    patient, allowed, _ = _opened(request, patient_id)
    before = _talk(patient, talk_id)
    language, at = before.language, request.received_at
    try:
        document = consents.document(before.document, on=zones.today(at))
    except KeyError:
        raise Http404 from None
    said = {
        one["id"]: request.POST.get(f"item-{one['id']}", "")
        for one in (*document["statements"], *document["questions"])
    }
    shown = {
        "talk": before,
        "title": document["title"][known(get_language())],
        "language_name": LANGUAGES[language],
        "text_language": LANGUAGES[language],
        "told": request.POST,
        "statements": [(one["id"], one["says"][language], bool(said[one["id"]])) for one in document["statements"]],
        "questions": [
            (one["id"], one["asks"][language], _choices(one, language, said[one["id"]]))
            for one in document["questions"]
        ],
        "changed": consents.version(document) != before.version,
        "may_write": Permission.WRITE_PATIENTS in allowed,
        **_form(request, patient, before),
    }
    if request.method == "GET":
        return show(request, patient, "consent/renew.html", **shown)
    try:
        talk = actions.renew(
            patient,
            before.document,
            replace(_told(request), language=language),
            said,
            name=typed(request, "name"),
            **read_and_drawn(request),
            by=request.person,
            at=at,
            key=key(request),
        )
    except Refused as refused:
        return show(request, patient, "consent/renew.html", problem=refused, **shown)
    return redirect(_where(talk))


@needs(Permission.READ_PATIENTS)
@require_safe
def blank_sheet(request: HttpRequest, patient_id: UUID, talk_id: UUID) -> HttpResponse:
    """The sheet to sign by hand, as long as nothing is signed."""
    patient, _, registrations = _opened(request, patient_id)
    talk = _talk(patient, talk_id)
    if not _waits(talk):
        raise Http404
    reading.read("consent_sheet", patient, who=request.person.id, at=request.received_at, site=talk.site_id)
    number = registrations[0].number if registrations else ""
    made = blank.paper(talk, number=number, on=zones.day(request.received_at, talk.site.zone))
    head = {"Content-Disposition": 'attachment; filename="consent.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=head)


def _act(request: HttpRequest, talk: Talk) -> HttpResponse | dict[str, Any]:
    """What the button asks for: the page to go to, or what this page shows besides."""
    does, told = request.POST.get("do", "items"), {"by": request.person, "at": request.received_at}
    if does == "explain":
        actions.explain(talk, request.POST.get("item", ""), **told)
    elif does == "link":
        return _link(sending.link(talk, **told, key=key(request)))
    elif does == "mail":
        if sending.mail(talk, **told, key=key(request)) is None:
            raise Refused("forms.not_mailed")
        return {"said": word("consent.mailed", get_language())}
    elif does == "tablet" and _waits(talk):
        row = handover.hand(talk.patient, purpose=handover.CONSENT, about=talk.id, key=key(request), **told)
        request.session["handed"] = str(row.id)
        response = redirect("/tablet/consent/")
        response["Clear-Site-Data"] = FORGET
        return response
    elif does == "sign":
        _sign(request, talk)
    elif does == "end":
        actions.end(talk, reason=typed(request, "reason"), **told)
    elif does == "withdraw" and hasattr(talk, "signature"):
        actions.withdraw(talk.signature, reason=typed(request, "reason"), **told)
    else:
        for one in items(talk):
            if value := request.POST.get(f"item-{one.id}"):
                actions.say(talk, one.id, value, **told)
    return redirect(_where(talk))


def _sign(request: HttpRequest, talk: Talk) -> None:
    file = request.FILES.get("scan")
    actions.sign(
        talk,
        name=typed(request, "name"),
        clear=request.POST.get("clear", ""),
        **read_and_drawn(request),
        how=PAPER if file else HERE,
        scan=file.read() if file else b"",
        translation=typed(request, "translation") if file else "",
        by=request.person,
        at=request.received_at,
        key=key(request),
    )


def _link(link: Link) -> dict[str, Any]:
    where = address(link)
    picture = segno.make(where, error="m").svg_inline(scale=5, svgclass="code-picture", lineclass=None, omitsize=True)
    return {"address": where, "picture": picture, "until": zones.minute(link.expires)}


def _opened(request: HttpRequest, patient_id: UUID) -> tuple[Patient, frozenset[Permission], Any]:
    return patients.opened(request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS)


def _talk(patient: Patient, talk_id: UUID) -> Talk:
    talk = queries.one(patient, talk_id)
    if talk is None:
        raise Http404
    return talk


def _waits(talk: Talk) -> bool:
    return not hasattr(talk, "signature") and not hasattr(talk, "end")


def _where(talk: Talk) -> str:
    return f"/patients/{talk.patient_id}/consents/{talk.id}/"


def _told(request: HttpRequest) -> Told:
    return Told(**{name: typed(request, name) for name in Told.__dataclass_fields__})


def _form(request: HttpRequest, patient: Patient, before: Talk | None = None) -> dict[str, Any]:
    """The fields of the talk, as typed, or as the record has them."""
    language = get_language()
    said: Any = request.POST
    if request.method == "GET":
        spoken_in = before.spoken_in if before else patients.details(patient).language
        said = {"language": before.language if before else known(language), "spoken_in": spoken_in}
    return {
        "said": said,
        "languages": list(LANGUAGES.items()),
        "modes": [(one, word(MODE_WORDS[one], language)) for one in MODES],
        "interpreters": [(one, word(said, language)) for one, said in INTERPRETERS.items()],
        "capacities": [(one, word(said, language)) for one, said in CAPACITY.items()],
        "key": ids.new(),
    }


def _choices(question: Any, language: str, said: str) -> list[tuple[str, bool]]:
    """The answers, each with whether it was chosen."""
    return [(one["says"][language], said == str(n)) for n, one in enumerate(question["answers"])]


def _listed(talk: Talk, *, at: Any, language: str) -> dict[str, Any]:
    state = queries.state(talk, at=at)
    return {
        "talk": talk,
        "title": title(talk, language),
        "state": state,
        "sentence": sentence(talk, at=at, language=language),
        "treatment": queries.for_treatment(talk),
        "when": zones.minute(talk.created),
        "signed": zones.minute(talk.signature.created) if hasattr(talk, "signature") else "",
        "renewable": state in (queries.EXPIRED, queries.SERIES_OVER),
    }


def _shown(one: Any, n: int, language: str) -> dict[str, Any]:
    return {
        "one": one,
        "n": n,
        "state": word(STATES[one.state], language),
        "answers": [(i, words, i == one.said) for i, words in enumerate(one.answers)],
        "said": one.answers[one.said] if one.said is not None else "",
    }
