"""Which stays and visits are recorded?"""

from __future__ import annotations

from daybreak.clinical.records import Encounter
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.record import Dated, Record

TOOK_PLACE = frozenset({"arrived", "triaged", "in-progress", "onleave", "finished"})
INPATIENT = frozenset({"IMP", "ACUTE", "NONAC"})  # HL7 v3 ActCode of `class`


def read_encounter(record: Record, draft: Draft) -> None:
    """Stays in a hospital with their reasons; an ordinary visit answers no question of ours."""
    place = record.resource.get("class")
    code = place.get("code") if isinstance(place, dict) else None
    if code not in INPATIENT or record.resource.get("status") not in TOOK_PLACE or record.modified:
        return
    concepts: set[str] = set()
    text = ""
    for reason in (*record.objects("reasonCode"), *record.objects("type")):
        codes, said = record.concept("reasonCode", reason)
        concepts |= record.terms.condition(codes, said).concepts
        text = text or said
    for reference in record.objects("reasonReference"):
        if found := record.follow(reference, kind="Condition"):
            codes, said = record.concept("code", found.resource.get("code"))
            concepts |= record.terms.condition(codes, said).concepts
            text = text or said
    stay = record.period("period", record.resource["period"]) if record.resource.get("period") else Dated()
    draft.encounters.append(Encounter(record.ref, text, frozenset(concepts), stay.start, stay.end))
