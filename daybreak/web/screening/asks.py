"""Which missing answer can be given right on the board, and how does it become an entry of the record?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from daybreak.clinical.answers import UNREADABLE, Answer, Reason, Term
from daybreak.clinical.records import DOMAINS, Exposure, Observation, on
from daybreak.clinical.screening.trd import Trd
from daybreak.clinical.screening.trials import Label
from daybreak.clinical.screening.view import View
from daybreak.knowledge.sentences import Language
from daybreak.knowledge.suicide import calling
from daybreak.knowledge.terms import terms
from daybreak.web import ids, zones
from daybreak.web.crisis.card import about_suicide
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import actions, records
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.screening import questionnaire, scores
from daybreak.web.screening.scores import ANOTHER, ITEMS, SEVERITY, SUBSTANCES, TOTALS, reading
from daybreak.web.words import word

PRESSURE, REVIEW, DOSE = "pressure", "review", "dose"
FIELDS = ("about", "of", "value", "seen", "systolic", "diastolic")
SCREENER = "c-ssrs-screen.risk"
SCORES = (TOTALS, ANOTHER)
FOLDED = {ITEMS: "screening.by_question", ANOTHER: "screening.another_scale"}  # longer ways than the first
# What a missing answer is about, by the reasons that name it; the words that can be chosen are those of knowledge.
CHOSEN = {
    "ask.pregnancy": "pregnancy_status",
    "pregnancy.expired": "pregnancy_status",
    "ask.lactation": "breastfeeding_status",
    "lactation.expired": "breastfeeding_status",
    "ask.suicide-screen": SCREENER,
    "ask.suicide-assessment": "suicide_assessment",
    "suicide.expired": SCREENER,
    "suicide.not-today": SCREENER,
}
CHOICES = {
    "pregnancy_status": {
        "not_pregnant": "screening.not_pregnant",
        "cannot": "screening.cannot_be_pregnant",
        "pregnant": "screening.pregnant",
        "maybe": "screening.maybe_pregnant",
        "declined": "screening.declined",
    },
    "breastfeeding_status": {
        "not_breastfeeding": "screening.not_breastfeeding",
        "breastfeeding": "screening.breastfeeding",
    },
    SCREENER: {
        "none": "screening.risk_none",
        "low": "screening.risk_low",
        "moderate": "screening.risk_moderate",
        "high": "screening.risk_high",
    },
    "suicide_assessment": {"done": "screening.assessed_today"},
}
# Observations that are given by a form of more than one word, by what they are of.
SEVERE = frozenset({"severity.none", "severity.expired", "severity.score"})
UNREAD = frozenset({"measure.none", "measure.expired", "measure.unreadable"})
PRESSURES = ("systolic", "diastolic")


@dataclass(frozen=True, slots=True)
class Ask:
    """One small form: `about` is an observation, `pressure`, `review` or `dose`; `of` are domains or a record."""

    about: str
    of: tuple[str, ...] = ()
    name: str = ""

    @property
    def choices(self) -> Mapping[str, str]:
        """The words that can be chosen, with the ids of their sentences."""
        return CHOICES.get(self.about, {})


def still_open(answer: Answer, view: View) -> Answer:
    """The answer without the suicide screener among what is missing, once it was gone through that day and found nothing to
    act on: the verdict stays what it is, but nobody is sent to ask the same again. What is urgent keeps asking."""
    rule = calling()
    done = any(o.when == on(view.day) and o.value in rule.calm for o in view.observations.get(rule.screener, ()))
    if not done or answer.reason.id.startswith("suicide."):
        return answer
    return answer._replace(missing=tuple(one for one in answer.missing if one.id != "ask.suicide-screen"))


def asks(answer: Answer) -> list[Ask]:
    """What can be asked for beside this answer, each question once."""
    found: dict[Ask, None] = {}
    for reason in every_reason((answer.reason, *answer.missing)):
        of = _of(reason)
        if reason.id in CHOSEN:
            found[Ask(CHOSEN[reason.id])] = None
        elif reason.id == "ask.pressure" or of in PRESSURES:
            found[Ask(PRESSURE)] = None
        elif reason.id in SEVERE or of in (SEVERITY, *scores.others()):
            found |= dict.fromkeys((Ask(TOTALS, (SEVERITY,)), Ask(ITEMS), Ask(ANOTHER, scores.others())))
        elif reason.id == "ask.substance":
            found[Ask(TOTALS, SUBSTANCES)] = None
        elif reason.id in ("review.none", "review.expired", "review.unread"):
            domains = tuple(t.id.removeprefix("domain.") for t in reason.values["domains"] if isinstance(t, Term))
            found[Ask(REVIEW, domains)] = None
    return list(found)


def _of(reason: Reason) -> str:
    """The observation that a reason misses; nothing when it misses none."""
    what = reason.values.get("what") if reason.id in UNREAD else None
    return what.id.removeprefix("observation.") if isinstance(what, Term) else ""


def shown(ask: Ask, language: Language, told: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The form in the words of a language, with the key that makes sending it twice harmless; filled with what was `told`
    when it was this form that could not be taken."""
    lang, of = language.language, ",".join(ask.of)
    back = told if told and told.get("about") == ask.about and (ask.about == DOSE or told.get("of", "") == of) else {}
    if ask.about == DOSE:
        label = word("screening.dose_of", lang, name=ask.name)
    else:
        label = language.word(f"observation.{ask.about}") if ask.choices else ""
    choices = [(value, word(said, lang)) for value, said in ask.choices.items()]
    if ask.about == REVIEW:  # one of them is enough: nobody is led to say more than they did
        choices = [(domain, language.word(f"domain.{domain}")) for domain in ask.of]
    if ask.about == ANOTHER:
        choices = [(scale, language.word(f"observation.{scale}")) for scale in ask.of]
    with_item = ask.about in (TOTALS, ANOTHER) and any(scores.asks_suicide(scale) for scale in ask.of)
    return {
        "about": ask.about,
        "of": of,
        "label": label,
        "choices": choices,
        "key": ids.new(),
        "asks_suicide": ask.about == ITEMS or with_item or about_suicide(ask.about),
        "with_item": with_item,
        "points": back.get(scores.SUICIDE, ""),
        "folded": word(FOLDED[ask.about], lang) if ask.about in FOLDED else "",
        "back": back,
        "totals": scores.totals(ask.of, language, back) if ask.about == TOTALS else [],
        "asked": questionnaire.shown(back, lang) if ask.about == ITEMS else None,
    }


