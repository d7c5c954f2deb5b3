"""What was measured, scored, tested or answered?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Reason, Term, Unreadable
from daybreak.clinical.records import Code, Observation, When
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.entries import shown
from daybreak.exchange.fhir.record import Dated, Record, one_of
from daybreak.exchange.fhir.totals import Answer, complete
from daybreak.knowledge.terms import Kind

FINAL = frozenset({"final", "amended", "corrected"})
STATUS = FINAL | {"registered", "preliminary", "cancelled", "entered-in-error", "unknown"}
VALUES = (
    "valueQuantity",
    "valueInteger",
    "valueCodeableConcept",
    "valueString",
    "valueBoolean",
    "valueDecimal",
    "valueRange",
    "valueRatio",
    "valueSampledData",
    "valueTime",
    "valueDateTime",
    "valuePeriod",
)
Value = Answer


def read_observation(record: Record, draft: Draft) -> None:
    """A value of its own, components, or both. Of a result that is not final only its existence is known."""
    status = record.resource.get("status")
    if status in ("entered-in-error", "cancelled"):
        return
    codes, name = record.concept("code", record.resource.get("code"))
    parts = record.objects("component") if record.resource.get("component") is not None else ()
    kind = record.terms.observation(codes, name)
    if kind is None and not parts:
        if not record.terms.ignored_observation(codes):
            _list_it(record, draft, codes, name)
        return
    final = isinstance(status, str) and status in FINAL
    if not final:
        if not isinstance(status, str) or status not in STATUS:
            record.wrong("status", status, Term("fhir.status"))
    elif record.modified:
        final = False
        record.trouble("fhir.modifier")
    when = record.dated("effective")
    found = [(kind, read_value(record, kind, record.resource))] if kind is not None else []
    for part in parts:
        part_codes, part_name = record.concept("component.code", part.get("code"))
        inner = record.terms.observation(part_codes, part_name)
        if inner is not None:
            found.append((inner, read_value(record, inner, part)))
        elif not record.terms.ignored_observation(part_codes):
            _list_it(record, draft, part_codes, part_name)
    if kind is not None and found[0][1] is None and len(found) > 1:
        found = found[1:]  # a panel: its parts hold the values
    found = _with_totals(record, found, form=" ".join(c.code for c in codes))
    if record.resource.get("focus") is not None and found:
        record.trouble("fhir.focus")
        return
    text = _text(name, found, [record.resource, *parts])
    draft.observations += [
        Observation(record.ref, k.id, value if final else UNREADABLE, *_when(when), text) for k, value in found
    ]


def _with_totals(record: Record, found: list[tuple[Kind, Value]], *, form: str) -> list[tuple[Kind, Value]]:
    """The parts of a panel, and the total that they make."""
    if len(found) < 2:
        return found
    answers = {kind.id: value for kind, value in found}
    made = dict(answers)
    complete(record, made, form=form)
    kept = [(kind, UNREADABLE if made[kind.id] is UNREADABLE else value) for kind, value in found]
    return kept + [(record.terms.kinds[id_], value) for id_, value in made.items() if id_ not in answers]


def _when(when: Dated) -> tuple[When | Unreadable | None, Any]:
    return when.span, when.instant if when.end is None else None


def _list_it(record: Record, draft: Draft, codes: tuple[Code, ...], name: str) -> None:
    at = record.dated("effective").span
    draft.unmapped(record.ref, codes=codes, text=name, domain=None, recorded=at if isinstance(at, When) else None)


def title(kind: Kind) -> Term:
    """The kind by its name in the reader's language."""
    return Term(f"observation.{kind.id}")


def value_of(kind: Kind) -> Reason:
    """What is wrong is the value of this kind."""
    return Reason("fhir.value-of", {"kind": title(kind)})


def read_value(record: Record, kind: Kind, holder: Mapping[str, Any]) -> Value:
    """The value in the unit or in the words of its kind. What was recorded but does not fit is a problem."""
    given = [(key, holder[key]) for key in VALUES if holder.get(key) is not None]
    if not given:
        return UNREADABLE if holder.get("dataAbsentReason") is not None else None
    if len(given) > 1:
        return record.trouble("fhir.value-forms", kind=title(kind), count=len(given))
    form, value = given[0]
    if kind.units is None:
        return _word(record, kind, form, value)
    number = _number(record, kind, form, value)
    if number is UNREADABLE:
        return UNREADABLE
    if (kind.low is not None and number < kind.low) or (kind.high is not None and number > kind.high):
        low, high = ("…" if end is None else str(end) for end in (kind.low, kind.high))
        return record.wrong(value_of(kind), number, Reason("fhir.range", {"low": low, "high": high}))
    return number


