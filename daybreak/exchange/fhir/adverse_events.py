"""Which harms are recorded that a medicine is suspected of?"""

from __future__ import annotations

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import KetamineExposure
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.names import medication, named
from daybreak.exchange.fhir.record import Record


def read_adverse_event(record: Record, draft: Draft) -> None:
    """Harm by ketamine or esketamine is an earlier bad response. Other harms are shown to a human and decide nothing."""
    if record.resource.get("actuality") == "potential":
        return
    codes, text = record.concept("event", record.resource.get("event"))
    when = record.date("date", record.resource.get("date"))[0]
    suspects = [s for one in record.objects("suspectEntity") for s in _ingredients(record, one.get("instance"))]
    words, _ = record.terms.substances(codes, text)
    drugs = [drug for drug in (*suspects, *sorted(words)) if drug in record.terms.ketamine]
    if not drugs:
        draft.unmapped(record.ref, codes=codes, text=text or "adverse event", domain=None, recorded=None)
        return
    what = ", ".join(part for part in (text, drugs[0]) if part)
    draft.ketamine.append(KetamineExposure(record.ref, what, drug=drugs[0], when=when, response="bad"))


def _ingredients(record: Record, instance: object) -> tuple[str, ...]:
    display = instance.get("display") if isinstance(instance, dict) else None
    if isinstance(display, str) and (match := record.terms.medicine((), display)).ingredients:
        return match.ingredients
    entry = record.follow(instance, kind="Medication")
    if entry is None:
        return ()
    found = record.within(entry)
    what = medication(found) if entry.kind == "Medication" else named(found)
    return () if what.ingredients is UNREADABLE else what.ingredients
