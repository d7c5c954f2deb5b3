"""Which treatments that are no medicine took place, and how often?"""

from __future__ import annotations

from collections.abc import Iterable

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Therapy, When
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.reasons import stop_reason
from daybreak.exchange.fhir.record import Record

TOOK_PLACE = frozenset({"completed", "in-progress", "stopped"})
STATUS = TOOK_PLACE | {"preparation", "not-done", "on-hold", "entered-in-error", "unknown"}


def read_procedure(record: Record, draft: Draft) -> None:
    """Only the few kinds that a rule asks about; an ordinary procedure is no history of depression."""
    kind = record.terms.procedure(*record.concept("code", record.resource.get("code")))
    if kind is None:
        return
    status = record.word("status", STATUS)
    if status is not UNREADABLE and status is not None and status not in TOOK_PLACE | {"unknown"}:
        return
    performed = record.dated("performed")
    end = performed.end or performed.start
    one_day = isinstance(end, When) and end.exact and end == performed.start
    certain = status in TOOK_PLACE and not record.modified
    text = record.concept("code", record.resource.get("code"))[1]
    sessions = (1 if one_day else None) if certain else UNREADABLE
    draft.therapies.append(Therapy(record.ref, text, kind, performed.start, end, sessions, stop=stop_reason(record)))


def courses(therapies: Iterable[Therapy]) -> list[Therapy]:
    """Procedures of one day each are the sessions of one course of their kind; a longer one is a course of its own."""
    found: list[Therapy] = []
    sessions: dict[str, list[Therapy]] = {}
    for therapy in therapies:
        if therapy.sessions == 1:
            sessions.setdefault(therapy.kind, []).append(therapy)
        else:
            found.append(therapy)
    for kind, days in sessions.items():
        days.sort(key=_day)
        first, last = days[0], days[-1]
        found.append(Therapy(first.ref, first.text, kind, first.start, last.end, len(days), stop=last.stop))
    return found


def _day(therapy: Therapy) -> int:
    return therapy.start.earliest.toordinal() if isinstance(therapy.start, When) else 0
