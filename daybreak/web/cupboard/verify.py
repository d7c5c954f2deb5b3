"""Is the book of every cupboard as it was written, and does its law hold from the first entry to the last?"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from daybreak.clinical.treatment.ledger import Balance, after
from daybreak.web.append_only import unprotected
from daybreak.web.audit.models import Entry as Line
from daybreak.web.cupboard.book import as_read, digest
from daybreak.web.cupboard.models import Entry, Lot
from daybreak.web.people.models import Site

CHUNK = 2000
MOST = 20  # that many findings are named


@dataclass
class Report:
    """What was found. `broken` begins with the first broken place of the first site."""

    entries: int = 0
    broken: list[str] = field(default_factory=list)

    def breaks(self, sentence: str) -> None:
        if len(self.broken) < MOST:
            self.broken.append(sentence)


def verify() -> Report:
    """Check every entry, every link, the law after each, what the audit trail knows of, and the triggers."""
    report = Report()
    for site in Site.objects.order_by("name"):
        _book(report, site)
    _known_to_the_trail(report)
    for model in (Entry, Lot):
        if unprotected(connection, model._meta.db_table):
            report.breaks(f"table {model._meta.db_table}: a trigger that refuses changes is missing or switched off")
    return report


def _book(report: Report, site: Site) -> None:
    balances: dict[UUID, Balance] = {}
    expected, before = 1, ""
    for row in Entry.objects.filter(site=site).select_related("lot").order_by("seq").iterator(CHUNK):
        place = f"{site.name}, entry {row.seq}"
        if row.seq != expected:
            report.breaks(f"{site.name}, entry {expected}: missing; the next one is {row.seq}")
        elif row.before != before:
            report.breaks(f"{place}: its link does not fit the entry before it")
        if row.digest != digest(row):
            report.breaks(f"{place}: it, or its lot, was altered")
        now = balances[row.lot_id] = after(balances.get(row.lot_id, Balance()), as_read(row))
        if not now.held or now.on_hand != (row.left_units, row.left_mg):
            report.breaks(f"{place}: the law does not hold for lot {row.lot.number}")
        expected, before = row.seq + 1, row.digest
        report.entries += 1


def _known_to_the_trail(report: Report) -> None:
    """An entry at the end can be cut off without a broken link; the audit trail still tells of it."""
    written = Line.objects.filter(object_type=Entry._meta.label_lower, action__startswith="stock_")
    for id in written.exclude(object_id__in=Entry.objects.values("id")).values_list("object_id", flat=True)[:MOST]:
        report.breaks(f"entry {id}: the audit trail tells of it, and it is gone")
