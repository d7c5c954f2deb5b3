"""When does a way in that one administrator made open only with a second person, and who is that?

One stolen session of an administrator must not become somebody who reads patients: whoever made the link cannot use it alone.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web.links import actions as links
from daybreak.web.links.models import ACCEPTED, JOIN, Link
from daybreak.web.locks import locked
from daybreak.web.people import queries
from daybreak.web.people.models import Person, RoleGrant
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.people.watch import WATCH, source
from daybreak.web.refusals import Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Task


def sites(person: Person, *, at: datetime) -> set[UUID]:
    """Where the person works or will, or failing that did."""
    return {one.site_id for one in queries.open_grants(person, at=at) or person.grants.all()}


def needed(link: Link, *, at: datetime) -> bool:
    """Did a person make it, and is, or was, anybody else there who could vouch? Nobody is got rid of to be alone."""
    if link.purpose != JOIN or link.by_id is None:
        return False
    places = sites(Person.objects.get(pk=link.subject), at=at)
    others = RoleGrant.objects.filter(site__in=places, role__in=WATCH, starts__lte=at)
    others = others.exclude(person__in=[link.by_id, link.subject]).select_related("person")
    return any(one.person.has_usable_password() for one in others)


def waits(link: Link, *, at: datetime) -> bool:
    """Does it open nothing yet?"""
    return not link.events.filter(kind=ACCEPTED).exists() and needed(link, at=at)


def may_see(link: Link, *, by: Person, at: datetime) -> bool:
    """A prescriber or administrator of a site of whom it is for."""
    places = sites(Person.objects.get(pk=link.subject), at=at)
    mine = {site.id for site in sites_of(by, Permission.REVIEW_GLASS, at=at)}
    return link.purpose == JOIN and bool(mine & places)


def may_answer(link: Link, *, by: Person, at: datetime) -> bool:
    """One of those, who neither made it nor comes in by it."""
    return is_another(link, by) and may_see(link, by=by, at=at)


def is_another(link: Link, person: Person) -> bool:
    """Neither of the two."""
    return person.pk not in (link.by_id, link.subject)


@transaction.atomic
def answer(link: Link, *, accepted: bool, by: Person, at: datetime) -> None:
    """It opens from now on; or it never does. The same again changes nothing."""
    link = locked(Link, pk=link.pk)
    if not may_answer(link, by=by, at=at):
        raise Forbidden("people.may_not")
    if accepted and link.events.filter(kind=ACCEPTED).exists():
        return
    if accepted and not links.usable(link, at=at):
        raise Refused("links.unusable")
    if accepted:
        links.accept(link, by=by, at=at)
    else:
        links.revoke(link, by=by, at=at)
    for asked in Task.objects.filter(source__startswith=source(link.id)).values_list("source", flat=True):
        tasks.done(source=asked, by=by, at=at)