def _number(record: Record, kind: Kind, form: str, value: Any) -> Decimal | Unreadable:
    if form == "valueQuantity":
        return _quantity(record, kind, value)
    if form == "valueCodeableConcept":
        codes, text = record.concept(form, value)
        answers = {n for c in codes if (n := record.terms.answer(c.code)) is not None}
        answers = answers or _printed(record, kind, *(c.display for c in codes), text)
        return (
            Decimal(answers.pop())
            if len(answers) == 1
            else record.wrong(value_of(kind), text or value, Term("fhir.number"))
        )
    if form == "valueString" and isinstance(value, str) and len(printed := _printed(record, kind, value)) == 1:
        return Decimal(printed.pop())
    if form == "valueString" and isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal():
        value = int(value.strip()) if len(value) < 10 else value
    elif form not in ("valueInteger", "valueDecimal"):
        return record.wrong(value_of(kind), value, Term("fhir.number"))
    number = record.number(form, value)
    if number is UNREADABLE or kind.bare:
        return number
    return _unit_missing(record, kind, number)


def _printed(record: Record, kind: Kind, *texts: str) -> set[int]:
    """Answers as the form prints them. Only a single question is answered so; "several days" is no total."""
    if ".item-" not in kind.id:
        return set()
    return {n for text in texts if (n := record.terms.answer_in_words(text)) is not None}


def _quantity(record: Record, kind: Kind, value: Any) -> Decimal | Unreadable:
    if not isinstance(value, dict) or value.get("value") is None:
        return record.wrong(value_of(kind), value, Term("fhir.quantity"))
    if value.get("comparator") is not None:
        given = Reason("fhir.compared", {"comparator": shown(value["comparator"]), "value": shown(value["value"])})
        return record.wrong(value_of(kind), given, Term("fhir.exact"))
    number = record.number("valueQuantity.value", value["value"])
    if number is UNREADABLE:
        return UNREADABLE
    units = [u for key in ("code", "unit") if isinstance(u := value.get(key), str) and u]
    factors = {kind.units[u] for u in units if u in kind.units} if kind.units is not None else set()
    if len(factors) == 1:
        return number * factors.pop()
    if not units and kind.bare:
        return number
    if not units:
        return _unit_missing(record, kind, number)
    return record.wrong(Reason("fhir.unit-of", {"kind": title(kind)}), " / ".join(units), _expected_units(kind))


def _expected_units(kind: Kind) -> Reason:
    return one_of(u for u in (kind.units or ()) if u)


def _unit_missing(record: Record, kind: Kind, number: Decimal) -> Unreadable:
    return record.trouble("fhir.unitless", kind=title(kind), given=shown(number), expected=_expected_units(kind))


def _word(record: Record, kind: Kind, form: str, value: Any) -> str | Unreadable:
    said: list[str] = []
    if form == "valueCodeableConcept":
        codes, text = record.concept(form, value)
        said = [w.strip().lower() for w in (*(c.code for c in codes), *(c.display for c in codes), text)]
    elif form == "valueString" and isinstance(value, str):
        said = [value.strip().lower(), value.strip()]
    elif form == "valueBoolean" and isinstance(value, bool):
        said = ["true" if value else "false"]
    meanings = {kind.words[word] for word in said if word in kind.words}
    if len(meanings) == 1:
        return meanings.pop()
    given = next((word for word in reversed(said) if word), None) or value
    return record.wrong(value_of(kind), given, one_of(dict.fromkeys(kind.words.values())))


def _text(name: str, found: Sequence[tuple[Kind, Value]], holders: Sequence[Mapping[str, Any]]) -> str:
    """A line that a human recognises: "142/88 mm[Hg]", "PHQ-9 total score 22"."""
    values = {kind.id: value for kind, value in found}
    unit = next((u for h in reversed(holders) if (u := _unit(h))), "")
    if values.keys() == {"systolic", "diastolic"}:
        return f"{_brief(values['systolic'])}/{_brief(values['diastolic'])} mm[Hg]"
    said = "/".join(_brief(v) for v in values.values())
    return " ".join(word for word in (name, said, unit if len(found) == 1 else "") if word)


def _unit(holder: Mapping[str, Any]) -> str:
    quantity = holder.get("valueQuantity")
    unit = (quantity.get("unit") or quantity.get("code")) if isinstance(quantity, dict) else None
    return unit if isinstance(unit, str) else ""


def _brief(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:.1f}".removesuffix(".0")
    return value.replace("_", " ") if isinstance(value, str) else "?"
