"""What has a site adopted, by whom, and does it still hold?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import grants_in_force
from daybreak.web.people.roles import Role
from daybreak.web.protocols.models import ADOPTED, Adoption


def newest(site_ids: Iterable[UUID]) -> dict[tuple[UUID, str], Adoption]:
    """The last event of each site and protocol."""
    rows = Adoption.objects.filter(site__in=list(site_ids), replaced_by__isnull=True).select_related("by", "site")
    return {(row.site_id, row.protocol): row for row in rows}


def in_force(last: Adoption | None, *, digest: str) -> Adoption | None:
    """The adoption, if the last event is one and it is of just this content."""
    return last if last and last.kind == ADOPTED and last.digest == digest else None


def sites(person: Person, permission: Permission, *, at: datetime) -> list[Site]:
    """The sites at which the person holds the permission, by name."""
    found = {g.site_id: g.site for g in grants_in_force(person, at=at) if permission in MAY[Role(g.role)]}
    return sorted(found.values(), key=lambda site: site.name)
