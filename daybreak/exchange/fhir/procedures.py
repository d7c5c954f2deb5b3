"""Which treatments that are no medicine took place, and how often?"""

from __future__ import annotations

from collections.abc import Iterable

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Code, Condition, Observation, Therapy, When
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.reasons import stop_reason
from daybreak.exchange.fhir.record import Dated, Record

TOOK_PLACE = frozenset({"completed", "in-progress", "stopped"})
STATUS = TOOK_PLACE | {"preparation", "not-done", "on-hold", "entered-in-error", "unknown"}


SUICIDE_ASSESSMENT = "suicide_assessment"


def read_procedure(record: Record, draft: Draft) -> None:
    """The kinds that a rule asks about are courses of treatment. One on an aneurysm, say, leaves open whether it is there;
    any other is shown to a human."""
    codes, text = record.concept("code", record.resource.get("code"))
    kind = record.terms.procedure(codes, text)
    status = record.word("status", STATUS)
    if status is not UNREADABLE and status is not None and status not in TOOK_PLACE | {"unknown"}:
        return
    performed = record.dated("performed")
    if kind is None:
        _other(record, draft, codes, text, performed)
        return
    if kind == SUICIDE_ASSESSMENT:
        done = "done" if status == "completed" and not record.modified else UNREADABLE
        day = performed.end or performed.start
        draft.observations.append(Observation(record.ref, SUICIDE_ASSESSMENT, done, day, performed.instant, text))
        return
    end = performed.end or performed.start
    one_day = isinstance(end, When) and end.exact and end == performed.start
    certain = status in TOOK_PLACE and not record.modified
    sessions = (1 if one_day else None) if certain else UNREADABLE
    draft.therapies.append(Therapy(record.ref, text, kind, performed.start, end, sessions, stop=stop_reason(record)))


def _other(record: Record, draft: Draft, codes: tuple[Code, ...], text: str, performed: Dated) -> None:
    told = record.terms.told_by_procedure(text)
    if told:
        onset = performed.start
        draft.conditions.append(Condition(record.ref, text, frozenset(), told, None, "confirmed", onset, codes=codes))
    else:
        draft.unmapped(record.ref, codes=codes, text=text, domain=None, recorded=None)


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
