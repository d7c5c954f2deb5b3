"""How does a site adopt a protocol, and how does it stop?"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.protocols import NotInForce, UnknownProtocol, protocol
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.protocols import queries, reading
from daybreak.web.protocols.models import ADOPTED, WITHDRAWN, Adoption
from daybreak.web.refusals import Conflict, Refused


@transaction.atomic
def adopt(*, id: str, digest: str, site: Site, by: Person, at: datetime, key: UUID) -> Adoption:
    """The site adopts the protocol as it stands today, if that is what the signer was shown (`digest`)."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"protocol": id, "digest": digest, "site": site.id, "by": by.id}
    if earlier := keys.known(key, action="adopt", content=content):
        return Adoption.objects.get(pk=earlier)
    try:
        found = protocol(id, as_of=at.date())
    except (UnknownProtocol, NotInForce):
        raise Refused("protocols.cannot_adopt") from None
    if found.digest != digest:
        raise Conflict("protocols.changed_meanwhile")
    last = queries.newest([site.id]).get((site.id, id))
    if queries.in_force(last, digest=digest):
        raise Refused("protocols.adopted_already")
    told = {"version": found.version, "digest": digest, "lines": json.dumps(reading.lines(id, as_of=at.date()))}
    return _add(ADOPTED, id, told, last=last, site=site, by=by, at=at, key=key, content=content)


@transaction.atomic
def withdraw(*, id: str, reason: str, site: Site, by: Person, at: datetime, key: UUID) -> Adoption:
    """The site no longer uses it. What was signed under it stays; nothing new can be."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"protocol": id, "reason": reason, "site": site.id, "by": by.id}
    if earlier := keys.known(key, action="withdraw_adoption", content=content):
        return Adoption.objects.get(pk=earlier)
    last = queries.newest([site.id]).get((site.id, id))
    if last is None or last.kind == WITHDRAWN:
        raise Refused("protocols.not_adopted_here")
    if not reason.strip():
        raise Refused("protocols.reason_missing")
    told = {"version": last.version, "digest": last.digest, "lines": last.lines, "reason": reason.strip()}
    return _add(WITHDRAWN, id, told, last=last, site=site, by=by, at=at, key=key, content=content)


def _add(
    kind: str,
    id: str,
    told: dict[str, Any],
    *,
    last: Adoption | None,
    site: Site,
    by: Person,
    at: datetime,
    key: UUID,
    content: dict[str, Any],
) -> Adoption:
    row = Adoption(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        protocol=id,
        kind=kind,
        by=by,
        replaces=last,
        **told,
    )
    row.save(force_insert=True)
    action = "protocol_adopted" if kind == ADOPTED else "adoption_withdrawn"
    trail.wrote(row, action=action, who=by.id, at=at, site=site.id)
    done = "adopt" if kind == ADOPTED else "withdraw_adoption"
    keys.remember(key, action=done, content=content, answer=row.id, organisation_id=site.organisation_id, at=at)
    return row
