"""Which other medicines does the patient take, by the list that was gone through and by what was said today?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.clinical.answers import Reason
from daybreak.clinical.records import AsOf
from daybreak.clinical.screening.criteria import FactAnswer
from daybreak.clinical.screening.medicines import taking
from daybreak.clinical.screening.view import View
from daybreak.clinical.treatment.other_drugs import Drugs, said
from daybreak.knowledge import rems, sessions
from daybreak.knowledge.rules import words
from daybreak.knowledge.sentences import language as spoken
from daybreak.web.patients import records
from daybreak.web.rems import queries
from daybreak.web.rems.lines import Facts, Line
from daybreak.web.treatment import timeline
from daybreak.web.words import word

MEDICINES = ("medicines",)
ANSWERS = {True: "rems.yes", False: "rems.no"}


def lists(found: Facts, version: str) -> dict[str, Line]:
    """Every list of that version, by its id."""
    asked = [one for one in rems.fields(version) if one["kind"] == "list"]
    if not asked:
        return {}
    session = found.now.session
    view = View(
        records.chart_of(found.details, records.current(session.patient)), AsOf(queries.day(found.now)), words()
    )
    return {one["id"]: _list(found, one, view) for one in asked}


def _list(found: Facts, about: Mapping[str, Any], view: View) -> Line:
    language, days = found.language, rems.form()["reviewed"]["days"]
    by_class = [taking(view, classes=(one,), domains=MEDICINES, valid_days=days) for one in about["classes"]]
    answers = found.now.state.answers
    new = rems.form()["new"]
    drugs = Drugs(
        _any(one.value for one in by_class),
        tuple(said(answers[one].answer if one in answers else None) for one in about["asked"]),
        said(answers[new].answer if new in answers else None),
    )
    taken = list(dict.fromkeys(name for one in by_class if one.value for name in one.reason.values["found"]))
    value = word(ANSWERS[drugs.answer], language) if drugs.answer is not None else ""
    notes = [_listed(drugs.listed, taken, by_class, language)]
    notes += [_today(found, one) for one in (*about["asked"], new)]
    notes += [word("rems.differs", language)] if drugs.differs else []
    return Line(about, about["words"][language], ": ".join([value, ", ".join(taken)]) if taken else value, tuple(notes))


def _any(values: Any) -> bool | None:
    every = list(values)
    return True if True in every else None if None in every else False


def _listed(listed: bool | None, taken: list[str], by_class: list[FactAnswer], language: str) -> str:
    if listed:
        return word("rems.listed", language, found=", ".join(taken))
    if listed is False:
        return word("rems.not_listed", language)
    why: list[Reason] = [one.reason for one in by_class if one.value is None]
    return word("rems.list_unknown", language, why=spoken(language).say(why[0]))


def _today(found: Facts, question: str) -> str:
    """Today's answer, with what was told of it."""
    language = found.language
    title = sessions.question(question)["title"][language]
    told = found.now.state.answers.get(question)
    if told is None:
        return word("rems.today_unasked", language, question=title)
    answer = timeline.answer(question, told.answer, language, sensitive=True)
    more = [str(one.told.get("text", "")) for one in found.events if one.told.get("question") == question]
    return word(
        "rems.today", language, question=title, answer=" · ".join(each for each in (answer, *more[-1:]) if each)
    )
