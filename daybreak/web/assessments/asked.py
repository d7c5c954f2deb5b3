"""How is a rating scale a form, and what is written of its answers?

The wording is the published one of `daybreak.knowledge`, or the clinic's own licensed copy; where a language has none the
English one is shown. Without any, the items are numbers, answered from the clinic's own copy, and `NAME.total` takes a total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Observation, When, on
from daybreak.knowledge import scales
from daybreak.knowledge.suicide import calling, calls
from daybreak.knowledge.terms import terms
from daybreak.web import zones
from daybreak.web.assessments import followed, wordings
from daybreak.web.assessments.followed import BEFORE, NO, WHERE, YES
from daybreak.web.assessments.scoring import RETIRED, SAME_TIME, TROUBLE, scored, values
from daybreak.web.forms.form import NOT_SAID, Form, Kind, Option, Question
from daybreak.web.forms.models import Sitting
from daybreak.web.patients import actions as patients
from daybreak.web.patients import kinds
from daybreak.web.people.models import Person
from daybreak.web.tasks import suicide
from daybreak.web.words import known, word

TOTAL = "total"
TIERS = {"ship": "assessments.tier_ship", "pack": "assessments.tier_pack", "score only": "assessments.tier_score_only"}
TROUBLES = {
    "none": "assessments.trouble_none",
    "minor": "assessments.trouble_minor",
    "moderate": "assessments.trouble_moderate",
    "serious": "assessments.trouble_serious",
}
SCREENER, SUMS = "screener triage", ("sum", "max of groups", "skip-aware sum", "sum unless retired")


class Assessments:
    """The `Maker` of the forms of rating scales."""

    def ids(self) -> list[str]:
        """Every scale that we can score; one without wording a second time, for its total alone."""
        return [name for scale in scales.ids() for name in (scale, f"{scale}.{TOTAL}") if _offered(name)]

    def alone(self, name: str) -> bool:
        """Only what its authors meant to be answered by the patient, in the words that they meant."""
        return wordings.exists(name) and bool(scales.data(name)["respondent"]["is"] == "patient")

    def form(self, name: str, language: str) -> Form:
        """One question for each item, the answers of the scale as values."""
        scale, _, total = name.partition(".")
        if scale not in scales.ids() or not _offered(name):
            raise LookupError(name)
        data, lang = scales.data(scale), known(language)
        title = data["title"][lang]
        if total:
            asked = tuple(_followed(scale, _total(scale, data, lang), lang))
            title = word("assessments.total_only", lang, scale=title)
            return Form(f"assessment:{name}", title, "", lang, asked, _licence(data, lang))
        if not wordings.exists(scale):
            own = _screener(data, lang) if data["method"]["name"] == SCREENER else _numbered(scale, data, lang)
            return Form(f"assessment:{name}", title, "", lang, tuple(_followed(scale, own, lang)), _licence(data, lang))
        said = wordings.wording(scale, language)
        worded = _screener(data, lang, said) if data["method"]["name"] == SCREENER else _worded(scale, data, said)
        asked = tuple(_followed(scale, worded, said["language"]))
        return Form(f"assessment:{name}", title, "", said["language"], asked, said["attribution"])

    def sheet(self, name: str, language: str) -> Form:
        """The same: one question under the other."""
        return self.form(name, language)

    def urgent(self, name: str, question: Question, value: str) -> bool:
        """By the clinic's rule about suicide answers; what was not said is not "no"."""
        return self.urgent_item(_scale(name), question.id, value)

    def urgent_item(self, scale: str, item: str, value: str) -> bool:
        """The same for an item that another form asks too."""
        if item == WHERE:
            return False
        record = _item(scale, item, value)
        return record is None or calls(record, today=_ANY_DAY, rule=calling()) is not None

    def answered(self, sitting: Sitting, question: Question, value: str, *, by: Person | None, at: datetime) -> None:
        """The answer about suicide stands in the record at once, and calls for somebody by itself."""
        self.answered_item(sitting, _scale(_name(sitting)), question.id, value, by=by, at=at)

    def answered_item(
        self, sitting: Sitting, scale: str, item: str, value: str, *, by: Person | None, at: datetime
    ) -> None:
        """The same for an item that another form asks too."""
        record = _item(scale, item, value, at, _day(sitting, at))
        if record is not None:
            _tell(sitting, scale, [record], by=by, at=at)
        elif item == WHERE and value != NOT_SAID:
            suicide.said(sitting.patient, value, where=True, by=by, at=at)

    def tried(self, sitting: Sitting, question: Question, value: str, *, about: UUID, at: datetime) -> bool:
        """Whoever is called hears of it; the record does not say it."""
        return self.tried_item(sitting, _scale(_name(sitting)), question.id, value, about=about, at=at)

    def tried_item(self, sitting: Sitting, scale: str, item: str, value: str, *, about: UUID, at: datetime) -> bool:
        """The same for an item that another form asks too."""
        record = _item(scale, item, value, at, _day(sitting, at))
        if record is not None:
            return suicide.tried(sitting.patient, record, site_id=sitting.site_id, about=about, at=at)
        return value != NOT_SAID and suicide.said_by_link_taken_back(sitting.patient, value, at=at)

    def ended(
        self, sitting: Sitting, form: Form, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """Each item that has a name of its own in the record, and the total when the rule of the scale gives one."""
        self.ended_scale(sitting, _scale(_name(sitting)), answers, by=by, at=at)

    def ended_scale(
        self, sitting: Sitting, scale: str, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """The same for a scale that another form asks too. A safety item without any answer is what nobody can read."""
        asked = self.form(scale, sitting.language).questions
        safety = {one.id for one in asked if one.safety}
        always = {one.id for one in asked if one.safety and one.after is None}
        day = _day(sitting, at)
        found = [_item(scale, id, value, at, day) for id, value in answers.items() if id not in safety]
        found += [_item(scale, id, NOT_SAID, at, day) for id in sorted(always - answers.keys())]
        found += [_result(scale, answers, at, day), followed.level(answers, at, day)]
        _tell(sitting, scale, [one for one in found if one is not None], by=by, at=at)

    def ended_following(
        self, sitting: Sitting, scale: str, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """The same for what followed the item about suicide alone."""
        risk = followed.level(answers, at, _day(sitting, at))
        _tell(sitting, scale, [risk] if risk else [], by=by, at=at)


MAKER = Assessments()
_ANY_DAY = date.min  # an answer without a date is new on every day


def total_of(scale: str, answers: Mapping[str, str]) -> int | None:
    """The total that was typed, or that the answers give; None while it is open."""
    typed = answers.get(TOTAL, "")
    return int(typed) if typed.isdigit() else scored(scale, answers).total


def _name(sitting: Sitting) -> str:
    return sitting.form.partition(":")[2]


def _scale(name: str) -> str:
    return name.partition(".")[0]


def _offered(name: str) -> bool:
    scale, _, total = name.partition(".")
    return not total or (total == TOTAL and not wordings.exists(scale) and scales.data(scale)["method"]["name"] in SUMS)


def _safety(data: Mapping[str, Any]) -> int | None:
    return data["safety"]["item"] if "safety" in data else None


def sensitive(scale: str) -> bool:
    """Does a result of that scale bear a label, so that not everybody reads it?"""
    return kinds.sensitivity(Observation("", scale, None)) != kinds.ORDINARY


def _worded(scale: str, data: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Question]:
    """In words; where only the points of an item are known they stand alone."""
    for n, (words, offered) in enumerate(zip(said["items"], values(scale), strict=True), 1):
        anchors = said["anchors"][n - 1] if said["anchors"] else said["answers"]
        options = tuple(Option(*pair) for pair in zip(offered, anchors or offered, strict=True))
        yield Question(
            str(n),
            words,
            Kind.CHOICE,
            options,
            stem=said["stem"],
            safety=n == _safety(data),
            sensitive=sensitive(scale),
        )


def _followed(scale: str, questions: Iterator[Question], lang: str) -> Iterator[Question]:
    """After the item about suicide what follows it at once, when its answer calls for somebody."""
    data, screener = scales.data(scale), calling().followup["screener"]
    said = wordings.exists(screener) and wordings.wording(screener, lang)
    for one in questions:
        yield one
        if one.id == str(_safety(data)):
            shown = tuple(_screener(scales.data(screener), said["language"], said)) if said else ()
            yield from followed.following(one, calling().clear[f"{scale}.item-{one.id}"], shown, lang)


def _numbered(scale: str, data: Mapping[str, Any], lang: str) -> Iterator[Question]:
    """Item by item from the clinic's own copy, with what some methods ask beside the items."""
    stem, hidden = word("assessments.own_copy", lang), sensitive(scale)
    both = (Option(YES, word("assessments.yes", lang)), Option(NO, word("assessments.no", lang)))
    said = {"Y": both[0].words, "N": both[1].words}
    method = data["method"]
    if method["name"] == "sum unless retired":
        yield Question(RETIRED, word("assessments.retired", lang), Kind.CHOICE, both, stem=stem)
    for n, offered in enumerate(values(scale), 1):
        options = tuple(Option(value, said.get(value, value)) for value in offered)
        words = word("assessments.item", lang, n=n)
        yield Question(str(n), words, Kind.CHOICE, options, stem=stem, safety=n == _safety(data), sensitive=hidden)
    if method["name"] == "count with follow-ups":
        problems = tuple(Option(one, word(TROUBLES[one], lang)) for one in method["problems"])
        yield Question(SAME_TIME, word("assessments.same_time", lang), Kind.CHOICE, both, stem=stem)
        yield Question(TROUBLE, word("assessments.trouble", lang), Kind.CHOICE, problems, stem=stem)


def _screener(data: Mapping[str, Any], lang: str, said: Mapping[str, Any] | None = None) -> Iterator[Question]:
    """Each question in words, or by its number; one that hangs on another only after a yes to it."""
    both = (Option(YES, word("assessments.yes", lang)), Option(NO, word("assessments.no", lang)))
    for n, one in enumerate(data["method"]["questions"]):
        number = one["name"].removeprefix("q").removesuffix("recent")
        bare = "assessments.screener_recent" if one["name"].endswith("recent") else "assessments.screener_question"
        yield Question(
            one["name"],
            said["items"][n] if said else word(bare, lang, n=number),
            Kind.CHOICE,
            both,
            stem=said["stem"] if said else word("assessments.own_copy", lang),
            after=(one["after"], frozenset({YES})) if "after" in one else None,
            safety=True,
        )


def _total(scale: str, data: Mapping[str, Any], lang: str) -> Iterator[Question]:
    """The total; what the item about suicide said is asked beside it."""
    stem, highest = word("assessments.own_copy", lang), sum(max(one.values()) for one in scales.scale(scale).items)
    yield Question(
        TOTAL,
        word("assessments.total", lang, high=highest),
        Kind.NUMBER,
        stem=stem,
        low=Decimal(0),
        high=Decimal(highest),
        whole=True,
        sensitive=sensitive(scale),
    )
    if (item := _safety(data)) is not None:
        options = tuple(Option(value, value) for value in values(scale)[item - 1])
        yield Question(
            str(item), word("assessments.item_suicide", lang, n=item), Kind.CHOICE, options, stem=stem, safety=True
        )


def _licence(data: Mapping[str, Any], lang: str) -> str:
    return word(TIERS[data["licence"]["tier"]], lang)


def _day(sitting: Sitting, at: datetime) -> When:
    return on(zones.day_at(sitting.site_id, at))


def _item(name: str, id: str, value: str, at: datetime | None = None, day: When | None = None) -> Observation | None:
    """The record of one item; None when the record has no name for it."""
    if id.startswith(BEFORE):
        return followed.record(id, value, at, day)
    kind = next((one for one in (f"{name}.item-{id}", f"{name}.{id}") if one in terms().kinds), None)
    if kind is None:
        return None
    said = UNREADABLE if value == NOT_SAID else Decimal(value) if value.isdigit() else value
    return Observation("", kind, said, day, at)


def _result(scale: str, answers: Mapping[str, str], at: datetime, day: When) -> Observation | None:
    if scales.data(scale)["method"]["name"] == SCREENER:
        risk = scored(scale, answers).result["risk"]
        return risk and Observation("", f"{scale}.risk", risk, day, at)
    total = total_of(scale, answers)
    return Observation("", scale, Decimal(total), day, at) if total is not None and scale in terms().kinds else None


def _tell(sitting: Sitting, scale: str, said: list[Observation], *, by: Person | None, at: datetime) -> None:
    """As the patient's own words, or as the rating of the clinician."""
    if not said:
        return
    if by is not None and scales.data(scale)["respondent"]["is"] == "clinician":
        patients.rated(sitting.patient, said, site_id=sitting.site_id, by=by, at=at)
    else:
        patients.told_by_patient(sitting.patient, said, site_id=sitting.site_id, by=by, at=at)
