"""How is the organisation founded, how is somebody invited, and how do they come in? (`grants` is about roles)

Each action locks, asks permission, looks at the state, writes and audits, in this order. `by=None` is the operator.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Model

from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.links import actions as link_actions
from daybreak.web.links.models import JOIN, Link
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox import queries as outboxes
from daybreak.web.outbox.models import SMTP, Message
from daybreak.web.people import naming, queries, second_factor, vouching, watch
from daybreak.web.people.grants import give
from daybreak.web.people.models import Organisation, Person, Room, SecondFactor, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.roles import Role
from daybreak.web.presence import passkeys, pins
from daybreak.web.refusals import Refused


@transaction.atomic
def found(
    *, organisation: str, site: str, rooms: Sequence[str], at: datetime, country: str = "US", zone: str = "UTC"
) -> Site:
    """The organisation with its first site and rooms, by the operator; what is there already stays as it is."""
    tenant = queries.organisation()
    if tenant is None:
        tenant = Organisation(id=ids.new(), name=organisation, country=country, created=at)
        _add(tenant, "organisation_founded", by=None, at=at)
    if tenant.name != organisation:
        raise Refused("people.other_organisation", name=tenant.name)
    place = Site.objects.filter(name=site).first()
    if place is None:
        zones.check(zone)
        place = Site(id=ids.new(), organisation=tenant, created=at, name=site, zone=zone)
        _add(place, "site_added", by=None, at=at)
    for name in rooms:
        if not place.rooms.filter(name=name).exists():
            _add(
                Room(id=ids.new(), organisation=tenant, created=at, site=place, name=name), "room_added", by=None, at=at
            )
    return place


@transaction.atomic
def invite(
    *,
    login: str,
    display_name: str,
    language: str,
    roles: Sequence[Role],
    site: Site,
    by: Person | None,
    at: datetime,
    key: UUID,
) -> Link:
    """A new person with roles at a site, and the link by which they set their password. The same key: the same link."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.MANAGE_PEOPLE, at=at, site_id=site.id)
    content = {"login": login, "name": display_name, "language": language, "roles": sorted(roles), "site": site.id}
    if earlier := keys.known(key, action="invite", content=content):
        return Link.objects.get(pk=earlier)
    name = queries.login_name(login)
    if not name or not display_name.strip():
        raise Refused("people.name_missing", in_field="name")
    if not roles:
        raise Refused("people.no_role_chosen")
    if site.closed:
        raise Refused("people.site_closed", name=site.name)
    if Person.objects.filter(login=name).exists():
        raise Refused("people.login_taken", in_field="login", login=name)
    person = Person(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        login=name,
        display_name=display_name.strip(),
        language=language,
        password=make_password(None),
    )
    _add(person, "person_invited", by=by, at=at)
    for role in roles:
        give(person, role, site, by=by, at=at)
    link = _join_link(person, site=site.id, by=by, at=at)
    watch.way_in_made(link, person, [site], by=by, at=at)
    keys.remember(key, action="invite", content=content, answer=link.id, organisation_id=site.organisation_id, at=at)
    return link


@transaction.atomic
def renew_access(person: Person, *, by: Person | None, at: datetime) -> Link:
    """A new link for somebody who lost password or phone. Earlier links stop working; the old password goes on until then."""
    person = locked(Person, pk=person.pk)
    grants = queries.open_grants(person, at=at)
    for grant in grants:
        require(by, Permission.MANAGE_PEOPLE, at=at, site_id=grant.site_id)
    if not grants:
        raise Refused("people.no_roles", login=person.login)
    link_actions.revoke_all(subject=person.id, by=by, at=at)
    link = _join_link(person, site=grants[0].site_id, by=by, at=at)
    watch.way_in_made(link, person, [grant.site for grant in grants], by=by, at=at)
    return link


@transaction.atomic
def end_passkeys(person: Person, *, by: Person, at: datetime) -> None:
    """Somebody else's device may have them: none opens anything any more. Password and app stay. Twice is as once."""
    person = locked(Person, pk=person.pk)
    grants = queries.open_grants(person, at=at)
    for grant in grants:
        require(by, Permission.MANAGE_PEOPLE, at=at, site_id=grant.site_id)
    if not grants:
        raise Refused("people.no_roles", login=person.login)
    passkeys.end_all(person, by=by, at=at)


def mailed(link: Link, *, at: datetime) -> bool:
    """Send the link to where its person said that they are reached, if mail can leave and there is such an address."""
    person = Person.objects.get(pk=link.subject)
    found = outboxes.address(person)
    if outbox.channel() != SMTP or not found or not found.email:
        return False
    if not Message.objects.filter(link=link).exists():
        told = {"to": found.email, "language": person.language, "about": None, "organisation_id": link.organisation_id}
        outbox.put(
            "people.mail_subject", channel=SMTP, person=person, body="people.mail_link", link=link, at=at, **told
        )
    return True


def join(link: Link, *, password: str, code: str, at: datetime) -> list[str]:
    """The holder of the link sets password and app; the recovery codes to show once. ValidationError for the password."""
    if vouching.waits(link, at=at):
        raise Refused("people.waits_for_second")
    validate_password(password, Person.objects.get(pk=link.subject))
    hashed = make_password(password)  # takes long on purpose: not while others wait for the lock
    with transaction.atomic():
        return _join(link, hashed=hashed, code=code, at=at)


def _join(link: Link, *, hashed: str, code: str, at: datetime) -> list[str]:
    link = locked(Link, pk=link.pk)
    if link.purpose != JOIN or not link_actions.usable(link, at=at):
        raise Refused("links.unusable")
    if vouching.waits(link, at=at):
        raise Refused("people.waits_for_second")
    person = locked(Person, pk=link.subject)
    step = second_factor.step_of(code, secret=second_factor.secret(nonce=link.id), at=at)
    if step is None:
        raise Refused("join.wrong_code", in_field="code")
    person.password = hashed
    person.save(update_fields=["password"])
    passkeys.end_all(person, by=person, at=at)  # of the phone that was lost, perhaps
    pins.end(person, at=at)
    factor = SecondFactor(
        id=ids.new(),
        organisation_id=person.organisation_id,
        created=at,
        person=person,
        key=second_factor.newest_key(),
        nonce=link.id,
    )
    _add(factor, "second_factor_set", by=person, at=at)
    second_factor.mark_used(factor, step, at=at)
    link_actions.finish(link, who=person.id, at=at)
    trail.wrote(person, action="password_set", who=person.id, at=at)
    return second_factor.new_recovery_codes(person, at=at)


def _join_link(person: Person, *, site: UUID, by: Person | None, at: datetime) -> Link:
    about = {"subject": person.id, "organisation_id": person.organisation_id, "site_id": site}
    return link_actions.make(purpose=JOIN, **about, by=by, at=at)


def _add(row: Model, action: str, *, by: Person | None, at: datetime, site: UUID | None = None) -> None:
    row.save(force_insert=True)
    if isinstance(row, naming.Named):
        naming.begin(row, by=by, at=at)
    trail.wrote(row, action=action, who=by and by.id, at=at, via="web" if by else "cli", site=site)
