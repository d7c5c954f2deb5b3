"""Who is at a site, and who is planned to be? (a dose will ask `on_site`)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from daybreak.web import zones
from daybreak.web.onsite.models import Planned, Stay
from daybreak.web.people.models import Person, RoleGrant, Site
from daybreak.web.people.queries import roles_of
from daybreak.web.people.roles import Role


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who said that they are at the site. `overdue`: their time is over, and they have not said that they left."""

    person: Person
    roles: frozenset[Role]
    room: str
    until: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Somebody who is to be at the site on a day."""

    person: Person
    roles: frozenset[Role]
    begins: datetime
    ends: datetime


def on_site(site: Site, at: datetime) -> list[Here]:
    """Who is certainly at the site: they said so, and until a moment that has not come. By name."""
    return [one for one in said_here(site, at) if not one.overdue]


def said_here(site: Site, at: datetime) -> list[Here]:
    """The same with those of this day whose time is over and who have not said that they left: whether they did is unknown."""
    rows = _stays(site, at)
    return _here(rows, _roles(site, [one.person for one in rows], at), at)


def planned(site: Site, day: date, *, at: datetime) -> list[Plan]:
    """Who is to be at the site on a day, by when they begin. Whoever works there no longer is not."""
    rows = _planned(site, day)
    return _plans(rows, _roles(site, [one.person for one in rows], at))


def staffed(site: Site, day: date, *, at: datetime) -> tuple[list[Here], list[Plan]]:
    """Both, with one question less."""
    stays, rows = _stays(site, at), _planned(site, day)
    roles = _roles(site, [one.person for one in (*stays, *rows)], at)
    return _here(stays, roles, at), _plans(rows, roles)


def _stays(site: Site, at: datetime) -> list[Stay]:
    until = zones.midnight(zones.day(at, site.zone), site.zone)
    newer = Stay.objects.filter(person=OuterRef("person"), seq__gt=OuterRef("seq"), created__lte=at)
    found = Stay.objects.filter(~Exists(newer), site=site, there=True, created__lte=at, until__gte=until)
    return list(found.select_related("person", "room").order_by("person__display_name"))


def _here(rows: Iterable[Stay], roles: Mapping[UUID, frozenset[Role]], at: datetime) -> list[Here]:
    return [
        Here(one.person, roles[one.person_id], one.room.name if one.room else "", one.until, one.until <= at)
        for one in rows
        if one.until and roles[one.person_id]
    ]


def _planned(site: Site, day: date) -> list[Planned]:
    newer = Planned.objects.filter(
        site=OuterRef("site"), person=OuterRef("person"), day=OuterRef("day"), seq__gt=OuterRef("seq")
    )
    found = Planned.objects.filter(~Exists(newer), site=site, day=day, begins__isnull=False)
    return list(found.select_related("person").order_by("begins", "person__display_name"))


def former_prescribers(*, at: datetime) -> list[Planned]:
    """The plans ahead of people who were prescribers at that site, and are not any more."""
    newer = Planned.objects.filter(
        site=OuterRef("site"), person=OuterRef("person"), day=OuterRef("day"), seq__gt=OuterRef("seq")
    )
    found = (
        Planned.objects.filter(~Exists(newer), ends__gt=at).select_related("person", "site").order_by("begins", "id")
    )
    was = RoleGrant.objects.filter(
        person=OuterRef("person"), site=OuterRef("site"), role=Role.PRESCRIBER, starts__lte=at
    )
    rows = list(found.filter(Exists(was)))
    now = {(id, where) for id, role, where in roles_of({one.person for one in rows}, at=at) if role == Role.PRESCRIBER}
    return [one for one in rows if (one.person_id, one.site_id) not in now]


def _plans(rows: Iterable[Planned], roles: Mapping[UUID, frozenset[Role]]) -> list[Plan]:
    return [
        Plan(one.person, roles[one.person_id], one.begins, one.ends)
        for one in rows
        if one.begins and one.ends and roles[one.person_id]
    ]


def last_stay(person: Person) -> Stay | None:
    """What the person said last of themselves."""
    return Stay.objects.filter(person=person).select_related("site", "room").order_by("-seq").first()


def _roles(site: Site, people: list[Person], at: datetime) -> dict[UUID, frozenset[Role]]:
    held: dict[UUID, set[Role]] = {one.pk: set() for one in people}
    for person, role, where in roles_of(people, at=at) if people else ():
        if where == site.pk:
            held[person].add(Role(role))
    return {id: frozenset(roles) for id, roles in held.items()}
