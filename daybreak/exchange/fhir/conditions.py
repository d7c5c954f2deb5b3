"""Which diagnoses and problems are recorded?"""

from __future__ import annotations

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Condition, When
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.record import Record
from daybreak.exchange.fhir.reviews import nothing_known
from daybreak.knowledge.terms import UNLISTED

CLINICAL = frozenset({"active", "recurrence", "relapse", "inactive", "remission", "resolved"})
VERIFICATION = frozenset(
    {"unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"},
)


def read_condition(record: Record, draft: Draft) -> None:
    """Refuted ones are kept: they answer for their own code. Entered in error is no fact.

    FHIR lets the verification status be left out, and ordinary problem lists do: such an entry counts as confirmed.
    """
    verification = record.coded_word("verificationStatus", VERIFICATION) or "confirmed"
    if verification == "entered-in-error":
        return
    if record.modified:
        verification = record.trouble("fhir.modifier")
    codes, text = record.concept("code", record.resource.get("code"))
    recorded = record.date("recordedDate", record.resource.get("recordedDate"))[0]
    known_at = recorded if isinstance(recorded, When) else None
    if codes and record.terms.says_nothing_known(codes):
        if verification == "confirmed":
            nothing_known(record, draft, codes=codes, recorded=known_at, by=("asserter", "recorder"))
        return
    match = record.terms.condition(codes, text) if codes or text else None
    if match is None:
        record.trouble("fhir.no-condition")
    elif not match.understood:
        draft.unmapped(record.ref, codes=codes, text=text, domain="conditions", recorded=known_at)
    elif UNLISTED in match.concepts:
        # a code of a system that we read whole: shown to a human all the same, and no reason to doubt a review
        draft.unmapped(record.ref, codes=codes, text=text, domain=None, recorded=known_at)
    abated = record.dated("abatement")
    draft.conditions.append(
        Condition(
            record.ref,
            text,
            concepts=match.concepts if match else UNREADABLE,
            possible=match.possible if match else frozenset(),
            clinical=record.coded_word("clinicalStatus", CLINICAL),
            verification=verification,
            onset=record.dated("onset").start,
            abatement=abated.start if abated.end is None else abated.end,
            recorded=known_at,
            codes=codes,
        )
    )
