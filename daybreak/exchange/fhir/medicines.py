"""Which medicines were prescribed, dispensed, given or taken, from when to when, how much a day, and why no longer?

Ketamine and esketamine are doses of their own (`KetamineExposure`), never antidepressant trials.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.clinical.records import Code, Exposure, KetamineExposure, When
from daybreak.exchange.fhir.doses import daily_dose, milligrams
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.reasons import indication, stop_reason
from daybreak.exchange.fhir.record import Dated, Record
from daybreak.exchange.fhir.references import reference_of

DROPPED = "dropped"  # never taken, or no fact
# FHIR status -> ours. A finished dispense says that it was handed over, not that it was taken or ended: no status.
STATUS: Mapping[str, Mapping[str, str | None]] = {
    "MedicationRequest": {
        "active": "active",
        "on-hold": "held",
        "cancelled": DROPPED,
        "completed": "ended",
        "stopped": "ended",
        "draft": "planned",
        "entered-in-error": DROPPED,
        "unknown": "unknown",
    },
    "MedicationStatement": {
        "active": "active",
        "on-hold": "held",
        "completed": "ended",
        "stopped": "ended",
        "intended": "planned",
        "not-taken": DROPPED,
        "entered-in-error": DROPPED,
        "unknown": "unknown",
    },
    "MedicationDispense": {
        "preparation": "planned",
        "in-progress": "planned",
        "on-hold": "planned",
        "cancelled": DROPPED,
        "declined": DROPPED,
        "completed": None,
        "stopped": None,
        "entered-in-error": DROPPED,
        "unknown": "unknown",
    },
    "MedicationAdministration": {
        "in-progress": "active",
        "not-done": DROPPED,
        "on-hold": "held",
        "completed": "ended",
        "stopped": "ended",
        "entered-in-error": DROPPED,
        "unknown": "unknown",
    },
}
NOT_ORDERED = frozenset({"proposal", "plan", "option"})
INTENT = NOT_ORDERED | {"order", "original-order", "reflex-order", "filler-order", "instance-order"}
ASSERTED = {
    "MedicationRequest": "authoredOn",
    "MedicationStatement": "dateAsserted",
    "MedicationDispense": "whenHandedOver",
    "MedicationAdministration": "effectiveDateTime",
}


@dataclass(frozen=True, slots=True)
class Named:
    """What a medicine was called. `ingredients` is UNREADABLE when nothing says what it was."""

    codes: tuple[Code, ...]
    text: str
    ingredients: tuple[str, ...] | Unreadable
    understood: bool


def read_medicine(record: Record, draft: Draft) -> None:
    """A request, statement, dispense or administration."""
    status = _status(record)
    if status == DROPPED:
        return
    named = _named(record)
    if not named.understood and named.ingredients is not UNREADABLE:
        recorded = record.date(ASSERTED[record.entry.kind], record.resource.get(ASSERTED[record.entry.kind]))[0]
        known_at = recorded if isinstance(recorded, When) else None
        draft.unmapped(record.ref, codes=named.codes, text=named.text, domain="medicines", recorded=known_at)
    dosages = record.objects("dosageInstruction" if _ordered(record) else "dosage")
    when = _when(record, dosages)
    ingredients = named.ingredients if named.ingredients is not UNREADABLE else ()
    drugs = [i for i in ingredients if i in record.terms.ketamine]
    if drugs:
        if status != "planned":
            draft.ketamine += [_ketamine(record, drug, named, dosages, when) for drug in drugs]
        return
    draft.exposures.append(
        Exposure(
            record.ref,
            named.text,
            ingredients=named.ingredients,
            dose=_given(record, when) if _administered(record) else _daily(record, named, dosages),
            start=when.start,
            end=when.end,
            status=status,
            stop=stop_reason(record),
            indication=indication(record),
            kind=record.entry.kind,
        )
    )


def _ordered(record: Record) -> bool:
    return record.entry.kind in ("MedicationRequest", "MedicationDispense")


def _administered(record: Record) -> bool:
    return record.entry.kind == "MedicationAdministration"


def _status(record: Record) -> str | Unreadable | None:
    meanings = STATUS[record.entry.kind]
    said = record.word("status", meanings)
    if said is UNREADABLE or record.modified:
        return UNREADABLE if said is UNREADABLE else record.trouble("It carries a modifier; read it by hand.")
    status = meanings[said] if said is not None else None
    if status == DROPPED or record.resource.get("doNotPerform") is True:
        return DROPPED
    if record.entry.kind == "MedicationRequest":
        intent = record.word("intent", INTENT)
        if intent is UNREADABLE:
            return UNREADABLE
        if intent in NOT_ORDERED:
            return "planned"
    return UNREADABLE if status == "unknown" else status


def _named(record: Record) -> Named:
    resource = record.resource
    concept, reference = resource.get("medicationCodeableConcept"), resource.get("medicationReference")
    codes, text = record.concept("medicationCodeableConcept", concept)
    if codes or text:
        match = record.terms.medicine(codes, text)
        return Named(codes, text, match.ingredients, match.understood)
    entry = record.follow(reference, kind="Medication") if reference is not None else None
    if entry is not None and entry.kind == "Medication":
        return _from_medication(record.within(entry))
    display = reference.get("display") if isinstance(reference, dict) else None
    if isinstance(display, str) and display:
        match = record.terms.medicine((), display)
        return Named((), display, match.ingredients, match.understood)
    named = reference_of(reference)
    what = f"the medicine {named} is not in this set" if named else "it names no medicine"
    record.trouble(f"It cannot be told what it was: {what}. Export it with the others, or name it.")
    return Named((), "", UNREADABLE, False)


def _from_medication(medication: Record) -> Named:
    """A Medication is named by its code or, failing that, by its ingredients."""
    codes, text = medication.concept("Medication.code", medication.resource.get("code"))
    if codes or text:
        match = medication.terms.medicine(codes, text)
        return Named(codes, text, match.ingredients, match.understood)
    parts = [
        medication.concept("Medication.ingredient", part.get("itemCodeableConcept"))
        for part in medication.objects("ingredient")
    ]
    matches = [medication.terms.medicine(c, t) for c, t in parts if c or t]
    if not matches or len(matches) < len(parts):
        medication.trouble(f"The medicine {medication.ref} has no code, no text and no complete ingredients. Name it.")
        return Named((), "", UNREADABLE, False)
    ingredients = tuple(dict.fromkeys(i for m in matches for i in m.ingredients))
    text = " / ".join(t for _, t in parts if t)
    return Named(tuple(c for cs, _ in parts for c in cs), text, ingredients, all(m.understood for m in matches))


def _when(record: Record, dosages: Sequence[Mapping[str, Any]]) -> Dated:
    if _administered(record):
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
        return Dated(start, record.wrong("daysSupply", supply, "a number of days"), instant)
    days = record.number("daysSupply", supply.get("value"))
    if not isinstance(start, When) or days is UNREADABLE:
        return Dated(start, UNREADABLE, instant)
    try:
        more = timedelta(days=int(days) - 1)
        return Dated(start, When(start.earliest + more, start.latest + more) if days >= 1 else UNREADABLE, instant)
    except OverflowError:
        return Dated(start, record.wrong("daysSupply", days, "a number of days"), instant)


def _daily(record: Record, named: Named, dosages: Sequence[Mapping[str, Any]]) -> Decimal | Unreadable | None:
    names = [named.text, *(c.display for c in named.codes)]
    single = named.ingredients is not UNREADABLE and len(named.ingredients) == 1
    return daily_dose(record, dosages, names=names, pieces=single)


def _given(record: Record, when: Dated) -> Decimal | Unreadable | None:
    """One administration on one day: administrations of the same day add up. A longer one has no dose a day."""
    dose = _single_dose(record, ())
    if dose is None or (isinstance(when.start, When) and when.start.exact and when.start == when.end):
        return dose
    return UNREADABLE


def _single_dose(record: Record, dosages: Sequence[Mapping[str, Any]]) -> Decimal | Unreadable | None:
    """The dose of one time, in mg."""
    if _administered(record):
        dosage = record.resource.get("dosage")
        if isinstance(dosage, dict) and dosage.get("dose") is not None:
            return milligrams(record, dosage["dose"])
        return None if dosage is None else UNREADABLE
    parts = [part for dosage in dosages for part in record.objects("doseAndRate", dosage)]
    found = {milligrams(record, part.get("doseQuantity")) for part in parts}
    if not found:
        return UNREADABLE if dosages else None
    return found.pop() if len(found) == 1 else UNREADABLE


def _ketamine(
    record: Record, drug: str, named: Named, dosages: Sequence[Mapping[str, Any]], when: Dated
) -> KetamineExposure:
    held = [record.resource["dosage"]] if isinstance(record.resource.get("dosage"), dict) else list(dosages)
    words = [d["text"] for d in held if isinstance(d.get("text"), str)]
    routes = [record.concept("dosage.route", d.get("route"))[1] for d in held]
    return KetamineExposure(
        record.ref,
        ", ".join([named.text or drug, *words]),
        drug=drug,
        when=when.start,
        dose=_single_dose(record, dosages),
        route=next((r for r in routes if r), None),
        response="bad" if stop_reason(record) == "intolerance" else None,
    )
