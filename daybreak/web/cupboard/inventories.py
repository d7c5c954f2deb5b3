"""When was stock last taken at a site, and by when is it taken again?"""

from __future__ import annotations

import calendar
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.cupboard import rules
from daybreak.web.cupboard.models import Inventory
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require

YEAR = 12  # months


def last(site: Site) -> Inventory | None:
    """The one that was taken last; None: none ever."""
    return Inventory.objects.filter(site=site).select_related("by").order_by("-at", "-id").first()


def due(site: Site) -> date | None:
    """The day by which the next one is taken; None: there has been none, so it is due now."""
    row = last(site)
    return later(zones.day(row.at, site.zone), rules.in_force(site.id).inventory_months) if row else None


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@transaction.atomic
def take(site: Site, *, opening: bool, by: Person, at: datetime, key: UUID) -> Inventory:
    """Stock was taken now, at the opening or the close of business; an empty cupboard has one too."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.KEEP_CUPBOARD, at=at, site_id=site.id)
    content = {"site": site.id, "opening": opening, "by": by.id}
    if earlier := keys.known(key, action="inventory_taken", content=content):
        return Inventory.objects.get(pk=earlier)
    row = Inventory(
        id=ids.new(), organisation_id=site.organisation_id, created=at, site=site, at=at, opening=opening, by=by
    )
    row.save(force_insert=True)
    trail.wrote(row, action="inventory_taken", who=by.id, at=at, site=site.id)
    keys.remember(
        key, action="inventory_taken", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row
