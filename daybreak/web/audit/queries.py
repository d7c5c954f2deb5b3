"""Which lines of the audit trail answer a question? The newest first, a page at a time, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from daybreak.web import ids, zones
from daybreak.web.audit.models import Entry
from daybreak.web.patients.models import Registration

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. `nobody`: what was done without a sign-in, by the operator or by the clock. `places`: at these
    sites, or about patients who are registered there; None: everywhere, and of no site."""

    first: date | None = None
    last: date | None = None
    who: UUID | None = None
    nobody: bool = False
    subject: UUID | None = None
    action: str = ""
    places: tuple[UUID, ...] | None = None


def lines(asked: Asked, *, before: UUID | None = None) -> QuerySet[Entry]:
    """All that fit, the newest first, each with its seal if it has one; `before` is the last line of the page before."""
    found = Entry.objects.select_related("seal").order_by("-id")
    if asked.first:
        found = found.filter(id__gte=ids.first_of(zones.begins(asked.first)))
    if asked.last:
        found = found.filter(id__lt=ids.first_of(zones.begins(asked.last + timedelta(days=1))))
    if asked.who:
        found = found.filter(who=asked.who)
    elif asked.nobody:
        found = found.filter(who__isnull=True)
    if asked.subject:
        found = found.filter(subject=asked.subject)
    if asked.action:
        found = found.filter(action=asked.action)
    if asked.places is not None:
        theirs = Registration.objects.filter(site__in=asked.places).values("patient")
        found = found.filter(Q(site__in=asked.places) | Q(subject__in=theirs))
    return found.filter(id__lt=before) if before else found


def page(asked: Asked, *, before: UUID | None = None, most: int = SHOWN) -> tuple[list[Entry], bool]:
    """The lines of one page, and whether there are older ones."""
    found = list(lines(asked, before=before)[: most + 1])
    return found[:most], len(found) > most
