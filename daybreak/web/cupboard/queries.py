"""What is in the cupboard of a site, who received a lot, and what was taken and not accounted for?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from daybreak.clinical.treatment.ledger import NOTHING, TAKES, Amount, Balance, Kind
from daybreak.web.cupboard import book
from daybreak.web.cupboard.models import Entry, Lot, Recall
from daybreak.web.people.models import Site


@dataclass(frozen=True, slots=True)
class Standing:
    """One lot and where everything of it is."""

    lot: Lot
    balance: Balance
    recalled: bool

    @property
    def in_cupboard(self) -> Amount:
        """What lies there to be counted: everything on hand that nobody took for a session."""
        found = self.balance.free.plus(self.balance.open).plus(self.balance.quarantined)
        for one in self.balance.reserved.values():
            found = found.plus(one)
        return found

    @property
    def reserved(self) -> Amount:
        return _sum(self.balance.reserved.values())

    @property
    def drawn(self) -> Amount:
        return _sum(self.balance.drawn.values())


def on_hand(site: Site, *, until: datetime | None = None) -> list[Standing]:
    """Every lot of which something is there (or, `until` a moment, was), by product and expiry."""
    rows = Entry.objects.filter(site=site) if until is None else Entry.objects.filter(site=site, created__lte=until)
    last = rows.filter(lot=OuterRef("pk")).order_by("-seq").values("left_units")[:1]
    lots = Lot.objects.filter(site=site).annotate(left=Subquery(last)).filter(left__gt=0).select_related("owner")
    return standings(lots.order_by("product", "expires", "number", "id"), rows)


def standing(lot: Lot) -> Standing:
    """One lot."""
    return standings([lot], Entry.objects.filter(lot=lot))[0]


def standings(lots: Iterable[Lot], rows: QuerySet[Entry]) -> list[Standing]:
    """Lots with their balance, by two queries."""
    found = list(lots)
    entries: dict[UUID, list[Entry]] = {one.id: [] for one in found}
    for row in rows.filter(lot__in=found).order_by("seq"):
        entries[row.lot_id].append(row)
    sites = {one.site_id for one in found}
    recalled = set(Recall.objects.filter(site__in=sites).values_list("site_id", "product", "number"))
    return [
        Standing(one, book.folded(entries[one.id]), (one.site_id, one.product, one.number) in recalled) for one in found
    ]


def who_received(site: Site, number: str) -> tuple[list[Lot], list[Entry]]:
    """The lots of that number at the site, and everything of them that was given, the newest first."""
    number = " ".join(number.split()).upper()
    lots = list(Lot.objects.filter(site=site, number=number).select_related("owner").order_by("id")) if number else []
    rows = Entry.objects.filter(lot__in=lots, kind=Kind.GIVEN).select_related("lot", "by").order_by("-seq")
    return lots, list(rows)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken for one session, and what of it nobody has accounted for yet."""

    first: Entry
    left: Amount


def unaccounted(lots: Iterable[Standing]) -> list[Taken]:
    """Everything of these lots that was taken and neither given, wasted, brought back nor set aside, the oldest first."""
    left = {UUID(take): amount for one in lots for take, amount in one.balance.drawn.items()}
    rows = Entry.objects.filter(pk__in=left).select_related("lot", "by").order_by("seq")
    return [Taken(one, left[one.pk]) for one in rows]


def of_session(session_id: UUID) -> list[Taken]:
    """What was taken for one session, the oldest first, and what of each take nobody has accounted for yet."""
    rows = Entry.objects.filter(session_id=session_id, kind__in=TAKES).select_related("lot").order_by("seq")
    drawn = {lot.pk: book.balance(lot).drawn for lot in {one.lot.pk: one.lot for one in rows}.values()}
    return [Taken(one, drawn[one.lot_id].get(str(one.pk), NOTHING)) for one in rows]


def _sum(amounts: Iterable[Amount]) -> Amount:
    total = NOTHING
    for one in amounts:
        total = total.plus(one)
    return total
