"""How does what was typed become a clinical record, and how is a record shown to be typed over?

An empty field is "not recorded". A question mark is "asked, and cannot be known", which is something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from daybreak.clinical import records
from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import When
from daybreak.exchange.fhir.dates import read_date
from daybreak.knowledge.store import load
from daybreak.knowledge.suicide import calling, item_of
from daybreak.knowledge.terms import terms
from daybreak.web.patients import weights
from daybreak.web.patients.fields import FIELDS, FORMS, REPLIES, Field
from daybreak.web.patients.identity import Wrong
from daybreak.web.patients.kinds import KIND_OF, RECORD_OF, Kind, Record
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word

UNKNOWABLE = "?"
LONGEST = 500  # characters of a text


class Unfit(Refused):
    """What stands in one field cannot be taken; the sentence names the field in the reader's language."""

    def __init__(self, id: str, field: Field, **values: Any) -> None:
        super().__init__(id, in_field=field.name, label=word(field.label, "en"), **values)
        self.label = field.label

    def _said(self, language: str) -> str:
        return word(self.id, language, **{**self.values, "label": word(self.label, language)})


def form_of(record: Record) -> str | None:
    """The form that can correct a record; None when there is none (a review is done again, a problem is the file's)."""
    kind = KIND_OF[type(record)]
    if kind == Kind.OBSERVATION and record.kind == weights.WEIGHT:
        return "weight"
    return kind.value if kind.value in FIELDS else None


@cache
def titles(pick: str, language: str) -> dict[str, str]:
    """What can be picked, by id, with its title."""
    if pick == "concepts":
        items = [one for file in load("conditions").values() for one in file["concepts"]]
    elif pick == "medicines":
        items = list(terms().medicines.values())
    else:
        items = [one for one in load("observations")["observations"]["kinds"] if one["id"] != weights.WEIGHT]
    named = {one["id"]: one["title"][language] for one in items}
    return dict(sorted(named.items(), key=lambda one: one[1].casefold()))


def shown(record: Record, form: str) -> dict[str, str]:
    """What the fields of the form hold for that record, as somebody would have typed it."""
    return {field.name: _typed(getattr(record, field.name, None)) for field in FIELDS[form]} | (
        {"unit": weights.KILOGRAM} if form == "weight" else {}
    )


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if value is UNREADABLE:
        return UNKNOWABLE
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple | frozenset):
        return ",".join(sorted(value) if isinstance(value, frozenset) else value)
    return str(value)


def said(record: Record, language: str) -> list[tuple[str, str]]:
    """The record for reading: each field that says something, its label and its value in words."""
    form = form_of(record)
    if form is None:
        return []
    pairs = []
    for field, typed in zip(FIELDS[form], shown(record, form).values(), strict=True):
        if typed and field.name not in ("text", "unit"):
            pairs.append((word(field.label, language), in_words(field, typed, language)))
    return pairs


def in_words(field: Field, typed: str, language: str) -> str:
    """One value as the reader says it."""
    if typed == UNKNOWABLE:
        return word("choice.unknowable", language)
    if field.choices and typed in field.choices:
        return word(field.choices[typed], language)
    if field.pick:
        names = titles(field.pick, known(language))
        return ", ".join(names.get(one, one) for one in typed.split(","))
    return reply(typed, language) if field.name == "value" else typed


def made(form: str, typed: Mapping[str, str], *, today: date, base: Record | None = None) -> Record:
    """The record that was typed. In a correction a field that was left as it was shown keeps its exact value.

    Wrong with every problem, not the first alone.
    """
    before = shown(base, form) if base is not None else {}
    problems: list[Refused] = []
    values: dict[str, Any] = {}
    for field in FIELDS[form]:
        text = typed.get(field.name, "")
        if base is not None and text == before[field.name] and hasattr(base, field.name):
            values[field.name] = getattr(base, field.name)
            continue
        try:
            values[field.name] = _value(field, text, today=today)
        except Refused as refused:
            problems.append(refused)
    if not problems:
        try:
            return _record(form, values, base=base, today=today)
        except Refused as refused:
            problems.append(refused)
    raise Wrong(problems)


def _value(field: Field, text: str, *, today: date) -> Any:
    if not text:
        if field.required:
            raise Unfit("field.missing", field)
        return "" if field.name == "text" else None
    if text == UNKNOWABLE and field.unknowable:
        return UNREADABLE
    if len(text) > LONGEST:
        raise Unfit("field.too_long", field, most=LONGEST)
    match field.type:
        case "day":
            read = read_date(text) if len(text) <= len("2026-01-31") else None
            if read is None:
                raise Unfit("field.no_day", field, typed=text)
            if read[0].earliest > today and field.name != "end":
                raise Refused("patients.in_future", in_field=field.name, typed=text)
            return read[0]
        case "number" | "whole":
            return _number(field, text)
        case "choice":
            if text not in (field.choices or {}):
                raise Unfit("field.no_choice", field, typed=text)
        case "pick":
            ids = text.split(",")
            if not set(ids) <= titles(field.pick, "en").keys():
                raise Unfit("field.no_choice", field, typed=text)
            return {"concepts": frozenset, "ingredients": tuple, "substances": frozenset}.get(field.name, ",".join)(ids)
    return text


