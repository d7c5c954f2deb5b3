"""The pages on which staff ask for a form, write down what is said or was written on paper, and read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.forms import actions, makers, printed, queries, sending
from daybreak.web.forms.answering import OTHERS
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID, Form, Kind, Question, asked
from daybreak.web.forms.models import ALONE, Ended, Mode, Sitting
from daybreak.web.forms.on_one_page import brought, questions
from daybreak.web.links.tokens import address
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.people.views import set_language_cookie
from daybreak.web.posted import key, typed
from daybreak.web.presence import handover
from daybreak.web.presence.models import Pin
from daybreak.web.presence.tablet_views import FORGET
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES, known, word

MODES = {
    Mode.LINK: "forms.mode_link",
    Mode.PHONE: "forms.mode_phone",
    Mode.DESK: "forms.mode_desk",
    Mode.PAPER: "forms.mode_paper",
    Mode.TABLET: "forms.mode_tablet",
}
OFFERED = (Mode.LINK, Mode.TABLET, Mode.PHONE, Mode.DESK, Mode.PAPER)
ENDED = {
    Ended.FINISHED: "forms.finished",
    Ended.AS_FAR: "forms.as_far",
    Ended.WITHDRAWN: "forms.withdrawn",
    Ended.DIED: "forms.died",
}


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def every_form(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What was asked and how far it came; ask for another one."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.REGISTER_PATIENTS
    )
    language = get_language()
    offered = [(id, makers.form(id, language).title) for id in makers.every()]
    shown: dict[str, Any] = {
        "forms": offered,
        "modes": [
            (mode.value, word(MODES[mode], language))
            for mode in OFFERED
            if mode in ALONE or Permission.WRITE_PATIENTS in allowed
        ],
        "languages": list(LANGUAGES.items()),
        "chosen": {"form": request.POST.get("form", request.GET.get("form", "")), "mode": request.POST.get("mode", "")},
        "in_language": request.POST.get("language", known(language)),
        "key": ids.new(),
        "sittings": [_listed(one, language) for one in queries.of(patient)],
    }
    if request.method == "GET":
        return show(request, patient, "forms/every.html", **shown)
    try:
        mode = Mode(request.POST.get("mode", "")) if request.POST.get("mode") in list(Mode) else None
        if mode is None or shown["in_language"] not in LANGUAGES:
            raise Refused("forms.choose")
        row = actions.ask(
            patient,
            shown["chosen"]["form"],
            mode=mode,
            language=shown["in_language"],
            by=request.person,
            at=request.received_at,
            key=key(request),
        )
    except Refused as refused:
        return show(request, patient, "forms/every.html", problem=refused, **shown)
    return redirect(f"/patients/{patient.id}/forms/{row.id}/")


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def one_form(request: HttpRequest, patient_id: UUID, sitting_id: UUID) -> HttpResponse:
    """One form: to be filled in here, to be sent as a link, or to be read when it is over."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.REGISTER_PATIENTS
    )
    sitting = queries.one(patient, sitting_id)
    writes = Permission.WRITE_PATIENTS in allowed
    if sitting is None or not (writes or sitting.mode in ALONE):
        raise Http404
    language = get_language()
    form = makers.form(sitting.form, language)
    answers, late = queries.answers(sitting), queries.late(sitting)
    reads = Permission.READ_PATIENTS in allowed
    shown: dict[str, Any] = {
        "sitting": sitting,
        "listed": _listed(sitting, language),
        "form": form,
        "other_language": form.language != known(language),
        "over": queries.over(sitting),
        "fills": writes and sitting.mode not in ALONE,
        "may_write": writes,
        "key": ids.new(),
        "answered": len(answers),
        "reworded": sitting.version != makers.form(sitting.form, sitting.language).version,
        "handed": handover.for_form(sitting.id) if sitting.mode == Mode.TABLET else [],
        "has_pin": sitting.mode == Mode.TABLET and Pin.objects.filter(person=request.person).exists(),
        "read": _read(asked(form, answers), answers, allowed, language) if reads else None,
        "beside": makers.beside(sitting.form, language),
        "late": _read(form.questions, late, allowed, language) if reads and late else None,
    }
    refused = None
    if request.method == "POST":
        try:
            return _act(request, patient, sitting, form, shown)
        except Refused as problem:
            refused, answers = problem, {**answers, **brought(form, request.POST)}
            shown["minutes"] = typed(request, "minutes")
            now = queries.one(patient, sitting.id)
            if (
                shown["fills"] and now and queries.over(now)
            ):  # somebody else was there first: what was said here is shown
                shown |= {"over": True, "unkept": _read(asked(form, answers), answers, allowed, language)}
                shown["safety_unkept"] = any(one.safety and answers.get(one.id) for one in form.questions)
    shown |= {
        "questions": questions(form, answers, request.POST),
        "safety": any(one.safety for one in form.questions),
        "urgent": makers.urgent(sitting.form, form, answers),
        "opens": any(one.after and not one.safety for one in form.questions),
    }
    return show(request, patient, "forms/one.html", problem=refused, **shown)


