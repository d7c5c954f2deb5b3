"""In which hours of the next days is somebody named for calls, and nobody who said that they are there can be called?

Such a day is a task of whoever lays down the rota, from so long before as `spans.yaml` says; it closes itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.spans import span
from daybreak.web import zones
from daybreak.web.locks import locked
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, where_they_may
from daybreak.web.people.roles import Role
from daybreak.web.rota.cover import A_MOMENT, cover
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.actions import NOT_NEEDED
from daybreak.web.tasks.calling import reachable
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.tasks.queries import still_open
from daybreak.web.tasks.state import state

SOURCE = "rota gap "


def look(*, at: datetime) -> int:
    """Ask for somebody wherever that is so, and end the tasks of days on which it is no longer; how many were made."""
    sites = list(Site.objects.order_by("id"))
    found = gaps(sites, at=at)
    waiting = still_open(Task.objects.filter(source__startswith=SOURCE)).values_list("source", "site")
    asked = {(site, _day(source)): source for source, site in waiting}
    for (site_id, day), source in asked.items():
        if day not in found[site_id]:
            tasks.done(source=source, by=None, at=at)
    return sum(
        _ask(site, day, begins, at=at)
        for site in sites
        for day, begins in found[site.id].items()
        if (site.id, day) not in asked
    )


def gaps(sites: list[Site], *, at: datetime) -> Mapping[UUID, dict[date, datetime]]:
    """By site and its day: when the first hours of that day begin, in so far as they lie near enough to be asked about."""
    until = at + span("rota-gap")
    laid = cover(sites, since=at, until=until)
    stretches = {one.id: [each for each in laid[one.id].stretches(at, until) if each.turns] for one in sites}
    people = {turn.person for found in stretches.values() for one in found for turn in one.turns if turn.confirmed}
    allowed, there = where_they_may(people, Permission.READ_PATIENTS, at=at), reachable(people)
    found: dict[UUID, dict[date, datetime]] = {one.id: {} for one in sites}
    for site in sites:
        for one in stretches[site.id]:
            if any(
                turn.confirmed and turn.person.pk in there and (turn.person.pk, site.id) in allowed
                for turn in one.turns
            ):
                continue
            day, last = zones.day(one.begins, site.zone), zones.day(one.ends - A_MOMENT, site.zone)
            while day <= last:
                found[site.id].setdefault(day, max(one.begins, zones.midnight(day, site.zone)))
                day += timedelta(days=1)
    return found


@transaction.atomic
def _ask(site: Site, day: date, begins: datetime, *, at: datetime) -> int:
    """Once; again only when the task was called done, or the hours were filled and are not any more."""
    site = locked(Site, pk=site.pk)
    source = f"{SOURCE}{site.id} {day.isoformat()} "
    before = list(Task.objects.filter(source__startswith=source).order_by("id"))
    if before:
        closed = state(before[-1]).closed
        if closed is None or (closed.result == NOT_NEEDED and closed.by_id is not None):
            return 0
    tasks.make(
        source=f"{source}{len(before) + 1}",
        kind=Kind.OTHER,
        what="rota.task_gap",
        values={"day": day.isoformat()},
        site=site,
        level=Level.TODAY if day == zones.day(at, site.zone) else Level.BY,
        due=due.before(begins, lead=timedelta(0), at=at),
        permission=Permission.CALLING_ORDER,
        role=Role.ADMINISTRATOR,
        where=f"/rota/#site-{site.id}",
        by=None,
        at=at,
        via="clock",
    )
    return 1


def _day(source: str) -> date:
    return date.fromisoformat(source.split(" ")[-2])
