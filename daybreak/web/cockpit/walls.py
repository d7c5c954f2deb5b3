"""Which displays of a site are open, who opened them, and how does one begin and end?

A display is a link whose holder is a device: nobody is signed in there, so nothing locks it, and what it may show is little.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web.links import actions as links
from daybreak.web.links.models import FINISHED, REVOKED, WALL, Link
from daybreak.web.links.tokens import token
from daybreak.web.locks import locked
from daybreak.web.people.models import Person, Room, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Refused


@transaction.atomic
def begin(site: Site, room: Room | None, *, by: Person, at: datetime, key: UUID) -> Link:
    """This browser is a display of the site from now on, or of one of its rooms."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.SEE_CALENDAR, at=at, site_id=site.pk)
    if room is not None and (room.site_id != site.pk or room.closed):
        raise Refused("cockpit.no_room", in_field="room")
    subject = room.pk if room else site.pk
    told = {"subject": subject, "organisation_id": site.organisation_id, "by": by, "at": at, "site_id": site.pk}
    link = links.make_once(key=key, about=subject, purpose=WALL, **told)
    return links.use(token(link), at=at)


@transaction.atomic
def end(site: Site, link_id: UUID, *, by: Person, at: datetime) -> None:
    """It shows nothing any more. Twice is as once."""
    require(by, Permission.SEE_CALENDAR, at=at, site_id=site.pk)
    link = Link.objects.filter(pk=link_id, purpose=WALL, site=site).first()
    if link is None:
        raise Refused("cockpit.no_wall")
    links.revoke(link, by=by, at=at)


def open_at(site: Site, *, at: datetime) -> list[tuple[Link, str]]:
    """The displays that show something, the newest first, each with the name of its room; empty for all of them."""
    found = Link.objects.filter(purpose=WALL, site=site, expires__gt=at).exclude(events__kind__in=(FINISHED, REVOKED))
    rooms = dict(Room.objects.filter(site=site).values_list("pk", "name"))
    return [(link, rooms.get(link.subject, "")) for link in found.select_related("by").order_by("-id")]


def shows(link: Link) -> tuple[Site, Room | None] | None:
    """What a display is of; None when that is not there any more."""
    room = Room.objects.select_related("site").filter(pk=link.subject, closed__isnull=True).first()
    if room:
        return room.site, room
    site = Site.objects.filter(pk=link.subject).first()
    return (site, None) if site else None
