"""What can be done with a link?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.links.models import ACCEPTED, FINISHED, REVOKED, USED, WRONG, Link, LinkEvent
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.links.tokens import digest, token
from daybreak.web.links.whose import whose
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person
from daybreak.web.refusals import Refused


@transaction.atomic
def make(
    *,
    purpose: str,
    subject: UUID,
    organisation_id: UUID,
    by: Person | None,
    at: datetime,
    lasts: timedelta | None = None,
    uses: int | None = None,
    via: str = "",
    site_id: UUID | None = None,
) -> Link:
    """A new link; the action that asks for it has checked that `by` may.

    It lasts, and is used, as its purpose says unless told otherwise. `via` is how it was asked for when nobody did. `site_id`
    is for which site, when its subject may be known at several.
    """
    declared = PURPOSES[purpose]
    link = Link(
        id=ids.new(),
        organisation_id=organisation_id,
        created=at,
        purpose=purpose,
        subject=subject,
        key=settings.PLACE.key("links").id,
        expires=at + (lasts or declared.lasts),
        uses=uses or declared.uses,
        by=by,
        site_id=site_id,
    )
    patient, link.site_id = whose(link)
    link.digest = digest(token(link))
    link.save(force_insert=True)
    trail.wrote(
        link, action="link_made", who=by and by.id, at=at, via=via or _way(by), subject=patient, site=link.site_id
    )
    return link


@transaction.atomic
def make_once(*, key: UUID, about: UUID, **told: Any) -> Link:
    """The same, once for each key: a form that is sent twice gives the same link."""
    content = {"about": about, "purpose": told["purpose"]}
    if earlier := keys.known(key, action="make_link", content=content):
        return Link.objects.get(pk=earlier)
    link = make(**told)
    keys.remember(
        key,
        action="make_link",
        content=content,
        answer=link.id,
        organisation_id=link.organisation_id,
        at=link.created,
    )
    return link


@transaction.atomic
def guess(link: Link, right: bool, *, most: int, at: datetime) -> bool:
    """Does its holder know what the patient knows? After `most` wrong guesses the link opens nothing any more.

    Looked at under the lock: of many guesses at one moment no more than `most` are compared. A right one that comes after
    the last wrong one counts for nothing.
    """
    link = locked(Link, pk=link.pk)
    if not usable(link, at=at):
        return False
    if right:
        return True
    _note(link, WRONG, who=None, at=at, via="link")
    if link.events.filter(kind=WRONG).count() >= most:
        _note(link, REVOKED, who=None, at=at, via="link")
    return False


@transaction.atomic
def use(token: str, *, at: datetime) -> Link:
    """Its holder opens it. One sentence for every way in which a link can be wrong: strangers learn nothing."""
    try:
        link = locked(Link, digest=digest(token))
    except Link.DoesNotExist:
        raise Refused("links.unusable") from None
    used = link.events.filter(kind=USED)
    if accepted := link.events.filter(kind=ACCEPTED).first():  # what was opened before led nowhere
        used = used.filter(created__gt=accepted.created)
    if not usable(link, at=at) or used.count() >= link.uses:
        raise Refused("links.unusable")
    _note(link, USED, who=None, at=at, via="link")
    return link


def known(token: str) -> Link | None:
    """The link of ours with that token, whatever became of it since."""
    return Link.objects.filter(digest=digest(token)).first()


def usable(link: Link, *, at: datetime) -> bool:
    """Is its time not over, its work not done, and has nobody taken it back?"""
    return at < link.expires and not link.events.filter(kind__in=(FINISHED, REVOKED)).exists()


def taken_back(link: Link) -> bool:
    """Did somebody, or too many wrong guesses, take it back?"""
    return link.events.filter(kind=REVOKED).exists()


def finish(link: Link, *, who: UUID, at: datetime) -> None:
    """It did what it was made for."""
    _note(link, FINISHED, who=who, at=at, via="link")


def accept(link: Link, *, by: Person, at: datetime) -> None:
    """A second person says that it is right; the caller has locked it and judged."""
    _note(link, ACCEPTED, who=by.id, at=at, via=_way(by))


@transaction.atomic
def revoke_all(*, subject: UUID, by: Person | None, at: datetime) -> None:
    """Take back every link about the subject that still opens something."""
    for link in Link.objects.select_for_update().filter(subject=subject, expires__gt=at):
        revoke(link, by=by, at=at)


@transaction.atomic
def revoke(link: Link, *, by: Person | None, at: datetime) -> None:
    """Take it back; whoever holds it can open nothing from now on. The action that asks for it has checked that `by` may."""
    link = locked(Link, pk=link.pk)
    if usable(link, at=at):
        _note(link, REVOKED, who=by and by.id, at=at, via=_way(by))


def _way(by: Person | None) -> str:
    return "" if by else "cli"


def _note(link: Link, kind: str, *, who: UUID | None, at: datetime, via: str) -> None:
    event = LinkEvent(id=ids.new(), organisation_id=link.organisation_id, created=at, link=link, kind=kind)
    event.save(force_insert=True)
    patient, site = whose(link)
    trail.wrote(event, action=f"link_{kind}", who=who, at=at, via=via, subject=patient, site=site)
