"""From when to when was a medicine taken, as far as the record says?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Term, Unreadable
from daybreak.clinical.records import When
from daybreak.exchange.fhir.record import Dated, Record


def taken(record: Record, dosages: Sequence[Mapping[str, Any]]) -> Dated:
    """Both days included. The end of a prescription's validity is no end of taking it, and is not used."""
    if record.entry.kind == "MedicationAdministration":
        given = record.dated("effective")
        return Dated(given.start, given.end or given.start, given.instant)
    if record.entry.kind == "MedicationStatement":
        return record.dated("effective")
    if record.entry.kind == "MedicationDispense":
        return _dispensed(record)
    bounds = [record.period("boundsPeriod", p) for d in dosages if (p := _bounds(d)) is not None]
    start, _ = record.date("authoredOn", record.resource.get("authoredOn"))
    starts, ends = [b.start for b in bounds], [b.end for b in bounds]
    first = _outermost([s for s in starts if s is not None], latest=False)
    end = _outermost(ends, latest=True) if len(ends) == len(dosages) and None not in ends else None
    return Dated(first if first is not None else start, end)


def _bounds(dosage: Mapping[str, Any]) -> Any:
    timing = dosage.get("timing")
    repeat = timing.get("repeat") if isinstance(timing, dict) else None
    return repeat.get("boundsPeriod") if isinstance(repeat, dict) else None


def _outermost(days: Sequence[When | Unreadable | None], *, latest: bool) -> When | Unreadable | None:
    """The first start or the last end; not to be known if one of them is not."""
    known = [d for d in days if isinstance(d, When)]
    if len(known) < len(days):
        return UNREADABLE
    if not known:
        return None
    return max(known, key=lambda d: d.latest) if latest else min(known, key=lambda d: d.earliest)


def _dispensed(record: Record) -> Dated:
    """From the day it was handed over, for as many days as it was supplied for."""
    field = "whenHandedOver" if record.resource.get("whenHandedOver") is not None else "whenPrepared"
    start, instant = record.date(field, record.resource.get(field))
    supply = record.resource.get("daysSupply")
    if supply is None:
        return Dated(start, None, instant)
    unit = supply.get("code") or supply.get("unit") or "d" if isinstance(supply, dict) else None
    if not isinstance(supply, dict) or unit not in ("d", "day", "days", "Day", "Days"):
        return Dated(start, record.wrong("daysSupply", supply, Term("fhir.days")), instant)
    days = record.number("daysSupply", supply.get("value"))
    if not isinstance(start, When) or days is UNREADABLE:
        return Dated(start, UNREADABLE, instant)
    try:
        more = timedelta(days=int(days) - 1)
        return Dated(start, When(start.earliest + more, start.latest + more) if days >= 1 else UNREADABLE, instant)
    except OverflowError:
        return Dated(start, record.wrong("daysSupply", days, Term("fhir.days")), instant)