def _number(field: Field, text: str) -> Decimal | int:
    try:
        number = Decimal(text.replace(",", ".")) if text.isascii() else None
    except InvalidOperation:
        number = None
    whole = field.type == "whole"
    negative = field.name != "improvement"  # worse is a negative improvement
    if number is None or not number.is_finite() or (negative and number < 0) or (whole and number != int(number)):
        raise Unfit("field.no_number", field, typed=text)
    return int(number) if whole else number


def _record(form: str, values: dict[str, Any], *, base: Record | None, today: date) -> Record:
    """Put together what was typed; a name without a pick is looked up as a name in an imported file would be."""
    kind = FORMS[form]
    _in_order(values)
    if form == "weight":
        unit = values.pop("unit")
        if isinstance(values["value"], Decimal):
            values["value"] = _believable(weights.WEIGHT, weights.kilograms(values["value"], unit))
        values["kind"] = weights.WEIGHT
    elif form == "observation":
        values["value"] = _answer(values["kind"], values["value"])
        if base is None:
            _not_without_its_item(values, today)
    elif form == "condition":
        _recognise_condition(values, base)
    elif form == "exposure" and values["ingredients"] is None:
        values["ingredients"] = terms().medicine((), values["text"]).ingredients
    elif form == "allergy" and values["substances"] is None:
        values["substances"] = terms().substances((), values["text"])[0]
    if form == "exposure" and values["ingredients"] is not UNREADABLE and set(values["ingredients"]) & terms().ketamine:
        raise Refused("field.ketamine_is_no_trial")
    if kind == Kind.OBSERVATION and base is not None and base.value != values["value"]:
        values["text"] = ""  # the words of the source said the value that was wrong
    if base is not None:
        return replace(base, **values)
    values |= {"recorded": records.on(today)} if form in ("condition", "allergy") else {}
    values |= {"kind": "form"} if form == "exposure" else {}
    return RECORD_OF[kind](ref="", **values)


def _not_without_its_item(values: Mapping[str, Any], today: date) -> None:
    """A new total of a scale that asks about suicide comes with that answer; an older one is a report of the past."""
    when, rule = values.get("when"), calling()
    new = not isinstance(when, When) or today - when.latest <= rule.old
    if new and item_of(values["kind"], rule):
        raise Refused("field.total_without_item", name=terms().kinds[values["kind"]].id.upper())


def _recognise_condition(values: dict[str, Any], base: Record | None) -> None:
    if values["concepts"] is None:
        match = terms().condition((), values["text"])
        values |= {"concepts": match.concepts, "possible": match.possible}
    elif base is None or values["concepts"] != base.concepts:
        values["possible"] = frozenset()  # a person decided what it is


def _in_order(values: Mapping[str, Any]) -> None:
    for first, last in (("start", "end"), ("onset", "abatement")):
        begins, ends = values.get(first), values.get(last)
        if isinstance(begins, When) and isinstance(ends, When) and ends.latest < begins.earliest:
            raise Refused("field.ends_before_it_begins", begins=str(begins), ends=str(ends))


def _answer(kind_id: str, text: Any) -> Any:
    """A number within what can be believed, or one of the words of that kind."""
    if text is UNREADABLE or isinstance(text, Decimal):
        return text
    kind = terms().kinds[kind_id]
    if kind.units is not None:
        value = Field("value", "field.value", "number")
        return _believable(kind_id, _number(value, text))
    spoken = {said(one).casefold(): one for one in set(kind.words.values()) for said in (str, _en, _zh)}
    meaning = kind.words.get(text.lower(), spoken.get(text.casefold()))
    if meaning is None:
        known_here = sorted({f"{_en(one)} / {_zh(one)}" for one in kind.words.values()})
        raise Refused("field.no_answer", typed=text, known=", ".join(known_here))
    return meaning


def reply(value: str, language: str) -> str:
    """A word that answers an observation, as the reader says it."""
    return word(REPLIES[value], language) if value in REPLIES else value


def _en(value: str) -> str:
    return reply(value, "en")


def _zh(value: str) -> str:
    return reply(value, "zh-Hans")


def _believable(kind_id: str, value: Decimal) -> Decimal:
    kind = terms().kinds[kind_id]
    if (kind.low is not None and value < kind.low) or (kind.high is not None and value > kind.high):
        raise Refused("field.not_believable", typed=f"{value:f}", low=kind.low, high=kind.high)
    return value
