"""Who hears at once that somebody was given, or got anew, a way to patients?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from daybreak.web import zones
from daybreak.web.links.models import Link
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.letters import WAITS
from daybreak.web.people.models import Person, RoleGrant, Site
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level

WATCH = {Role.PRESCRIBER, Role.ADMINISTRATOR}


def role_given(grant: RoleGrant, *, by: Person | None, at: datetime) -> None:
    """To somebody who was here already, when the role finds patients."""
    if Permission.FIND_PATIENTS in MAY[Role(grant.role)]:
        _tell(grant.person, grant.site, what="people.access_given", about=grant.id, by=by, at=at)


def way_in_made(link: Link, person: Person, sites: Iterable[Site], *, by: Person | None, at: datetime) -> None:
    """By which somebody sets password and app: each of those who are told can say whether it is right."""
    told = {"what": "people.access_made", "kind": Kind.ACCESS, "where": f"/ways-in/{link.id}/"}
    for site in {one.pk: one for one in sites}.values():
        _tell(person, site, about=link.id, by=by, at=at, **told)


def source(about: UUID) -> str:
    """What the source of each task about this begins with."""
    return f"access {about} "


def _tell(
    person: Person,
    site: Site,
    *,
    what: str,
    about: UUID,
    kind: Kind = Kind.OTHER,
    where: str = "",
    by: Person | None,
    at: datetime,
) -> None:
    """A task for every other prescriber and administrator of the site, unless the operator did it. `what` is the sentence;
    neither who did it nor whom it is about can close it."""
    if by is None:
        return
    held = [one for one in all_in_force(at=at) if one.site_id == site.id and one.role in WATCH]
    for other in {one.person_id: one.person for one in held}.values():
        if other.pk in (by.pk, person.pk):
            continue
        task = tasks.make(
            source=f"{source(about)}{other.pk}",
            kind=kind,
            what=what,
            values={"by": by.display_name, "name": person.display_name, "on": zones.minute(at)},
            site=site,
            level=Level.TODAY,
            due=at + timedelta(days=1),
            permission=Permission.REVIEW_GLASS,
            owner=other,
            hidden_from={by.pk, person.pk},
            where=where,
            by=by,
            at=at,
        )
        outbox.post(other, WAITS, about=task.id, at=at, organisation_id=site.organisation_id)
