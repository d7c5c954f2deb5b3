"""When did this record leave for another clinic, and when did somebody there say that it arrived? For the record itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from daybreak.web import zones
from daybreak.web.patients.models import Patient
from daybreak.web.transfer import queries
from daybreak.web.words import word


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the timeline: the day at the site that sent it, what happened, and who wrote it down. `waits`: it left, and
    nobody there has said that it arrived."""

    day: date
    said: str
    by: str
    waits: bool = False


def moves(patient: Patient, language: str) -> list[Move]:
    """Sent and arrived, the latest first."""
    found = []
    for one in queries.of(patient):
        waits = not hasattr(one, "receipt")
        sent = word("transfer.line_sent", language, name=one.receiver)
        found.append((one.created, Move(zones.day(one.created, one.site.zone), sent, one.by.display_name, waits)))
        if not waits:
            got, told = one.receipt, one.receipt.by
            said = word("transfer.line_arrived", language, name=one.receiver, who=got.name)
            by = told.display_name if told else word("transfer.by_link", language)
            found.append((got.created, Move(zones.day(got.created, one.site.zone), said, by)))
    found.sort(key=lambda one: (one[1].day, one[0]), reverse=True)
    return [move for _, move in found]


def between(found: Iterable[Move], *, above: date | None, below: date | None) -> list[Move]:
    """Those of one page of a timeline: up to and with the day `above`, and later than `below`; None: without that end."""
    return [one for one in found if (above is None or one.day <= above) and (below is None or one.day > below)]
