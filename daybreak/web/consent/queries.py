"""Does a consent hold now: to treatment under a protocol, or to something beside it?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from daybreak.knowledge.consents import documents_for
from daybreak.web import zones
from daybreak.web.consent import series
from daybreak.web.consent.models import Talk
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.words import word

VALID, EXPIRED, WITHDRAWN, BEGUN, ENDED, SERIES_OVER = "valid", "expired", "withdrawn", "begun", "ended", "series_over"


@dataclass(frozen=True, slots=True)
class Gate:
    """Why nothing is given yet: the id of a sentence and its values."""

    id: str
    values: dict[str, str] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """The reason in the reader's language."""
        return word(self.id, language, **self.values)


def talks(patient: Patient) -> list[Talk]:
    """Every talk with this patient, the newest first, each with its signature and what became of it."""
    together = patients.together(patient)
    return with_signatures(dict.fromkeys(together, together))


def with_signatures(persons: Mapping[UUID, Iterable[UUID]]) -> list[Talk]:
    """The same of several patients, each with the records that are read as one with theirs; one query."""
    found = Talk.objects.filter(patient__in=list(persons))
    rows = found.select_related("site", "by", "patient", "end", "signature", "signature__by", "signature__withdrawal")
    return list(series.looked(rows.order_by("-id"), persons))


def one(patient: Patient, id: UUID) -> Talk | None:
    """One of them."""
    return next((talk for talk in talks(patient) if talk.id == id), None)


def state(talk: Talk, *, at: datetime, begun: datetime | None = None) -> str:
    """VALID from the signature through its last day at the site, while no series ended after it that its document was for;
    BEGUN before it is signed, ENDED when it never will be. `begun`: asked of the series that began then, not of the next.
    """
    signature = getattr(talk, "signature", None)
    if signature is None:
        return ENDED if hasattr(talk, "end") else BEGUN
    if hasattr(signature, "withdrawal"):
        return WITHDRAWN
    if talk.series_over is not None and (begun is None or talk.series_over <= begun):
        return SERIES_OVER
    return VALID if zones.day(at, talk.site.zone) <= signature.last_day else EXPIRED


def missing(patient: Patient, protocol: str, *, at: datetime) -> Gate | None:
    """Why no dose may be given under this protocol, as far as consent goes; None: nothing is in the way."""
    return gate(talks(patient), documents_for(protocol), at=at)


def gate(
    told: Collection[Talk], documents: Collection[str], *, at: datetime, begun: datetime | None = None
) -> Gate | None:
    """The same of these talks (the newest first): does any of these documents hold, by what was signed of it last?"""
    states = [(state(talk, at=at, begun=begun), talk) for talk in newest(told) if talk.document in documents]
    if any(name == VALID for name, _ in states):
        return None
    for name, talk in states:
        if name == WITHDRAWN:
            return Gate("consent.gate_withdrawn", {"on": _day(talk.signature.withdrawal.created, talk)})
        if name == EXPIRED:
            return Gate("consent.gate_expired", {"on": talk.signature.last_day.isoformat()})
        if name == SERIES_OVER and talk.series_over is not None:
            return Gate("consent.gate_series", {"on": _day(talk.series_over, talk)})
    return Gate("consent.gate_begun" if any(name == BEGUN for name, _ in states) else "consent.gate_none")


def newest(told: Iterable[Talk]) -> list[Talk]:
    """Of each document the talk that counts: the one signed last, and before the first signature the newest."""
    counts: dict[str, Talk] = {}
    for talk in told:
        if _later(talk, counts.setdefault(talk.document, talk)):
            counts[talk.document] = talk
    return list(counts.values())


def _later(talk: Talk, other: Talk) -> bool:
    signature, before = getattr(talk, "signature", None), getattr(other, "signature", None)
    return signature is not None and (before is None or signature.id > before.id)


def agreed(patient: Patient, document: str, *, at: datetime) -> bool:
    """Has the patient said yes to this choice beside the treatment, and does that hold? Not asked is not yes."""
    return gate(talks(patient), [document], at=at) is None


def open_talk(patient_id: UUID, *, only: UUID | None = None, until: datetime | None = None) -> Talk | None:
    """The talk whose document this patient is reading: of those that are the newest about theirs and unsigned, one about a
    treatment before a choice beside it, and of these the newest.

    `only`: that talk or none; `until`: no talk that was written down later.
    """
    found = Talk.objects.filter(patient=patient_id).select_related("site", "patient", "by", "signature", "end")
    if until is not None:
        found = found.filter(created__lte=until)
    last: dict[str, Talk] = {}
    for talk in found.order_by("-id"):
        last.setdefault(talk.document, talk)
    unsigned = [talk for talk in last.values() if not hasattr(talk, "signature") and not hasattr(talk, "end")]
    treatment_first = sorted(unsigned, key=lambda talk: not for_treatment(talk))
    return next((talk for talk in treatment_first if only in (None, talk.id)), None)


def for_treatment(talk: Talk) -> bool:
    """Is it about a treatment, not about a choice beside it?"""
    return '"protocols": []' not in talk.content


def _day(at: datetime, talk: Talk) -> str:
    on: date = zones.day(at, talk.site.zone)
    return on.isoformat()
