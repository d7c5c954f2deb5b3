"""How are the short forms of the check-ins forms, and who has a look at an answer?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from daybreak.knowledge import checkins
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID, Form, Kind, Option, Question
from daybreak.web.forms.makers import WithoutRisk
from daybreak.web.forms.models import Sitting
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind as TaskKind
from daybreak.web.tasks.models import Level
from daybreak.web.words import known, word

READY, TODAY, AFTER, MOOD = "ready", "today", "after", "mood"


class CheckIns(WithoutRisk):
    """The `Maker` of our own short forms. Their answers stay in the form."""

    def ids(self) -> list[str]:
        """Each can be asked by every door."""
        return list(checkins.forms())

    def alone(self, name: str) -> bool:
        """They are made for that."""
        return True

    def form(self, name: str, language: str) -> Form:
        """Few questions, one a page."""
        file = checkins.forms().get(name)
        if file is None:
            raise LookupError(name)
        said = known(language)
        asked = tuple(_questions(file["questions"], said))
        return Form(f"checkin:{name}", file["title"][said], "", said, asked, word("checkins.own", said))

    def ended(
        self, sitting: Sitting, form: Form, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """One task of a nurse for every answer that asks for a look, as soon as the soonest of them is seen to."""
        asked = checkins.forms()[sitting.form.partition(":")[2]]["questions"]
        hours = [one["hours"] for one in asked if answers.get(one["id"]) in one["tells"]]
        if not hours:
            return
        tasks.make(
            source=f"checkin {sitting.id}",
            kind=TaskKind.REVIEW,
            what="checkins.task_look",
            site=sitting.site,
            patient=sitting.patient,
            level=Level.BY,
            due=at + timedelta(hours=min(hours)),
            permission=Permission.READ_PATIENTS,
            role=Role.NURSE,
            where=f"/patients/{sitting.patient_id}/forms/{sitting.id}/",
            by=by,
            at=at,
        )


MAKER = CheckIns()


def _questions(asked: Sequence[Mapping[str, Any]], said: str) -> Iterator[Question]:
    before = ""
    for one in asked:
        yield Question(
            one["id"],
            one["words"][said],
            Kind.CHOICE if one["choices"] else Kind.TEXT,
            tuple(Option(each["id"], each["words"][said]) for each in one["choices"]),
            others=(NOT_SAID, NOT_KNOWN) if one["choices"] else (NOT_SAID,),
            after=(before, frozenset(one["after"])) if one["after"] else None,
        )
        before = one["id"]
