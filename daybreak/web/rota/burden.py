"""How many calls about what is urgent did each person get, week by week? So that it is seen before they wear out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from daybreak.knowledge.spans import span
from daybreak.web import zones
from daybreak.web.people.models import Site
from daybreak.web.tasks.models import NOTIFIED, Called

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Burden:
    """The last day of each week, the newest first; and of each person who was called the calls of each of these weeks."""

    weeks: tuple[date, ...]
    people: tuple[tuple[str, tuple[int, ...]], ...]


def burden(sites: Iterable[Site], *, at: datetime) -> dict[UUID, Burden]:
    """Of each site, by one query. A call is one that went to somebody, also where several were about one answer."""
    sites, n = list(sites), span("rota-burden") // WEEK
    rows = Called.objects.filter(result=NOTIFIED, call__task__site__in=sites, created__gt=at - (n + 1) * WEEK)
    counted: dict[UUID, Counter[tuple[UUID, int]]] = {one.id: Counter() for one in sites}
    today = {one.id: zones.day(at, one.zone) for one in sites}
    zone = {one.id: one.zone for one in sites}
    names: dict[UUID, str] = {}
    for site, person, name, made in rows.values_list("call__task__site", "person", "person__display_name", "created"):
        names[person] = name
        counted[site][person, (today[site] - zones.day(made, zone[site])) // WEEK] += 1
    return {id: _told(today[id], n, found, names) for id, found in counted.items()}


def _told(today: date, n: int, found: Counter[tuple[UUID, int]], names: dict[UUID, str]) -> Burden:
    people = {person for person, week in found if week in range(n)}
    return Burden(
        weeks=tuple(today - week * WEEK for week in range(n)),
        people=tuple(
            (names[one], tuple(found[one, week] for week in range(n)))
            for one in sorted(people, key=lambda one: (names[one], one))
        ),
    )