def again(told: Mapping[str, str], language: Language) -> dict[str, Any] | None:
    """The form once more with what was typed and a new key, when its key had been used for another answer (back, and
    changed): the board may not ask it any more, and the change would be lost with it. None: there is no such form."""
    about, of = told.get("about", ""), tuple(filter(None, told.get("of", "").split(",")))
    known = {TOTALS: (SEVERITY, *SUBSTANCES), ANOTHER: scores.others()}
    if about not in {*CHOICES, PRESSURE, ITEMS, *known} or not set(of) <= set(known.get(about, ())):
        return None
    return shown(Ask(about, of), language, told) | {"folded": ""}


def every_reason(values: Any) -> Iterator[Reason]:
    """Every reason, also those inside the values of another."""
    for value in values:
        if isinstance(value, Reason):
            yield value
            yield from every_reason(value.values.values())
        elif isinstance(value, tuple):
            yield from every_reason(value)


def doses(view: View, trd: Trd, language: Language, *, unconfirmed: Collection[str] = ()) -> list[Ask]:
    """The courses whose missing dose keeps a trial open. One that nobody has confirmed is confirmed as a whole instead."""
    open_ = {e.resource for t in trd.trials if t.label is Label.POSSIBLE for e in t.evidence}
    return [
        Ask(DOSE, (e.ref,), e.text or language.word("medicine.unnamed"))
        for e in view.exposures
        if e.ref in open_ - set(unconfirmed)
        and (e.dose is None or e.dose is UNREADABLE)
        and e.ingredients is not UNREADABLE
    ]


