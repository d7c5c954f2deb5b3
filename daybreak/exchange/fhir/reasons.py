"""Why was a medicine given, and why was it stopped?"""

from __future__ import annotations

from typing import Any

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.exchange.fhir.record import Record

DEPRESSION = frozenset({"major_depression", "depression_unspecified", "major_depression_in_remission"})


def stop_reason(record: Record) -> str | Unreadable | None:
    """`no effect`, `intolerance` or `other`. Both of the first two, or words that we do not know, cannot be told."""
    given = record.resource.get("statusReason", record.resource.get("statusReasonCodeableConcept"))
    if given is None:
        return None
    found: set[str | None] = set()
    for one in given if isinstance(given, list) else [given]:
        codes, text = record.concept("statusReason", one)
        found.add(record.terms.stop_reason(codes, text))
    if None in found or not found or {"no effect", "intolerance"} <= found:
        return UNREADABLE
    return next(r for r in ("no effect", "intolerance", "other") if r in found)


def indication(record: Record) -> str | Unreadable | None:
    """`depression` or `other`; one reason that is depression is enough."""
    found: list[str | None] = []
    for one in record.objects("reasonCode"):
        codes, text = record.concept("reasonCode", one)
        found.append(_meaning(record, codes, text))
    found += [_referenced(record, one) for one in record.objects("reasonReference")]
    if not found:
        unreadable = record.resource.get("reasonCode") or record.resource.get("reasonReference")
        return UNREADABLE if unreadable else None
    if "depression" in found:
        return "depression"
    return UNREADABLE if None in found else "other"


def _referenced(record: Record, reference: Any) -> str | None:
    entry = record.follow(reference, kind="Condition")
    if entry is not None and entry.kind == "Condition":
        codes, text = record.within(entry).concept("code", entry.resource.get("code"))
        return _meaning(record, codes, text)
    display = reference.get("display")
    return record.terms.indication((), display) if isinstance(display, str) else None


def _meaning(record: Record, codes: Any, text: str) -> str | None:
    """Depression wherever it is named ("mixed anxiety and depressive disorder"), else what the words say."""
    by_condition = _by_condition(record, codes, text)
    if by_condition == "depression":
        return by_condition
    return record.terms.indication(codes, text) or by_condition


def _by_condition(record: Record, codes: Any, text: str) -> str | None:
    match = record.terms.condition(codes, text) if codes or text else None
    if match is None:
        return None
    if (match.concepts | match.possible) & DEPRESSION:
        return "depression"
    return "other" if match.understood and not match.possible else None
