"""What is open at a site when its day ends, and who may be on call for it?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from daybreak.knowledge.spans import span
from daybreak.web import zones
from daybreak.web.closing.models import Closing
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import BookingEvent
from daybreak.web.courses.state import Standing
from daybreak.web.forms.models import Sitting
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.tasks import queries as tasks
from daybreak.web.tasks.models import Level, Task
from daybreak.web.tasks.state import State

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Evening:
    """Every visit of the day, the open tasks that the reader may see and that cannot wait beyond it, and the forms that
    patients of the day were asked and have not answered to the end.
    """

    visits: list[Standing]
    tasks: list[tuple[Task, State]]
    forms: list[Sitting]

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
    ends = zones.midnight(day + A_DAY, site.zone)
    found = tasks.still_open(tasks.visible(reader, at=at)).filter(site=site)
    found = found.filter(Q(level__in=(Level.NOW, Level.TODAY)) | Q(due__lt=ends), created__lt=ends)
    rows = found.select_related("site", "owner", "tied").order_by(tasks.SUICIDE_FIRST, "due", "id")
    visits = courses.on(site, day)
    asked = Sitting.objects.filter(patient__in={one.booking.patient_id for one in visits}, site=site, created__lt=ends)
    forms = asked.filter(ending__isnull=True).order_by("id")
    return Evening(visits, tasks.with_states(list(rows), at=at), list(forms))


def near(today: date) -> list[date]:
    """The days that can be closed whatever happened on them: today and those just before it."""
    return [today - n * A_DAY for n in range(span("closing-late") // A_DAY + 1)]


def closings(site: Site, today: date) -> dict[date, Closing]:
    """How the last days were closed."""
    found = Closing.objects.filter(site=site, day__gte=today - span("closing-unclosed")).select_related("by", "on_call")
    return {one.day: one for one in found}


def unclosed(site: Site, today: date, closed: Container[date]) -> dict[date, int]:
    """The days before today on which there were visits and that are none of `closed`, the newest first, with how many."""
    since, until = (zones.midnight(day, site.zone) for day in (today - span("closing-unclosed"), today))
    later = BookingEvent.objects.filter(booking=OuterRef("booking"), starts__isnull=False, seq__gt=OuterRef("seq"))
    placed = BookingEvent.objects.filter(~Exists(later), booking__site=site, starts__gte=since, starts__lt=until)
    days = Counter(zones.day(at, site.zone) for at in placed.values_list("starts", flat=True))
    return {day: days[day] for day in sorted(days, reverse=True) if day not in closed}


def who_treats(reader: Person, *, at: datetime) -> dict[Site, list[Person]]:
    """The sites at which the reader treats patients, by name, with everybody who does so there: who may be on call.

    Nobody is proposed: who is called at this hour is seldom who has the night.
    """
    found: dict[Site, dict[UUID, Person]] = {}
    for grant in all_in_force(at=at):
        if Permission.READ_PATIENTS in MAY[Role(grant.role)]:
            found.setdefault(grant.site, {})[grant.person_id] = grant.person
    mine = sorted((site for site, people in found.items() if reader.pk in people), key=lambda site: site.name)
    return {site: list(found[site].values()) for site in mine}
