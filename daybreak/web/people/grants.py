"""How does somebody get a role at a site, and how does it end?

Each action locks, asks permission, looks at the state, writes and audits, in this order. The organisation's row is the
lock: two administrators who take away each other's role must not both succeed. `by=None` is the operator.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.links import actions as link_actions
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people import queries, watch
from daybreak.web.people.models import Organisation, Person, RoleGrant, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Refused


@transaction.atomic
def grant_role(
    person: Person,
    role: Role,
    *,
    site: Site,
    starts: datetime | None = None,
    ends: datetime | None = None,
    by: Person | None,
    at: datetime,
    key: UUID | None = None,
) -> RoleGrant:
    """A further role at an open site, from now or `starts` on. Nobody gives one to themselves; the operator has no key."""
    _lock()
    person = locked(Person, pk=person.pk)
    require(by, Permission.MANAGE_PEOPLE, at=at, site_id=site.id)
    content = {"person": person.id, "role": role.value, "site": site.id, "starts": starts, "ends": ends}
    if key and (earlier := keys.known(key, action="grant_role", content=content)):
        return RoleGrant.objects.get(pk=earlier)
    if by is not None and by.pk == person.pk:
        raise Refused("people.not_to_oneself")
    if site.closed:
        raise Refused("people.site_closed", name=site.name)
    starts = max(starts or at, at)
    if ends is not None and ends <= starts:
        raise Refused("people.ends_before_it_begins")
    for held in queries.open_grants(person, at=at):
        apart = (held.ends and held.ends <= starts) or (ends and ends <= held.starts)
        if (held.role, held.site_id) == (role, site.id) and not apart:
            raise Refused("people.role_held", login=person.login, role=role.value, site=site.name)
    row = give(person, role, site, starts=starts, ends=ends, by=by, at=at)
    watch.role_given(row, by=by, at=at)
    if key:
        keys.remember(
            key, action="grant_role", content=content, answer=row.id, organisation_id=person.organisation_id, at=at
        )
    return row


@transaction.atomic
def end_role(grant: RoleGrant, *, by: Person, at: datetime, key: UUID) -> RoleGrant:
    """The role ends now, or before it began. Refused for the last administrator of a site."""
    _lock()
    person = locked(Person, pk=grant.person_id)
    require(by, Permission.MANAGE_PEOPLE, at=at, site_id=grant.site_id)
    content = {"grant": grant.id}
    if earlier := keys.known(key, action="end_role", content=content):
        return RoleGrant.objects.get(pk=earlier)
    if all(one.id != grant.id for one in queries.open_grants(person, at=at)):
        raise Conflict("people.role_ended_meanwhile")
    _keeps_an_administrator([grant], at=at)
    row = _end(grant, by=by, at=at)
    if not queries.open_grants(person, at=at):
        link_actions.revoke_all(subject=person.id, by=by, at=at)
    keys.remember(key, action="end_role", content=content, answer=row.id, organisation_id=person.organisation_id, at=at)
    return row


@transaction.atomic
def disable(person: Person, *, by: Person | None, at: datetime) -> None:
    """End every role and link of the person. Without a role the next request of an open session is refused.

    The operator may also end the last administrator's: whoever runs the machine can make another one.
    """
    _lock()
    person = locked(Person, pk=person.pk)
    grants = queries.open_grants(person, at=at)
    for grant in grants:
        require(by, Permission.MANAGE_PEOPLE, at=at, site_id=grant.site_id)
    if by is not None:
        _keeps_an_administrator(grants, at=at)
    for grant in grants:
        _end(grant, by=by, at=at)
    link_actions.revoke_all(subject=person.id, by=by, at=at)


@transaction.atomic
def enable(person: Person, *, by: Person, at: datetime) -> list[RoleGrant]:
    """Give back the roles that ended together last, where the site is open; doing it again changes nothing."""
    _lock()
    person = locked(Person, pk=person.pk)
    grants = queries.ended_together(person, at=at)
    for grant in grants:
        require(by, Permission.MANAGE_PEOPLE, at=at, site_id=grant.site_id)
    if by.pk == person.pk:
        raise Refused("people.not_to_oneself")
    if queries.open_grants(person, at=at):
        return []
    rows = [give(person, Role(one.role), one.site, by=by, at=at) for one in grants if not one.site.closed]
    if not rows:
        raise Refused("people.nothing_to_give_back")
    for row in rows:
        watch.role_given(row, by=by, at=at)
    return rows


def give(
    person: Person,
    role: Role,
    site: Site,
    *,
    starts: datetime | None = None,
    ends: datetime | None = None,
    by: Person | None,
    at: datetime,
) -> RoleGrant:
    """The row and its line in the trail; the action that calls it has judged whether it may be."""
    grant = RoleGrant(
        id=ids.new(),
        organisation_id=person.organisation_id,
        created=at,
        person=person,
        site=site,
        role=role.value,
        starts=starts or at,
        ends=ends,
        by=by,
    )
    return _add(grant, "role_granted", by=by, at=at)


def _end(grant: RoleGrant, *, by: Person | None, at: datetime) -> RoleGrant:
    ended = RoleGrant(
        id=ids.new(),
        organisation_id=grant.organisation_id,
        created=at,
        person_id=grant.person_id,
        site_id=grant.site_id,
        role=grant.role,
        starts=grant.starts,
        ends=max(at, grant.starts),
        by=by,
        replaces=grant,
    )
    return _add(ended, "role_ended", by=by, at=at)


def _add(grant: RoleGrant, action: str, *, by: Person | None, at: datetime) -> RoleGrant:
    grant.save(force_insert=True)
    via = "web" if by else "cli"
    trail.wrote(grant, action=action, who=by and by.id, at=at, via=via, site=grant.site_id)
    return grant


def _lock() -> None:
    Organisation.objects.select_for_update().get()


def _keeps_an_administrator(ending: list[RoleGrant], *, at: datetime) -> None:
    """Refused when a site would be left without an administrator who has set up their access and stays."""
    for grant in ending:
        if grant.role != Role.ADMINISTRATOR:
            continue
        staying = RoleGrant.objects.filter(
            site_id=grant.site_id, role=Role.ADMINISTRATOR, starts__lte=at, ends__isnull=True, replaced_by__isnull=True
        ).exclude(person_id=grant.person_id)
        if not any(one.person.has_usable_password() for one in staying.select_related("person")):
            raise Refused("people.last_administrator", site=grant.site.name)