@needs(Permission.REGISTER_PATIENTS)
@require_safe
def paper(request: HttpRequest, patient_id: UUID, sitting_id: UUID) -> HttpResponse:
    """The blank form in large print."""
    patient, _, registrations = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.REGISTER_PATIENTS
    )
    sitting = queries.one(patient, sitting_id)
    if sitting is None:
        raise Http404
    reading.read("form_paper", patient, who=request.person.id, at=request.received_at, site=sitting.site_id)
    maker, name = makers.maker(sitting.form)
    made = printed.paper(
        maker.sheet(name, sitting.language),
        on=zones.today(request.received_at),
        language=sitting.language,
        number=registrations[0].number if registrations else "",
    )
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="form.pdf"'}
    )


def _act(request: HttpRequest, patient: Patient, sitting: Sitting, form: Form, shown: dict[str, Any]) -> HttpResponse:
    does = request.POST.get("do", "fill")
    told = {"by": request.person, "at": request.received_at}
    if does == "link" and sitting.mode == Mode.LINK and not shown["over"]:
        link = sending.link(sitting, key=key(request), **told)
        where = address(link)
        picture = segno.make(where, error="m").svg_inline(
            scale=5, svgclass="code-picture", lineclass=None, omitsize=True
        )
        until = zones.minute(link.expires)
        return show(request, patient, "forms/one.html", address=where, picture=picture, until=until, **shown)
    if does == "mail" and sitting.mode == Mode.LINK and not shown["over"]:
        if sending.send(sitting, key=key(request), **told) is None:
            raise Refused("forms.not_mailed")
        return redirect(f"/patients/{patient.id}/reach/#messages")
    if does == "tablet" and sitting.mode == Mode.TABLET and not shown["over"]:
        return _hand(request, patient, sitting)
    if does == Ended.WITHDRAWN or (does == Ended.AS_FAR and sitting.mode in ALONE):
        actions.end(sitting, how=Ended(does), **told)
        return redirect(f"/patients/{patient.id}/forms/")
    posted, how = brought(form, request.POST), Ended.AS_FAR if does == Ended.AS_FAR else Ended.FINISHED
    try:
        actions.fill(sitting, posted, minutes=_minutes(request), key=key(request), how=how, **told)
    except Refused:
        actions.keep_safety(sitting, posted, **told)
        raise
    return redirect(f"/patients/{patient.id}/forms/{sitting.id}/")


def _minutes(request: HttpRequest) -> int | None:
    minutes = typed(request, "minutes")
    if minutes and not (minutes.isascii() and minutes.isdigit() and len(minutes) < len("10000")):
        raise Refused("forms.minutes", most=actions.MOST_MINUTES)
    return int(minutes) if minutes else None


def _hand(request: HttpRequest, patient: Patient, sitting: Sitting) -> HttpResponse:
    """This browser is the patient's now, for this form and in its language."""
    row = handover.hand(
        patient,
        purpose=handover.FORM,
        about=sitting.id,
        by=request.person,
        at=request.received_at,
        key=key(request),
    )
    request.session["handed"] = str(row.id)
    response = redirect(row.front)
    response["Clear-Site-Data"] = FORGET
    set_language_cookie(response, sitting.language)
    return response


def _read(
    every: Iterable[Question], answers: dict[str, str], allowed: frozenset[Permission], language: str
) -> list[tuple[str, str]]:
    """Each question that was answered, with its answer in words; one that bears a label only for those who may."""
    return [
        (
            one.words,
            word("labels.hidden", language)
            if one.sensitive and Permission.READ_SENSITIVE not in allowed
            else in_words(one, answers[one.id], language),
        )
        for one in every
        if one.id in answers
    ]


def in_words(one: Question, value: str, language: str) -> str:
    """The answer as its reader would say it."""
    if value in (NOT_SAID, NOT_KNOWN):
        return word(OTHERS[value], language)
    if one.kind in (Kind.CHOICE, Kind.SEVERAL):
        titles = {option.value: option.words for option in one.options}
        return "; ".join(titles.get(part, part) for part in value.split(" "))
    return f"{value} {one.unit}".strip()


def _listed(one: Sitting, language: str) -> dict[str, Any]:
    ending = getattr(one, "ending", None)
    return {
        "id": one.id,
        "title": makers.form(one.form, language).title,
        "mode": word(MODES[Mode(one.mode)], language),
        "asked": zones.minute(one.created),
        "by": one.by.display_name if one.by else word("forms.by_schedule", language),
        "ended": word(ENDED[Ended(ending.how)], language) if ending else "",
        "when": zones.minute(ending.created) if ending else "",
        "minutes": ending.minutes if ending else None,
    }