@transaction.atomic
def give(patient: Patient, told: Mapping[str, str], *, by: Person, at: datetime, key: UUID) -> list[Observation]:
    """Write the answer of one small form into the record, by the record's own actions; which observations it gave.
    Refused with a sentence.

    The time of the answer is that of the first sending: a repetition finds the key and writes nothing.
    """
    patient = locked(Patient, pk=patient.pk)
    asked = {"patient": patient.id, **{name: told.get(name, "") for name in (*FIELDS, *scores.fields())}}
    if keys.known(key, action="answer", content=asked):
        return []
    today = zones.day_at(may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at), at)
    given = _written(patient, told, today=today, by=by, at=at, key=uuid5(key, "answer"))
    keys.remember(
        key, action="answer", content=asked, answer=patient.id, organisation_id=patient.organisation_id, at=at
    )
    return given


def _written(
    patient: Patient, told: Mapping[str, str], *, today: date, by: Person, at: datetime, key: UUID
) -> list[Observation]:
    about, who = told.get("about", ""), {"by": by, "at": at}
    given: list[Observation] = []
    if about in CHOICES:
        value = told.get("value", "")
        if value not in CHOICES[about]:
            raise Refused("screening.choose")
        given = [reading(about, value, at, today)]
        actions.add(patient, given[0], key=key, **who)
    elif about == PRESSURE:
        values = {kind: _number(told.get(kind, ""), kind) for kind in PRESSURES}
        if values["diastolic"] >= values["systolic"]:
            raise Refused("screening.pressure_swapped", **{k: str(v) for k, v in values.items()})
        for kind, number in values.items():
            actions.add(patient, reading(kind, number, at, today), key=uuid5(key, kind), **who)
    elif about == REVIEW:
        domains = [d for d in told.get("of", "").split(",") if d in DOMAINS]
        seen = told.get("seen", "")
        actions.review(patient, domains, on=today, seen=int(seen) if seen.isdigit() else -1, key=key, **who)
    elif about in SCORES:
        of = tuple(told.get("of", "").split(","))
        given = list(scores.readings(about, told, of=of, at=at, today=today))
        for one in given:
            actions.add(patient, one, key=uuid5(key, one.kind), **who)
    elif about == DOSE:
        _dose(patient, told, key=key, **who)
    else:
        raise Refused("screening.choose")
    return given


def _number(typed: str, kind: str) -> Decimal:
    bounds = terms().kinds[kind]
    number = _decimal(typed)
    if number is None or (bounds.low and number < bounds.low) or (bounds.high and number > bounds.high):
        raise Refused("screening.number", typed=typed[:20], low=str(bounds.low), high=str(bounds.high))
    return number


def _decimal(typed: str) -> Decimal | None:
    try:
        number = Decimal(typed.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and len(typed) < 9 else None


def _dose(patient: Patient, told: Mapping[str, str], *, by: Person, at: datetime, key: UUID) -> None:
    dose = _decimal(told.get("value", ""))
    if dose is None or dose <= 0:
        raise Refused("screening.dose", typed=told.get("value", "")[:20])
    for entry in records.current(patient):
        if entry.kind == Kind.EXPOSURE and (found := records.record(entry)).ref == told.get("of"):
            if records.unconfirmed_medicine(entry):
                raise Refused("screening.trials_unconfirmed", names=found.text)
            if isinstance(found.dose, Decimal) and found.dose != dose:
                raise Conflict("screening.changed_meanwhile")

            def with_dose(record: Exposure, dose: Decimal = dose) -> Exposure:
                return replace(record, dose=dose)

            actions.correct(entry, with_dose, by=by, at=at, key=key)
            return
    raise Conflict("screening.changed_meanwhile")
