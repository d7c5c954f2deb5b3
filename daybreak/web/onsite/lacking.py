"""Who is asked to find a prescriber for treatments that lost theirs, and when is that done?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from daybreak.knowledge.schedules import days
from daybreak.web import zones
from daybreak.web.courses.models import What
from daybreak.web.courses.state import Standing
from daybreak.web.onsite.cover import ahead_on, uncovered_on
from daybreak.web.onsite.queries import former_prescribers
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.tasks.queries import still_open

TODAY, LATER = "onsite.no_prescriber", "onsite.no_prescriber_on"


def ask(about: UUID, site: Site, day: date, lost: list[Standing], *, by: Person | None, at: datetime) -> Task | None:
    """A task for these treatments of a day, once for what made them lose their prescriber (`about`).

    It cannot wait while a patient is here; for a later day it is due while there is time to tell the patients.
    """
    if not lost:
        return None
    starts = max(at, lost[0].starts)
    with timezone.override(site.zone):
        first = f"{timezone.localtime(starts):%H:%M}"
    today = day == zones.day(at, site.zone)
    here = any(one.last == What.ARRIVED for one in lost)
    return tasks.make(
        source=f"no prescriber {day.isoformat()} {about}",
        kind=Kind.OTHER,
        what=TODAY if today else LATER,
        values={"n": str(len(lost)), "first": first, "day": day.isoformat()},
        site=site,
        level=Level.NOW if here else Level.TODAY if today else Level.BY,
        due=starts if today else due.before(starts, lead=timedelta(days=days("tentative")), at=at),
        permission=Permission.SEE_CALENDAR,
        role=Role.PRESCRIBER,
        where=f"/today/?site={site.id}" if today else f"/onsite/?site={site.id}&day={day.isoformat()}",
        by=by,
        at=at,
        via="web" if by else "clock",
    )


def look(*, at: datetime) -> int:
    """Ask about each day ahead for which a prescriber was planned who is none at that site any more: the treatments of those
    hours that nobody else covers; how many tasks there are of it. The clock looks."""
    count = 0
    for row in former_prescribers(at=at):
        lost = [one for one in uncovered_on(row.site, row.day, at) if one.starts < row.ends and one.ends > row.begins]
        count += ask(row.id, row.site, row.day, lost, by=None, at=at) is not None
    return count


def covered_again(site: Site, day: date, *, by: Person | None, at: datetime) -> int:
    """Every treatment of that day has a prescriber, or is over: then what was asked is done, or not needed; how many tasks."""
    asked = [one for one in _open().filter(site=site) if _day(one) == day]
    if not asked or uncovered_on(site, day, at):
        return 0
    result = tasks.DONE if ahead_on(site, day, at) else tasks.NOT_NEEDED
    return sum(tasks.done(source=one.source, by=by, at=at, result=result) is not None for one in asked)


def settle(*, at: datetime) -> int:
    """The same for every site and day about which somebody is asked: visits also end, and move, by themselves."""
    found = {(one.site_id, _day(one)): one.site for one in _open()}
    return sum(covered_again(site, day, by=None, at=at) for (_, day), site in found.items())


def _open() -> QuerySet[Task]:
    return still_open(Task.objects.filter(what__in=(TODAY, LATER))).select_related("site").order_by("id")


def _day(task: Task) -> date:
    """The day that it is about; a task from before this was written down is about the day on which it was made."""
    said, _, about = task.source.removeprefix("no prescriber ").partition(" ")
    return date.fromisoformat(said) if about else zones.day(task.created, task.site.zone)
