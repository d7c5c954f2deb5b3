"""How is a rating scale a form, and what is written of its answers?

The wording is the published one of `daybreak.knowledge`; where a language has none the English one is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Observation, on
from daybreak.knowledge import scales
from daybreak.knowledge.store import load
from daybreak.knowledge.suicide import calling, calls
from daybreak.knowledge.terms import terms
from daybreak.web import zones
from daybreak.web.assessments.scoring import scored
from daybreak.web.forms.form import NOT_SAID, Form, Kind, Option, Question
from daybreak.web.forms.models import Sitting
from daybreak.web.patients import actions as patients
from daybreak.web.people.models import Person
from daybreak.web.words import known


def wording(scale: str, language: str) -> Mapping[str, Any]:
    """The published words in that language, else in English. LookupError: none may be shown."""
    every = load("wordings")
    found = every.get(f"{scale}.{known(language).lower()}") or every.get(f"{scale}.en")
    if found is None:
        raise LookupError(scale)
    return found  # type: ignore[no-any-return]


class Assessments:
    """The `Maker` of the forms of rating scales."""

    def ids(self) -> list[str]:
        """The scales whose wording may be shown."""
        return sorted({name.partition(".")[0] for name in load("wordings")})

    def alone(self, name: str) -> bool:
        """Only what its authors meant to be answered by the patient."""
        return bool(scales.data(name)["respondent"]["is"] == "patient")

    def form(self, name: str, language: str) -> Form:
        """One question for each item, the points as values."""
        said, data = wording(name, language), scales.data(name)
        safety = data["safety"]["item"] if "safety" in data else None
        answers = tuple(Option(str(points), words) for points, words in enumerate(said["answers"]))
        return Form(
            id=f"assessment:{name}",
            title=data["title"][known(language)],
            explained="",
            language=said["language"],
            questions=tuple(
                Question(str(n), words, Kind.CHOICE, answers, stem=said["stem"], safety=n == safety)
                for n, words in enumerate(said["items"], 1)
            ),
            attribution=said["attribution"],
        )

    def sheet(self, name: str, language: str) -> Form:
        """The same: one question under the other."""
        return self.form(name, language)

    def urgent(self, name: str, question: Question, value: str) -> bool:
        """By the clinic's rule about suicide answers; what was not said is not "no"."""
        return self.urgent_item(name, question.id, value)

    def urgent_item(self, scale: str, item: str, value: str) -> bool:
        """The same for an item that another form asks too."""
        record = _item(scale, item, value, None)
        return record is None or calls(record, today=_ANY_DAY, rule=calling()) is not None

    def answered(self, sitting: Sitting, question: Question, value: str, *, by: Person | None, at: datetime) -> None:
        """The answer about suicide stands in the record at once, and calls for somebody by itself."""
        self.answered_item(sitting, _name(sitting), question.id, value, by=by, at=at)

    def answered_item(
        self, sitting: Sitting, scale: str, item: str, value: str, *, by: Person | None, at: datetime
    ) -> None:
        """The same for an item that another form asks too."""
        record = _item(scale, item, value, at)
        if record is not None:
            _tell(sitting, [record], by=by, at=at)

    def ended(
        self, sitting: Sitting, form: Form, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """Each item that has a name of its own in the record, and the total when the rule of the scale gives one."""
        self.ended_scale(sitting, _name(sitting), answers, by=by, at=at)

    def ended_scale(
        self, sitting: Sitting, scale: str, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """The same for a scale that another form asks too. A safety item without any answer is what nobody can read."""
        data = scales.data(scale)
        safety = {str(data["safety"]["item"])} if "safety" in data else set()
        found = [_item(scale, id, value, at) for id, value in answers.items() if id not in safety]
        found += [_item(scale, id, NOT_SAID, at) for id in safety - answers.keys()]
        total = scored(scale, answers).total
        if total is not None and scale in terms().kinds:
            found.append(Observation("", scale, Decimal(total), on(zones.day_at(sitting.site_id, at)), at))
        _tell(sitting, [one for one in found if one is not None], by=by, at=at)


MAKER = Assessments()
_ANY_DAY = date.min  # an answer without a date is new on every day


def _name(sitting: Sitting) -> str:
    return sitting.form.partition(":")[2]


def _item(name: str, number: str, value: str, at: datetime | None) -> Observation | None:
    """The record of one item; None when the record has no name for it."""
    kind = f"{name}.item-{number}"
    if kind not in terms().kinds:
        return None
    return Observation("", kind, UNREADABLE if value == NOT_SAID else Decimal(value), at and on(zones.today(at)), at)


def _tell(sitting: Sitting, said: list[Observation], *, by: Person | None, at: datetime) -> None:
    if said:
        patients.told_by_patient(sitting.patient, said, site_id=sitting.site_id, by=by, at=at)
