"""What did a patient say at home before the next treatment? Also what they did not say: nothing is made up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from daybreak.knowledge import checkins
from daybreak.knowledge.spans import span
from daybreak.web import zones
from daybreak.web.checkins.asked import READY, TODAY
from daybreak.web.forms import makers
from daybreak.web.forms.answering import OTHERS
from daybreak.web.forms.form import Question, asked
from daybreak.web.forms.models import UNUSED, Answer, Sitting
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.words import word

FORMS = {f"checkin:{name}": name for name in (READY, TODAY)}


def of(patient: Patient, *, at: datetime, language: str) -> list[dict[str, Any]]:
    """The same of whatever this patient was asked, for whoever lets them in: two queries."""
    every = Sitting.objects.filter(patient__in=queries.together(patient), form__in=FORMS, checkin__isnull=False)
    rows = [
        one
        for one in every.select_related("ending", "checkin")
        if not (hasattr(one, "ending") and one.ending.how in UNUSED)
    ]
    return told(rows, at=at, language=language)


def told(sittings: Iterable[Sitting], *, at: datetime, language: str) -> list[dict[str, Any]]:
    """Of these, the newest of each self-check that the schedule asked, until some hours after its time: when it was asked, and
    its questions with what was said. What was asked again takes the place of an answer once it is answered itself."""
    since = at - span("self-check-shown")
    mine = [one for one in sittings if one.form in FORMS and hasattr(one, "checkin") and one.checkin.closes > since]
    if not mine:
        return []
    rows: dict[object, list[Answer]] = {one.id: [] for one in mine}
    for row in Answer.objects.filter(sitting__in=mine).order_by("seq"):
        rows[row.sitting_id].append(row)
    newest: dict[str, Sitting] = {}
    for one in sorted(mine, key=lambda one: one.created):
        if rows[one.id] or one.form not in newest:
            newest[one.form] = one
    return [_told(newest[form], rows[newest[form].id], language) for form in FORMS if form in newest]


def _told(sitting: Sitting, rows: list[Answer], language: str) -> dict[str, Any]:
    form = makers.form(sitting.form, language)
    looks = {one["id"]: one["tells"] for one in checkins.forms()[FORMS[sitting.form]]["questions"]}
    said = {one.question: one.value for one in rows}
    return {
        "title": form.title,
        "asked": zones.minute(sitting.created),
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
