"""Has a treatment done harm that shows only between treatments, or over months? A checklist in our own words, as a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from daybreak.knowledge import harms
from daybreak.knowledge.store import loaded
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID, Form, Kind, Option, Question
from daybreak.web.forms.makers import Beside, WithoutRisk
from daybreak.web.forms.models import Sitting
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind as TaskKind
from daybreak.web.tasks.models import Level
from daybreak.web.words import known, word

NAME = "over-time"
YES, NO = "yes", "no"
DOMAINS = {
    "after": "assessments.harm_after",
    "mood": "assessments.harm_mood",
    "bladder": "assessments.harm_bladder",
    "thinking": "assessments.harm_thinking",
    "dependence": "assessments.harm_dependence",
    "liver": "assessments.harm_liver",
    "nose": "assessments.harm_nose",
}


class Harms(WithoutRisk):
    """The `Maker` of the one form. Its answers stay in the form; a yes is a task of a prescriber."""

    def ids(self) -> list[str]:
        """One."""
        return [NAME]

    def alone(self, name: str) -> bool:
        """The patient can answer it by themselves."""
        return True

    def form(self, name: str, language: str) -> Form:
        """Every item, each beneath what it is about."""
        if name != NAME:
            raise LookupError(name)
        lang = known(language)
        options = (Option(NO, word("assessments.harm_no", lang)), Option(YES, word("assessments.harm_yes", lang)))
        asked = tuple(
            Question(
                id,
                one["words"][lang],
                Kind.CHOICE,
                options=options,
                others=(NOT_SAID, NOT_KNOWN),
                stem=word(DOMAINS[one["domain"]], lang),
            )
            for id, one in harms.items().items()
        )
        told = [
            word(one, lang) for one in ("assessments.harms", "assessments.harms_explained", "assessments.harms_own")
        ]
        return Form(f"harms:{NAME}", told[0], told[1], lang, asked, told[2])

    def ended(
        self, sitting: Sitting, form: Form, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """One task for every yes together, as soon as the soonest of them is seen to."""
        hours = [one["hours"] for id, one in harms.items().items() if answers.get(id) == YES]
        if not hours:
            return
        tasks.make(
            source=f"harms {sitting.id}",
            kind=TaskKind.REVIEW,
            what="assessments.task_harm",
            site=sitting.site,
            patient=sitting.patient,
            level=Level.BY,
            due=at + timedelta(hours=min(hours)),
            permission=Permission.READ_PATIENTS,
            role=Role.PRESCRIBER,
            where=f"/patients/{sitting.patient_id}/forms/{sitting.id}/",
            by=by,
            at=at,
        )


MAKER = Harms()


def beside(language: str) -> Beside:
    """Each part of the checklist beside the forms of the published tool, by their names alone."""
    lang, tools = known(language), harms.tools()

    def form(tool: str, id: str | None) -> str:
        return next((one["words"][lang] for one in tools[tool]["forms"] if one["id"] == id), "–")

    titles = {one["id"]: one["title"] for file in loaded("sources").values() for one in file["sources"]}
    rows = [
        (
            word(DOMAINS.get(one["ours"], "assessments.harm_session"), lang),
            *(form(tool, one.get(tool)) for tool in tools),
            one["domain"][lang] if "domain" in one else word("assessments.harm_no_domain", lang),
        )
        for one in harms.mapped()
    ]
    theirs = [tool["title"][lang] for tool in tools.values()]
    return Beside(
        word("assessments.harm_beside", lang),
        (word("assessments.harm_ours", lang), *theirs, word("assessments.harm_domain", lang)),
        tuple(rows),
        tuple(titles[one["source"]["id"]] for one in tools.values()),
    )
