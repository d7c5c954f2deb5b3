"""Which medicines were prescribed, dispensed, given or taken, from when to when, how much a day, and why no longer?

Ketamine and esketamine are doses of their own (`KetamineExposure`), never antidepressant trials.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.clinical.records import Exposure, KetamineExposure, When
from daybreak.exchange.fhir.doses import daily_dose, milligrams
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.names import Named, named
from daybreak.exchange.fhir.reasons import indication, stop_reason
from daybreak.exchange.fhir.record import Dated, Record
from daybreak.exchange.fhir.reviews import nothing_known
from daybreak.exchange.fhir.times import taken

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


def read_medicine(record: Record, draft: Draft) -> None:
    """A request, statement, dispense or administration."""
    status = _status(record)
    if status == DROPPED:
        return
    codes = record.concept("medicationCodeableConcept", record.resource.get("medicationCodeableConcept"))[0]
    if codes and record.terms.says_nothing_known(codes):
        asserted = record.date("dateAsserted", record.resource.get("dateAsserted"))[0]
        said = asserted if isinstance(asserted, When) else taken(record, []).start
        day = said if isinstance(said, When) else None
        nothing_known(record, draft, codes=codes, recorded=day, by=("informationSource",))
        return
    medicine = named(record)
    if not medicine.understood and (medicine.codes or medicine.text):
        recorded = record.date(ASSERTED[record.entry.kind], record.resource.get(ASSERTED[record.entry.kind]))[0]
        known_at = recorded if isinstance(recorded, When) else None
        draft.unmapped(record.ref, codes=medicine.codes, text=medicine.text, domain="medicines", recorded=known_at)
    dosages = record.objects("dosageInstruction" if _ordered(record) else "dosage")
    when = taken(record, dosages)
    ingredients = medicine.ingredients if medicine.ingredients is not UNREADABLE else ()
    drugs = [i for i in ingredients if i in record.terms.ketamine]
    if drugs:
        if status != "planned":
            draft.ketamine += [_ketamine(record, drug, medicine, dosages, when) for drug in drugs]
        return
    draft.exposures.append(
        Exposure(
            record.ref,
            medicine.text,
            ingredients=medicine.ingredients,
            dose=_given(record, when) if _administered(record) else _daily(record, medicine, dosages),
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
        return UNREADABLE if said is UNREADABLE else record.trouble("fhir.modifier")
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


def _daily(record: Record, medicine: Named, dosages: Sequence[Mapping[str, Any]]) -> Decimal | Unreadable | None:
    names = [medicine.text, *(c.display for c in medicine.codes)]
    single = medicine.ingredients is not UNREADABLE and len(medicine.ingredients) == 1
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
    record: Record, drug: str, medicine: Named, dosages: Sequence[Mapping[str, Any]], when: Dated
) -> KetamineExposure:
    held = [record.resource["dosage"]] if isinstance(record.resource.get("dosage"), dict) else list(dosages)
    words = [d["text"] for d in held if isinstance(d.get("text"), str)]
    routes = [record.concept("dosage.route", d.get("route"))[1] for d in held]
    return KetamineExposure(
        record.ref,
        ", ".join([medicine.text or drug, *words]),
        drug=drug,
        when=when.start,
        dose=_single_dose(record, dosages),
        route=next((r for r in routes if r), None),
        response="bad" if stop_reason(record) == "intolerance" else None,
    )
