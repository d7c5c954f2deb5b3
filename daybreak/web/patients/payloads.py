"""How is a clinical record written as JSON, and read back?"""

from __future__ import annotations

import json
from dataclasses import fields

from daybreak.clinical.answers import Reason
from daybreak.exchange.plain import plain, value
from daybreak.web.patients.kinds import RECORD_OF, Kind, Record

VERSION = 2


def written(record: Record) -> str:
    """The JSON text of a record; equal records have equal texts. Plain ASCII: any character survives any database."""
    told = {field.name: plain(getattr(record, field.name)) for field in fields(record)}
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def read(kind: Kind, payload: str, *, version: int) -> Record:
    """The record of that text. A version that nobody knows here was written by a newer Daybreak: ValueError."""
    if not 1 <= version <= VERSION:
        raise ValueError(
            f"an entry has payload version {version}; expected up to {VERSION}. Update Daybreak on this machine."
        )
    told = json.loads(payload)
    if version == 1 and kind is Kind.PROBLEM:  # it was an English text then
        told["reason"] = plain(Reason("fhir.as-written", {"text": told.pop("text")}))
    return RECORD_OF[kind](**{name: value(one) for name, one in told.items()})
