"""Which answers did a questionnaire get, and do they make a total?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Term, Unreadable
from daybreak.clinical.records import Observation, When
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.entries import shown
from daybreak.exchange.fhir.observations import read_value, title, value_of
from daybreak.exchange.fhir.record import Record
from daybreak.exchange.fhir.totals import Answer, complete
from daybreak.knowledge.terms import Kind

DONE = frozenset({"completed", "amended"})
STATUS = DONE | {"in-progress", "stopped", "entered-in-error"}
ORDINAL = frozenset(
    {
        "http://hl7.org/fhir/StructureDefinition/ordinalValue",
        "http://hl7.org/fhir/StructureDefinition/itemWeight",
        "http://hl7.org/fhir/StructureDefinition/iso21090-CO-value",
    }
)


def read_questionnaire(record: Record, draft: Draft) -> None:
    """Every answer is an observation of its own. A total is made only when all items can be read.

    A form that is not finished tells that questions were asked, not what was answered.
    """
    status = record.resource.get("status")
    if status == "entered-in-error":
        return
    final = record.word("status", STATUS) in DONE and not record.modified
    if status is None:
        record.wrong("status", status, Term("fhir.form-status"))
    answers: dict[str, Answer] = {}
    asked: dict[str, str] = {}
    for item in _items(record):
        kind = record.terms.items(link) if isinstance(link := item.get("linkId"), str) else None
        if kind is not None:
            value = _answer(record, kind, item) if final else UNREADABLE
            twice = kind.id in answers and answers[kind.id] != value
            answers[kind.id] = UNREADABLE if twice else value
            text = item.get("text")
            asked[kind.id] = text if isinstance(text, str) else kind.id
    if not answers:
        _list_it(record, draft)
        return
    when, instant = record.date("authored", record.resource.get("authored"))
    name = record.resource.get("questionnaire")
    complete(record, answers, form=name if isinstance(name, str) else "")
    draft.observations += [
        _observation(record, id_, value, when, instant, asked.get(id_, id_)) for id_, value in answers.items()
    ]


def _observation(
    record: Record, kind: str, value: Answer, when: When | Unreadable | None, instant: datetime | None, name: str
) -> Observation:
    said = "not answered" if value is None else "not readable" if value is UNREADABLE else str(value)
    return Observation(record.ref, kind, value, when, instant, f"{name} {said}")


def _list_it(record: Record, draft: Draft) -> None:
    which = record.resource.get("questionnaire")
    authored = record.date("authored", record.resource.get("authored"))[0]
    text = f"Questionnaire {which}" if isinstance(which, str) else "Questionnaire without a name"
    recorded = authored if isinstance(authored, When) else None
    draft.unmapped(record.ref, codes=(), text=text, domain=None, recorded=recorded)


def _items(record: Record) -> Iterator[Mapping[str, Any]]:
    """Every item, however deep in groups or beneath an answer."""
    todo = record.objects("item")[::-1]
    while todo:
        item = todo.pop()
        yield item
        for holder in (item, *record.objects("answer", item)):
            todo += record.objects("item", holder)[::-1]


def _answer(record: Record, kind: Kind, item: Mapping[str, Any]) -> Answer:
    given = record.objects("answer", item)
    if not given:
        return None if item.get("answer") in (None, []) else UNREADABLE
    values = {_one(record, kind, answer) for answer in given}
    return values.pop() if len(values) == 1 else record.trouble("fhir.answers", kind=title(kind), count=len(given))


def _one(record: Record, kind: Kind, answer: Mapping[str, Any]) -> Answer:
    coding = answer.get("valueCoding")
    if coding is None:
        return read_value(record, kind, answer)
    if kind.units is None:
        return read_value(record, kind, {"valueCodeableConcept": {"coding": [coding]}})
    code = record.code("valueCoding", coding)
    if code is None:
        return UNREADABLE
    ordinal = _ordinal(record, coding) if isinstance(coding, dict) else None
    if ordinal is UNREADABLE:
        return UNREADABLE
    known = record.terms.answer(code.code)
    if known is None:
        known = record.terms.answer_in_words(code.display)
    if known is not None and ordinal is not None and ordinal != known:
        values = {"kind": title(kind), "code": code.code, "known": known, "ordinal": shown(ordinal)}
        return record.trouble("fhir.ordinal", **values)
    number = ordinal if known is None else known
    if number is None:
        return record.wrong(value_of(kind), code.code, Term("fhir.answer"))
    return read_value(record, kind, {"valueDecimal": number})


def _ordinal(record: Record, coding: Mapping[str, Any]) -> Decimal | Unreadable | None:
    for extension in record.objects("extension", coding):
        url = extension.get("url")
        if isinstance(url, str) and url in ORDINAL:
            value = extension.get("valueDecimal", extension.get("valueInteger"))
            return record.number("ordinalValue", value)
    return None
