"""Which app makes a form, and what does it do with the answers? `assessment:phq-9` is made by `assessments`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol, cast
from uuid import UUID

from django.utils.module_loading import import_string

from daybreak.web.forms.form import Form, Question
from daybreak.web.forms.models import Sitting
from daybreak.web.people.models import Person
from daybreak.web.words import known

# What stands before the colon in the id of a form, and the `Maker` of those forms.
MAKERS = {
    "intake": "daybreak.web.intake.asked.MAKER",
    "assessment": "daybreak.web.assessments.asked.MAKER",
    "plan": "daybreak.web.assessments.plan.MAKER",
    "harms": "daybreak.web.assessments.harms.MAKER",
    "followup": "daybreak.web.assessments.after_total.MAKER",
    "checkin": "daybreak.web.checkins.asked.MAKER",
}


# Of some it is known where else the same is asked: a function of the language.
BESIDE = {"harms": "daybreak.web.assessments.harms.beside"}


@dataclass(frozen=True, slots=True)
class Beside:
    """A table of what stands beside the parts of a form elsewhere, with the titles of its sources."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]


class Maker(Protocol):
    """What an app does that has forms. `answered` and `ended` run in the transaction of the answer and of the end."""

    def ids(self) -> list[str]:
        """The forms that can be asked, without what stands before the colon."""

    def alone(self, name: str) -> bool:
        """May the patient answer it alone, by a link or on a tablet?"""

    def form(self, name: str, language: str) -> Form:
        """The form in that language, or in the one that there is. LookupError: there is no such form."""

    def sheet(self, name: str, language: str) -> Form:
        """The same on paper, where nothing can appear after an answer."""

    def urgent(self, name: str, question: Question, value: str) -> bool:
        """Does this answer to a question of `safety` call for somebody, so that the crisis card is shown at once?"""

    def answered(self, sitting: Sitting, question: Question, value: str, *, by: Person | None, at: datetime) -> None:
        """An answer was given to a question of `safety`."""

    def tried(self, sitting: Sitting, question: Question, value: str, *, about: UUID, at: datetime) -> bool:
        """An answer to a question of `safety` came by a link (`about`) that was taken back; True: somebody is told of it."""

    def ended(
        self, sitting: Sitting, form: Form, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """It is over: all was answered, or all that will be."""


class WithoutRisk:
    """A `Maker` none of whose questions is one about suicide; on paper it is the same form."""

    def form(self, name: str, language: str) -> Form:
        """As `Maker.form`: each has its own."""
        raise NotImplementedError

    def sheet(self, name: str, language: str) -> Form:
        """The same."""
        return self.form(name, language)

    def urgent(self, name: str, question: Question, value: str) -> bool:
        """Nothing is."""
        return False

    def answered(self, sitting: Sitting, question: Question, value: str, *, by: Person | None, at: datetime) -> None:
        """Nothing follows at once."""

    def tried(self, sitting: Sitting, question: Question, value: str, *, about: UUID, at: datetime) -> bool:
        """Nobody is told."""
        return False


def maker(form_id: str) -> tuple[Maker, str]:
    """Who makes this form, and what it is called there. LookupError: nobody does."""
    kind, _, name = form_id.partition(":")
    return cast("Maker", import_string(MAKERS[kind])), name


def form(form_id: str, language: str) -> Form:
    """The form in that language. LookupError: there is none."""
    return _form(form_id, known(language))


@cache
def _form(form_id: str, language: str) -> Form:
    made, name = maker(form_id)
    return made.form(name, language)


def urgent(form_id: str, form: Form, answers: Mapping[str, str]) -> bool:
    """Does one of these answers call for somebody?"""
    made, name = maker(form_id)
    return any(one.id in answers and made.urgent(name, one, answers[one.id]) for one in form.questions if one.safety)


def beside(form_id: str, language: str) -> Beside | None:
    """What stands beside it elsewhere; None where nothing is known."""
    path = BESIDE.get(form_id.partition(":")[0])
    return cast("Beside", import_string(path)(language)) if path else None


def every() -> list[str]:
    """The ids of all forms that can be asked."""
    return [f"{kind}:{name}" for kind in MAKERS for name in maker(f"{kind}:")[0].ids()]
