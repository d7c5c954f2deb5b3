"""How is a form gone through on the board, as the PHQ-9 with what follows its last item? As it is at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import QueryDict

from daybreak.web import ids
from daybreak.web.forms import actions as forms
from daybreak.web.forms import makers, queries
from daybreak.web.forms.models import Mode
from daybreak.web.forms.on_one_page import brought, questions
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.posted import is_id
from daybreak.web.refusals import Refused
from daybreak.web.screening.scores import SEVERITY
from daybreak.web.words import known

FORM = f"assessment:{SEVERITY}"


def shown(told: Mapping[str, str], language: str, form_id: str = FORM) -> dict[str, Any]:
    """The questions with what was `told` when they could not be taken; `sitting` stays the same until they are."""
    form = makers.form(form_id, language)
    answers = brought(form, told) if isinstance(told, QueryDict) else {}
    sitting = told.get("sitting", "")
    return {
        "form": form,
        "questions": questions(form, answers, told),
        "sitting": sitting if is_id(sitting) else ids.new(),
        "language": form.language,
    }


def give(patient: Patient, told: QueryDict, *, by: Person, at: datetime, key: UUID, form_id: str = FORM) -> None:
    """Every answer is the patient's, written down by staff. Of what is not complete the safety answers alone are kept."""
    if not is_id(told.get("sitting")):
        raise BadRequest("the form does not say which questionnaire it is")
    language = known(told.get("language"))
    form, about = makers.form(form_id, language), {"by": by, "at": at}
    asked = {"mode": Mode.DESK, "language": language, "key": UUID(told["sitting"])}
    answers = brought(form, told)
    try:
        with transaction.atomic():
            sitting = forms.ask(patient, form_id, **asked, **about)
            forms.fill(sitting, answers, minutes=None, **about, key=key)
    except Refused:
        with transaction.atomic():
            sitting = forms.ask(patient, form_id, **asked, **about)
            forms.keep_safety(sitting, answers, **about)
            transaction.set_rollback(not queries.answers(sitting))  # a form that says nothing was never asked
        raise
