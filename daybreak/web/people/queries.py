"""What do we know about people?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from daybreak.web.people.models import Organisation, Person, RoleGrant, Site
from daybreak.web.questions import Question
from daybreak.web.refusals import Refused


def roles_in_force(person: Person, *, at: datetime) -> list[tuple[str, UUID]]:
    """The roles that the person holds at that moment, each with the id of its site."""
    return list(_in_force(person, at=at).values_list("role", "site_id"))


class Held(NamedTuple):
    """A role that somebody holds, with its site, the name of the site and its time zone."""

    role: str
    site_id: UUID
    site: str
    zone: str


def held_with_sites(person: Person, *, at: datetime) -> list[Held]:
    """The same by one query with what a page needs of the sites, these by name."""
    return [Held(*row) for row in _HELD(person.pk, at)]


def roles_held(person: Person, *, at: datetime) -> list[tuple[str, UUID]]:
    """The same for what a page shows: those that let the request in. An action asks anew, after its lock."""
    asked, held = getattr(person, "held", (None, []))
    return held if asked == at else roles_in_force(person, at=at)


def roles_of(people: Iterable[Person], *, at: datetime) -> list[tuple[UUID, str, UUID]]:
    """Person, role and site of each role that any of these holds at that moment."""
    rows = _all_in_force(at=at).filter(person__in=list(people))
    return list(rows.values_list("person_id", "role", "site_id"))


def grants_in_force(person: Person, *, at: datetime) -> list[RoleGrant]:
    """The same as rows, with their sites."""
    return list(_in_force(person, at=at).select_related("site"))


def all_in_force(*, at: datetime) -> list[RoleGrant]:
    """Every role that anybody holds at that moment, with person and site, by the person's name."""
    return list(_all_in_force(at=at).select_related("person", "site").order_by("person__display_name"))


def _in_force(person: Person, *, at: datetime) -> QuerySet[RoleGrant]:
    return _all_in_force(at=at).filter(person=person)


def _all_in_force(*, at: datetime) -> QuerySet[RoleGrant]:
    not_ended = Q(ends__isnull=True) | Q(ends__gt=at)
    return RoleGrant.objects.filter(not_ended, replaced_by__isnull=True, starts__lte=at)


_HELD = Question(
    lambda person, at: (
        _all_in_force(at=at)
        .filter(person_id=person)
        .order_by("site__name")
        .values_list("role", "site_id", "site__name", "site__zone")
    ),
    UUID,
    datetime,
)


def open_grants(person: Person, *, at: datetime) -> list[RoleGrant]:
    """The roles that the person holds or will hold."""
    return list(
        RoleGrant.objects.filter(Q(ends__isnull=True) | Q(ends__gt=at), person=person, replaced_by__isnull=True)
    )


def all_open_grants(*, at: datetime, person: Person | None = None) -> list[RoleGrant]:
    """The same of everybody, or of one, with their sites and who gave them."""
    found = RoleGrant.objects.filter(Q(ends__isnull=True) | Q(ends__gt=at), replaced_by__isnull=True)
    if person is not None:
        found = found.filter(person=person)
    return list(found.select_related("site", "by").order_by("site__name", "role"))


def past_grants(person: Person, *, at: datetime) -> list[RoleGrant]:
    """The roles that are over, the last one first."""
    over = RoleGrant.objects.filter(person=person, replaced_by__isnull=True, ends__lte=at)
    return list(over.select_related("site", "by").order_by("-ends", "id"))


def ended_together(person: Person, *, at: datetime) -> list[RoleGrant]:
    """The roles that ended at the same moment, the last one before `at`; none while the person holds any."""
    ended = list(
        RoleGrant.objects.filter(person=person, replaced_by__isnull=True, ends__lte=at)
        .select_related("site")
        .order_by("-ends", "id")
    )
    return [grant for grant in ended if grant.ends == ended[0].ends and grant.starts < grant.ends]


def organisation() -> Organisation | None:
    """The one organisation of this database; None before the set-up."""
    return Organisation.objects.first()


def people() -> list[Person]:
    """Everybody, by login name."""
    return list(Person.objects.order_by("login"))


def person(login: str) -> Person:
    """The person with that login name. Refused when there is none."""
    try:
        return Person.objects.get(login=login_name(login))
    except Person.DoesNotExist:
        known = ", ".join(Person.objects.order_by("login").values_list("login", flat=True))
        raise Refused("people.unknown_login", login=login, known=known) from None


def site(name: str) -> Site:
    """The site with that name. Refused when there is none."""
    try:
        return Site.objects.get(name=name)
    except Site.DoesNotExist:
        known = ", ".join(Site.objects.order_by("name").values_list("name", flat=True))
        raise Refused("people.unknown_site", site=name, known=known) from None


def login_name(typed: str) -> str:
    """The name as it is stored, however it was typed, and without the character that no database keeps."""
    return unicodedata.normalize("NFKC", typed.replace("\0", "")).strip().casefold()
