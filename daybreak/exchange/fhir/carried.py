"""What of a record of ours has no place in FHIR, and how does it travel beside what has one?

A resource that we wrote bears one extension: which record it is, and the fields that its elements do not say. Everything
else is read from the elements, so that whoever corrects those is heard. What does not fit is a problem, never believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from daybreak.clinical import records
from daybreak.clinical.answers import UNREADABLE, Reason
from daybreak.clinical.records import DOMAINS, Code, When
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.record import Record
from daybreak.exchange.plain import plain, value
from daybreak.knowledge.sentences import language

URL = "https://daybreak.invalid/fhir/record"
Written = (
    records.Condition
    | records.Exposure
    | records.Observation
    | records.Allergy
    | records.KetamineExposure
    | records.Therapy
    | records.Episode
    | records.Coverage
    | records.Encounter
    | records.Unmapped
    | records.Problem
)
NAMES: Mapping[str, type[Any]] = {
    "condition": records.Condition,
    "exposure": records.Exposure,
    "observation": records.Observation,
    "allergy": records.Allergy,
    "ketamine": records.KetamineExposure,
    "therapy": records.Therapy,
    "episode": records.Episode,
    "coverage": records.Coverage,
    "encounter": records.Encounter,
    "unmapped": records.Unmapped,
    "problem": records.Problem,
}
NAME_OF = {kind: name for name, kind in NAMES.items()}
_GONE = {"entered-in-error", "cancelled", "not-done", "retired"}
# Whatever a field may hold; words are those of `clinical.records`.
_SPAN = (When, type(UNREADABLE), type(None))
_TEXT = (str, type(UNREADABLE), type(None))
_NUMBER = (Decimal, type(UNREADABLE), type(None))
_TYPES: Mapping[str, tuple[type, ...]] = {
    "ref": (str,), "text": (str,), "kind": (str, type(None)), "codes": (tuple,), "concepts": (frozenset, type(UNREADABLE)),
    "possible": (frozenset,), "substances": (frozenset, type(UNREADABLE)), "ingredients": (tuple, type(UNREADABLE)),
    "clinical": _TEXT, "verification": _TEXT, "status": _TEXT, "stop": _TEXT, "indication": _TEXT, "response": _TEXT,
    "severity": _TEXT, "drug": (str,), "route": (str, type(None)), "by": (str, type(None)), "source": (str,),
    "domain": (str, type(None)), "code": (str,), "place": (str,), "reason": (Reason,), "count": (int,),
    "onset": _SPAN, "abatement": _SPAN, "start": _SPAN, "end": _SPAN, "when": _SPAN, "recorded": (When, type(None)),
    "reviewed_on": (date,), "instant": (datetime, type(None)), "dose": _NUMBER, "improvement": _NUMBER,
    "adherence": _NUMBER, "sessions": (int, type(UNREADABLE), type(None)),
    "value": (Decimal, str, type(UNREADABLE), type(None)),
}  # fmt: skip
_PERSON: Mapping[str, tuple[type, ...]] = {"birth": _SPAN, "sex": _TEXT, "deceased": (*_SPAN, bool)}
_WORDS: Mapping[str, frozenset[str]] = {
    "status": frozenset({"active", "ended", "planned", "held"}),
    "stop": frozenset({"no effect", "helped", "intolerance", "other"}),
    "indication": frozenset({"depression", "other"}),
    "response": frozenset({"bad", "good", "none"}),
    "domain": frozenset(DOMAINS),
}


def extension(record: Written, read_back: Written | None) -> dict[str, Any]:
    """What the elements of its resource, read back, do not say of the record; all of it when they say no record."""
    missing = {
        field.name: plain(getattr(record, field.name))
        for field in fields(record)
        if read_back is None or getattr(record, field.name) != getattr(read_back, field.name)
    }
    said = {"is": NAME_OF[type(record)], "whole": read_back is None, "fields": missing}
    return {"url": URL, "valueString": json.dumps(said, sort_keys=True, separators=(",", ":"))}


def read_carried(record: Record, ordinary: Callable[[Record, Draft], None], draft: Draft) -> bool:
    """Add the record that this resource was written from. False: it is none of ours, or has to be read like any other."""
    said = next((one for one in record.objects("extension") if one.get("url") == URL), None)
    if said is None or record.modified:
        return False
    aside = Draft(draft.patient)
    ordinary(Record(record.entry, record.terms, record.find, aside.problems), aside)
    try:
        told = json.loads(said.get("valueString", ""))
        kind, whole = NAMES[told["is"]], told["whole"]
        missing = {name: value(one) for name, one in told["fields"].items()}
        found = [one for one in aside.found() if type(one) is kind]
        if (not whole and not found) or record.resource.get("status") in _GONE:
            return True  # the elements say that there is no such record any more
        made = kind(**missing) if whole else replace(found[0], **missing)
        _believable(made, record)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError):
        record.trouble("fhir.carried")
        return False
    draft.carried.append(made)
    return True


def person_extension(patient: records.Patient, read_back: records.Patient) -> list[dict[str, Any]]:
    """What the elements of the patient's own resource do not say: a birth date that cannot be known, say."""
    told = {name: getattr(patient, name) for name in _PERSON if getattr(patient, name) != getattr(read_back, name)}
    said = {"is": "person", "fields": {name: plain(one) for name, one in told.items()}}
    return [{"url": URL, "valueString": json.dumps(said, sort_keys=True, separators=(",", ":"))}] if told else []


def read_person(record: Record, read: records.Patient) -> records.Patient:
    """The patient with what the extension adds to the elements."""
    said = next((one for one in record.objects("extension") if one.get("url") == URL), None)
    if said is None or record.modified:
        return read
    try:
        told = json.loads(said.get("valueString", ""))["fields"].items()
        missing = {name: value(one) for name, one in told}
        if not all(isinstance(one, _PERSON[name]) for name, one in missing.items()):
            raise ValueError("person")
        return replace(read, **missing)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError):
        record.trouble("fhir.carried")
        return read


def _believable(made: Any, record: Record) -> None:
    """Only what our readers themselves could have made: ValueError, or KeyError for what our knowledge does not have."""
    for field in fields(made):
        held = getattr(made, field.name)
        if not isinstance(held, _TYPES[field.name]) or isinstance(held, bool):
            raise ValueError(field.name)
        if isinstance(held, tuple | frozenset):
            inside: type = Code if field.name == "codes" else str
            if not all(isinstance(one, inside) for one in held):
                raise ValueError(field.name)
        if isinstance(held, str) and held not in _WORDS.get(field.name, {held}):
            raise ValueError(field.name)
    say = language()
    match made:
        case records.Problem():
            say.say(made.reason)
        case records.Observation():
            kind = record.terms.kinds[made.kind]
            if isinstance(made.value, Decimal) and (kind.units is None or not made.value.is_finite()):
                raise ValueError("value")
        case records.Therapy():
            if made.kind not in ("psychotherapy", "ect", "tms", "vns", "dbs"):
                raise ValueError("kind")
        case records.KetamineExposure():
            if made.drug not in record.terms.ketamine:
                raise ValueError("drug")
        case records.Condition():
            _known("concept", made.concepts, made.possible)
        case records.Encounter():
            _known("concept", made.concepts)
        case records.Exposure():
            _known("medicine", made.ingredients)
        case records.Allergy():
            _known("medicine", made.substances)


def _known(section: str, *ids: Any) -> None:
    for held in ids:
        for id_ in () if held is UNREADABLE else held:
            if id_ != "unlisted":
                language().word(f"{section}.{id_}")
