"""Who may call an emergency without saying who they are? Whoever stands at the floor board, a display, or a locked browser.

It opens an emergency in the chair that was tapped and does nothing else; who it was is said afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.flood import limits
from daybreak.web.flood.doors import HELP
from daybreak.web.people.models import Person, Room, Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, uuid
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import emergencies, queries
from daybreak.web.treatment.emergencies import FLOOR, LOCKED, WALL
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word


@needs(Permission.SEE_CALENDAR, stays=True, no_pin=True)
@require_POST
def from_the_floor(request: HttpRequest) -> HttpResponse:
    """From the page of today, or from the page that asks for the PIN."""
    at, viewer = request.received_at, request.viewer
    sites = [one.pk for one in sites_of(viewer, Permission.SEE_CALENDAR, at=at)]
    place = FLOOR if request.person else LOCKED
    back = "/today/" if request.person else "/unlock/"
    try:
        now = _in_chair(sites, uuid(request, "chair"))
        told = {"place": place, "by": request.person, "at": at, "key": key(request)}
        emergencies.call_out(now.session, **told, via="web" if request.person else "locked")
    except Refused as refused:
        return _said(request, refused, back=back)
    return redirect(f"{back}?site={now.session.site_id}" if request.person else back)


def from_a_wall(request: HttpRequest, site: Site, room: Room | None) -> HttpResponse:
    """From a display that is open: so often from one place, and no more."""
    try:
        limits.admit(request, HELP)
        now = _in_chair([site.pk], uuid(request, "chair"))
        if room is not None and now.session.chair.room_id != room.pk:
            raise Conflict("cockpit.no_session_here")
        told = {"place": WALL, "by": None, "at": request.received_at, "key": key(request)}
        emergencies.call_out(now.session, **told, via="link")
    except limits.TooOften as wait:
        return limits.page(request, wait)
    except Refused as refused:
        return _said(request, refused, back="/wall/")
    return redirect("/wall/")


def behind_the_lock(person: Person, *, at: datetime) -> list[dict[str, Any]]:
    """The chairs in which somebody is treated at the sites of whoever locked this browser; nothing of who sits there."""
    sites = sites_of(person, Permission.SEE_CALENDAR, at=at)
    every = [one for site in sites for one in queries.open_at(site.pk)]
    language = get_language()
    found = []
    for one in every:
        chair = f"{one.session.chair.room.name} · {one.session.chair.name}"
        since = one.state.emergency
        clock = f"{since.at.astimezone(ZoneInfo(one.session.site.zone)):%H:%M}" if since else ""
        said = word("cockpit.help_since" if since else "cockpit.help_here", language, chair=chair, at=clock)
        found.append({"chair": one.session.chair_id, "said": said, "open": since is not None, "key": ids.new()})
    return found


def _in_chair(site_ids: Iterable[UUID], chair_id: UUID | None) -> Now:
    found = (one for site_id in site_ids for one in queries.open_at(site_id) if one.session.chair_id == chair_id)
    now = next(found, None)
    if now is None:
        raise Conflict("cockpit.no_session_here")
    return now


def _said(request: HttpRequest, refused: Refused, *, back: str) -> HttpResponse:
    shown = {"problems": [refused.sentence(get_language())], "back": back}
    return render(request, "cockpit/no_help.html", shown, status=refused.status)
