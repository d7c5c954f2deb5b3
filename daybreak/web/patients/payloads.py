"""How is a clinical record written as JSON, and read back?

Every value says what it is: `{"decimal": "0.50"}` comes back as it was, and "cannot be known" never as "not recorded".
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Reason, Term
from daybreak.clinical.records import Code, When
from daybreak.web.patients.kinds import RECORD_OF, Kind, Record

VERSION = 2


def written(record: Record) -> str:
    """The JSON text of a record; equal records have equal texts. Plain ASCII: any character survives any database."""
    plain = {field.name: _plain(getattr(record, field.name)) for field in fields(record)}
    return json.dumps(plain, sort_keys=True, separators=(",", ":"))


def read(kind: Kind, payload: str, *, version: int) -> Record:
    """The record of that text. A version that nobody knows here was written by a newer Daybreak: ValueError."""
    if not 1 <= version <= VERSION:
        raise ValueError(
            f"an entry has payload version {version}; expected up to {VERSION}. Update Daybreak on this machine."
        )
    plain = json.loads(payload)
    if version == 1 and kind is Kind.PROBLEM:  # it was an English text then
        plain["reason"] = _plain(Reason("fhir.as-written", {"text": plain.pop("text")}))
    return RECORD_OF[kind](**{name: _value(one) for name, one in plain.items()})


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if value is UNREADABLE:
        return {"unreadable": True}
    if isinstance(value, When):
        return {"days": [value.earliest.isoformat(), value.latest.isoformat()]}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):  # before `date`, which it also is
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Code):
        return {"code": [value.system, value.code, value.display]}
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    if isinstance(value, Reason):
        return {"reason": [value.id, {name: _plain(one) for name, one in value.values.items()}]}
    if isinstance(value, Term):
        return {"term": value.id}
    if isinstance(value, tuple):
        return {"list": [_plain(one) for one in value]}
    raise TypeError(f"a record holds a {type(value).__name__}; say in `payloads` how it is written")


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    ((tag, inside),) = plain.items()
    match tag:
        case "unreadable":
            return UNREADABLE
        case "days":
            return When(*map(date.fromisoformat, inside))
        case "decimal":
            return Decimal(inside)
        case "instant":
            return datetime.fromisoformat(inside)
        case "day":
            return date.fromisoformat(inside)
        case "code":
            return Code(*inside)
        case "set":
            return frozenset(inside)
        case "reason":
            id, values = inside
            return Reason(id, {name: _value(one) for name, one in values.items()})
        case "term":
            return Term(inside)
        case "list":
            return tuple(_value(one) for one in inside)
    raise ValueError(
        f'an entry holds a value marked "{tag}", which nobody here knows. Update Daybreak on this machine.'
    )
