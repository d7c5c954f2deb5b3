"""What did a patient say at home before the next treatment? `{% before_visit patient %}`: also what they did not say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import get_language

from daybreak.knowledge import checkins
from daybreak.knowledge.spans import span
from daybreak.web import zones
from daybreak.web.checkins.asked import READY, TODAY
from daybreak.web.checkins.models import CheckIn
from daybreak.web.forms import makers
from daybreak.web.forms.answering import OTHERS
from daybreak.web.forms.form import Question, asked
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.words import word

register = template.Library()
FORMS = {name: f"checkin:{name}" for name in (READY, TODAY)}


@register.inclusion_tag("checkins/_before.html", takes_context=True)
def before_visit(context: Any, patient: Patient) -> dict[str, Any]:
    """Each of the two self-checks as it was asked last, until some hours after its time; nothing when none was."""
    return {"patient": patient, "told": told(patient, at=context["request"].received_at, language=get_language())}


def told(patient: Patient, *, at: datetime, language: str) -> list[dict[str, Any]]:
    """Of each self-check: when it was asked, and its questions with what was said; of none an answer is made up."""
    rows = CheckIn.objects.filter(
        patient__in=patients.together(patient),
        sitting__form__in=FORMS.values(),
        closes__gt=at - span("self-check-shown"),
    )
    newest: dict[str, CheckIn] = {}
    for row in rows.select_related("sitting").prefetch_related("sitting__answers").order_by("opens", "id"):
        if row.sitting.answers.all() or row.sitting.form not in newest:
            newest[row.sitting.form] = row  # what was asked again takes the place of an answer only once it is answered
    return [_told(name, newest[form], language) for name, form in FORMS.items() if form in newest]


def _told(name: str, row: CheckIn, language: str) -> dict[str, Any]:
    form = makers.form(row.sitting.form, language)
    looks = {one["id"]: one["tells"] for one in checkins.forms()[name]["questions"]}
    rows = sorted(row.sitting.answers.all(), key=lambda one: one.seq)
    said = {one.question: one.value for one in rows}
    return {
        "title": form.title,
        "asked": zones.minute(row.created),
        "last": zones.minute(rows[-1].created) if rows else "",
        "lines": [
            {
                "words": one.words,
                "said": _said(one, said.get(one.id), language),
                "open": one.id not in said or said[one.id] in OTHERS,
                "look": said.get(one.id) in looks[one.id],
            }
            for one in asked(form, said)
        ],
    }


def _said(one: Question, value: str | None, language: str) -> str:
    if value is None:
        return word("checkins.no_answer", language)
    if value in OTHERS:
        return word(OTHERS[value], language)
    return next((each.words for each in one.options if each.value == value), value)
