"""By when does a clinic report what is missing from its cupboard, and what does the book know of it?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from daybreak.clinical.treatment.ledger import Kind as StockKind
from daybreak.knowledge import cupboard as knowledge
from daybreak.web import zones
from daybreak.web.cupboard.models import Entry
from daybreak.web.cupboard.watching import keeper
from daybreak.web.people.permissions import Permission
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level

A_DAY = timedelta(days=1)


def notice_due(row: Entry) -> datetime:
    """The end of the business day within which the authority is told in writing, at the site."""
    day = knowledge.business_day("loss-notice", zones.day(row.created, row.site.zone))
    return zones.midnight(day + A_DAY, row.site.zone)


def form_due(row: Entry) -> datetime:
    """The end of the day by which the form is complete, counted from the day of the discovery."""
    day = zones.day(row.created, row.site.zone) + knowledge.time("loss-form")
    return zones.midnight(day + A_DAY, row.site.zone)


def suppliers(rows: Iterable[Entry]) -> dict[UUID, str]:
    """By lot, from whom it came and by which papers."""
    came = Entry.objects.filter(lot__in={one.lot_id for one in rows}, kind=StockKind.RECEIVED).order_by("seq")
    found: dict[UUID, dict[str, None]] = {}
    for one in came:
        found.setdefault(one.lot_id, {})[one.partner] = None
    return {lot: "; ".join(partners) for lot, partners in found.items()}


def tell(row: Entry, *, at: datetime) -> None:
    """Two tasks, one for each clock. Nothing is sent by itself."""
    for source, what, due in (
        ("loss_notice", "cupboard.loss_notice", notice_due(row)),
        ("loss_form", "cupboard.loss_form", form_due(row)),
    ):
        tasks.make(
            source=f"{source} {row.id}",
            kind=Kind.OTHER,
            what=what,
            values={"lot": row.lot.number},
            site=row.site,
            level=Level.BY,
            due=due,
            permission=Permission.KEEP_CUPBOARD,
            role=keeper(row.site, at=at),
            where=f"/cupboard/losses/?site={row.site_id}",
            by=row.by,
            at=at,
        )
