"""Who hears at once that somebody was given, or got anew, a way to patients?"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from daybreak.web import zones
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.letters import WAITS
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level

WATCH = {Role.PRESCRIBER, Role.ADMINISTRATOR}


def tell(person: Person, role: Role, site: Site, *, what: str, source: UUID, by: Person | None, at: datetime) -> None:
    """A task for every other prescriber and administrator of the site, when the role finds patients and an administrator did
    it. `what` is the sentence; neither who did it nor whom it is about can close it."""
    if by is None or Permission.FIND_PATIENTS not in MAY[role]:
        return
    held = [one for one in all_in_force(at=at) if one.site_id == site.id and one.role in WATCH]
    for other in {one.person_id: one.person for one in held}.values():
        if other.pk in (by.pk, person.pk):
            continue
        task = tasks.make(
            source=f"access {source} {other.pk}",
            kind=Kind.OTHER,
            what=what,
            values={"by": by.display_name, "name": person.display_name, "on": zones.minute(at)},
            site=site,
            level=Level.TODAY,
            due=at + timedelta(days=1),
            permission=Permission.REVIEW_GLASS,
            owner=other,
            hidden_from={by.pk, person.pk},
            by=by,
            at=at,
        )
        outbox.post(other, WAITS, about=task.id, at=at, organisation_id=site.organisation_id)
