"""The page of the harms that build up over months: what was given in all, what was answered, and what is due."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.clinical.followup.harms import Part, Sum, Why, summed
from daybreak.knowledge import harms as knowledge
from daybreak.knowledge.sentences import number
from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.assessments.changed import source
from daybreak.web.assessments.harms import DOMAINS
from daybreak.web.courses import queries as courses
from daybreak.web.patients import queries as patients
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.steering import harms
from daybreak.web.words import known, word

WHY = {
    Why.NEVER: "steering.harm_never",
    Why.TREATMENTS: "steering.harm_treatments",
    Why.TIME: "steering.harm_time",
    Why.NOT_DUE: "steering.harm_not_due",
}


@needs(Permission.READ_PATIENTS)
@require_safe
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Every part of the schedule, with the treatments and mg since its last whole answer."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS
    )
    lang = known(get_language())
    records = patients.together(patient)
    given = harms.doses(courses.of(patient), records)
    answers = harms.joined(harms.answered(records), records)
    found = harms.parts(given, answers, today=zones.today(request.received_at))
    shown = {
        "total": _sum(summed(given), lang) if given else "",
        "parts": [_line(one, lang) for one in found],
        "due": any(one.due for one in found),
        "form": harms.FORM,
        "may_ask": Permission.REGISTER_PATIENTS in allowed,
    }
    return show(request, patient, "steering/harms.html", **shown)


def _line(one: Part, lang: str) -> dict[str, Any]:
    rule = knowledge.again(one.domain)
    numbers = {"n": rule["treatments"], "days": rule["days"], "on": one.next.isoformat() if one.next else ""}
    last = one.last
    return {
        "name": word(DOMAINS[one.domain], lang),
        "due": one.due,
        "why": word(WHY[one.why], lang, **numbers),
        "last": word("steering.harm_last", lang, on=last.day.isoformat(), yes=last.yes) if last else "",
        "since": _sum(one.since, lang),
        "refer": rule["referral"][lang] if one.refer else "",
        "source": source(rule, lang),
    }


def _sum(one: Sum, lang: str) -> str:
    said = word("steering.given", lang, n=one.n)
    if not one.known:
        return f"{said} · {word('steering.given_unknown', lang)}" if one.n else said
    mg = number(one.mg_high) if one.mg_low == one.mg_high else f"{number(one.mg_low)}–{number(one.mg_high)}"
    whole = "steering.given_mg" if one.known == one.n else "steering.given_part"
    return f"{said} · {word(whole, lang, mg=mg, known=one.known)}"
