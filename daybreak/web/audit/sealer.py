"""How are committed lines linked into one chain?

Lines are inserted unlinked, so that no two people wait for each other. Every few seconds the sealer gives each a place.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from daybreak.web import ids
from daybreak.web.audit import heads
from daybreak.web.audit.canonical import seal_mac
from daybreak.web.audit.models import Entry, Seal

BATCH = 2000


def unsealed(since: datetime | None = None) -> QuerySet[Entry]:
    """Lines without a place, oldest first; with `since` only those made from then on (looking at all takes longer)."""
    young = Entry.objects.filter(id__gte=ids.first_of(since)) if since else Entry.objects
    return young.filter(~Exists(Seal.objects.filter(entry_id=OuterRef("pk")))).order_by("id")


def seal(since: datetime | None = None, *, at: datetime) -> int:
    """Link what is unlinked, write the head outside the database; how many lines were linked."""
    count = 0
    while batch := list(unsealed(since).values_list("id", "mac")[:BATCH]):
        try:
            last = _link(batch)
        except IntegrityError:  # another sealer was faster; what it left comes with the next turn
            break
        heads.write(last, at=at)
        count += len(batch)
    return count


@transaction.atomic
def _link(batch: Iterable[tuple[UUID, str]]) -> Seal:
    key = settings.PLACE.key("audit")
    last = Seal.objects.order_by("-place").first() or Seal(place=0, mac="")
    links = []
    for entry_id, entry_mac in batch:
        mac = seal_mac(last.place + 1, entry_mac=entry_mac, before=last.mac, key=key)
        last = Seal(place=last.place + 1, entry_id=entry_id, key=key.id, mac=mac)
        links.append(last)
    Seal.objects.bulk_create(links)
    return last
