"""What was the medicine called, and which ingredients is that?"""

from __future__ import annotations

from dataclasses import dataclass

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.clinical.records import Code
from daybreak.exchange.fhir.record import Record
from daybreak.exchange.fhir.references import reference_of


@dataclass(frozen=True, slots=True)
class Named:
    """What a medicine was called. `ingredients` is UNREADABLE when nothing says what it was."""

    codes: tuple[Code, ...]
    text: str
    ingredients: tuple[str, ...] | Unreadable
    understood: bool


def named(record: Record) -> Named:
    """By its code or text, by the Medication that is referred to, or by the words beside the reference."""
    resource = record.resource
    concept, reference = resource.get("medicationCodeableConcept"), resource.get("medicationReference")
    codes, text = record.concept("medicationCodeableConcept", concept)
    if codes or text:
        return _matched(record, codes, text)
    entry = record.follow(reference, kind="Medication") if reference is not None else None
    if entry is not None and entry.kind == "Medication":
        return medication(record.within(entry))
    display = reference.get("display") if isinstance(reference, dict) else None
    if isinstance(display, str) and display:
        return _matched(record, (), display)
    address = reference_of(reference)
    if address:
        record.trouble("fhir.medicine-elsewhere", medicine=address)
    else:
        record.trouble("fhir.no-medicine")
    return Named((), "", UNREADABLE, False)


def _matched(record: Record, codes: tuple[Code, ...], text: str) -> Named:
    """A code that we do not know, without any word beside it, may be any medicine."""
    match = record.terms.medicine(codes, text)
    return Named(codes, text, match.ingredients if match.ingredients or text else UNREADABLE, match.understood)


def medication(found: Record) -> Named:
    """A Medication is named by its code or, failing that, by its ingredients."""
    codes, text = found.concept("Medication.code", found.resource.get("code"))
    if codes or text:
        return _matched(found, codes, text)
    parts = [
        found.concept("Medication.ingredient", part.get("itemCodeableConcept")) for part in found.objects("ingredient")
    ]
    matches = [found.terms.medicine(c, t) for c, t in parts if c or t]
    if not matches or len(matches) < len(parts):
        found.trouble("fhir.medicine-unnamed", medicine=found.ref)
        return Named((), "", UNREADABLE, False)
    ingredients = tuple(dict.fromkeys(i for m in matches for i in m.ingredients))
    text = " / ".join(t for _, t in parts if t)
    return Named(tuple(c for cs, _ in parts for c in cs), text, ingredients, all(m.understood for m in matches))
