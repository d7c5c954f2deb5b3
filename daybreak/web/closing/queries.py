"""What is open at a site when its day ends, and who may be on call for it?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from daybreak.web import zones
from daybreak.web.courses import queries as courses
from daybreak.web.courses.state import Standing
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.tasks import queries as tasks
from daybreak.web.tasks.calling import to_call
from daybreak.web.tasks.models import Level, Task
from daybreak.web.tasks.state import State


@dataclass(frozen=True, slots=True)
class Evening:
    """Every visit of the day, and the open tasks that the reader may see and that cannot wait beyond it."""

    visits: list[Standing]
    tasks: list[tuple[Task, State]]

    @property
    def unfinished(self) -> list[Standing]:
        """The visits of which nobody has said how they ended."""
        return [one for one in self.visits if not one.over]

    @property
    def digest(self) -> str:
        """Differs as soon as something else is open."""
        parts = [f"{one.booking.id} {one.next}" for one in self.visits]
        parts += [f"{task.id} {now.next}" for task, now in self.tasks]
        return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


def evening(site: Site, day: date, *, reader: Person, at: datetime) -> Evening:
    """How the day stands. A task belongs to it when it is for now or today, or due before the day is over."""
    ends = zones.midnight(day + timedelta(days=1), site.zone)
    found = tasks.still_open(tasks.visible(reader, at=at)).filter(site=site)
    found = found.filter(Q(level__in=(Level.NOW, Level.TODAY)) | Q(due__lt=ends), created__lt=ends)
    rows = found.select_related("site", "owner").order_by(tasks.SUICIDE_FIRST, "due", "id")
    return Evening(courses.on(site, day), tasks.with_states(list(rows)))


def may_be_on_call(site: Site, *, at: datetime) -> list[Person]:
    """Who treats patients there: first who is called at this hour, in that order."""
    called = to_call(site.id, at=at)
    found = {one.pk: one for one in called}
    for grant in all_in_force(at=at):
        if grant.site_id == site.id and Permission.READ_PATIENTS in MAY[Role(grant.role)]:
            found.setdefault(grant.person_id, grant.person)
    return list(found.values())
