"""What does somebody do when thoughts of suicide come? The plan that a clinician writes down together with the patient."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from daybreak.web.forms.form import NOT_SAID, Form, Kind, Question
from daybreak.web.forms.makers import WithoutRisk
from daybreak.web.forms.models import Sitting
from daybreak.web.people.models import Person
from daybreak.web.words import known, word

NAME = "safety-plan"
ASKED = {
    "signs": "assessments.plan_signs",
    "alone": "assessments.plan_alone",
    "company": "assessments.plan_company",
    "people": "assessments.plan_people",
    "clinicians": "assessments.plan_clinicians",
    "means": "assessments.plan_means",
    "reasons": "assessments.plan_reasons",
}


class Plan(WithoutRisk):
    """The `Maker` of the one form. Its answers stay in the form, as they were said; the newest one is the plan."""

    def ids(self) -> list[str]:
        """One."""
        return [NAME]

    def alone(self, name: str) -> bool:
        """It is made in a talk, never sent."""
        return False

    def form(self, name: str, language: str) -> Form:
        """Seven questions in our own words."""
        if name != NAME:
            raise LookupError(name)
        lang = known(language)
        stem = word("assessments.plan_explained", lang)
        asked = tuple(
            Question(id, word(said, lang), Kind.TEXT, others=(NOT_SAID,), stem=stem) for id, said in ASKED.items()
        )
        return Form(f"plan:{NAME}", word("assessments.plan", lang), "", lang, asked, word("assessments.plan_own", lang))

    def ended(
        self, sitting: Sitting, form: Form, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """It is what it says; nothing is read from it."""


MAKER = Plan()
