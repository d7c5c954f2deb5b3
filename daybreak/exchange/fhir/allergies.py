"""Which allergies and intolerances are recorded?"""

from __future__ import annotations

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Allergy, When
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.record import Record
from daybreak.exchange.fhir.reviews import nothing_known

CLINICAL = frozenset({"active", "inactive", "resolved"})
VERIFICATION = frozenset({"unconfirmed", "presumed", "confirmed", "refuted", "entered-in-error"})
TYPES = frozenset({"allergy", "intolerance"})


def read_allergy(record: Record, draft: Draft) -> None:
    """The substance stands in the code, in a reaction, or in both. No verification status counts as confirmed."""
    verification = record.coded_word("verificationStatus", VERIFICATION) or "confirmed"
    if verification == "entered-in-error":
        return
    if record.modified:
        verification = record.trouble("fhir.modifier")
    recorded = record.date("recordedDate", record.resource.get("recordedDate"))[0]
    known_at = recorded if isinstance(recorded, When) else None
    codes, text = record.concept("code", record.resource.get("code"))
    if codes and record.terms.says_nothing_known(codes):
        if verification == "confirmed":
            nothing_known(record, draft, codes=codes, recorded=known_at, by=("asserter", "recorder"))
        return
    named = [(codes, text)] if codes or text else []
    for reaction in record.objects("reaction"):
        substance = record.concept("reaction.substance", reaction.get("substance"))
        if any(substance):
            named.append(substance)
    substances: frozenset[str] = frozenset()
    for codes_, text_ in named:
        found, understood = record.terms.substances(codes_, text_)
        substances |= found
        if not understood:
            draft.unmapped(record.ref, codes=codes_, text=text_, domain="allergies", recorded=known_at)
    if not named:
        record.trouble("fhir.no-substance")
    kind = record.word("type", TYPES)
    draft.allergies.append(
        Allergy(
            record.ref,
            text or next((t for _, t in named if t), ""),
            substances=substances if named else UNREADABLE,
            clinical=record.coded_word("clinicalStatus", CLINICAL),
            verification=verification,
            kind=kind if isinstance(kind, str) else None,
            recorded=known_at,
        )
    )
