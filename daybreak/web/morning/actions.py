"""How is the list of a site called read?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.morning.models import Read
from daybreak.web.morning.queries import morning
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused


@transaction.atomic
def read(site: Site, *, seen: str, by: Person, at: datetime, key: UUID) -> Read:
    """Nothing is closed by it. `seen`: the digest of what the page showed. Refused while an answer about suicide that calls
    people at once waits for somebody's assessment and plan, of whatever night it is."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.READ_PATIENTS, at=at, site_id=site.id)
    content = {"site": site.id, "seen": seen, "by": by.id}
    if earlier := keys.known(key, action="read_morning", content=content):
        return Read.objects.get(pk=earlier)
    found = morning(site, reader=by, at=at)
    if found.urgent:
        raise Refused("morning.open", n=found.urgent)
    if found.digest != seen:
        raise Conflict("morning.changed")
    if not found.any:
        raise Conflict("morning.nothing")
    row = Read(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        seq=found.last.seq + 1 if found.last else 1,
        upto=at,
        tasks=len(found.tasks),
        answered=len(found.answered),
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="morning_read", who=by.id, at=at, site=site.id)
    keys.remember(
        key, action="read_morning", content=content, answer=row.id, organisation_id=site.organisation_id, at=at
    )
    return row
