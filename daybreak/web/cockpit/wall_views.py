"""The display on a wall: chairs and phases, no names and no numbers; and the page on which one is opened and ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids, posted, zones
from daybreak.web.access import by_link, needs
from daybreak.web.audit import trail
from daybreak.web.cockpit import floor
from daybreak.web.cockpit import walls as displays
from daybreak.web.cockpit.floor import Tile
from daybreak.web.cockpit.help_views import from_a_wall
from daybreak.web.cockpit.stream import Board
from daybreak.web.cockpit.views import sent
from daybreak.web.courses import queries as courses
from daybreak.web.links.models import WALL
from daybreak.web.links.shown import hold
from daybreak.web.links.views import held, no_longer
from daybreak.web.people.models import Room
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, uuid
from daybreak.web.presence import places
from daybreak.web.refusals import Refused
from daybreak.web.watching import sounds
from daybreak.web.watching import views as watching


@needs(Permission.SEE_CALENDAR)
@require_http_methods(["GET", "POST"])
def walls(request: HttpRequest) -> HttpResponse:
    """Make this browser a display, which signs out whoever does it; or end one that is open somewhere."""
    at = request.received_at
    sites = sites_of(request.person, Permission.SEE_CALENDAR, at=at)
    site = posted.site(request, sites)
    rooms = list(Room.objects.filter(site=site, closed__isnull=True).order_by("name"))
    problems, status = [], 200
    if request.method == "POST":
        try:
            if request.POST.get("do") == "end":
                displays.end(site, uuid(request, "wall") or ids.new(), by=request.person, at=at)
                return redirect(f"/walls/?site={site.id}")
            chosen = request.POST.get("room", "")
            room = next((one for one in rooms if str(one.id) == chosen), None)
            if chosen and room is None:
                raise Refused("cockpit.no_room", in_field="room")
            link = displays.begin(site, room, by=request.person, at=at, key=key(request))
            logout(request)  # a display is nobody's screen
            return hold(redirect("/wall/"), link)
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("walls", who=request.person.id, at=at, site=site.id)
    with timezone.override(ZoneInfo(site.zone)):
        open_ = [
            {"id": link.id, "room": room, "since": zones.minute(link.created), "by": link.by and link.by.display_name}
            for link, room in displays.open_at(site, at=at)
        ]
    shown = {"sites": sites, "site": site, "rooms": rooms, "open": open_, "key": ids.new(), "problems": problems}
    return render(request, "cockpit/walls.html", shown, status=status)


@by_link(WALL)
@require_http_methods(["GET", "HEAD", "POST"])
def wall(request: HttpRequest) -> HttpResponse:
    """For whoever walks by: which chair is in which phase, for how long, and whether something alarms; one tap calls."""
    link = held(request, WALL)
    what = link and displays.shows(link)
    if not what:
        return no_longer(request, WALL)
    (site, room), at, language = what, request.received_at, get_language()
    if request.method == "POST":
        return from_a_wall(request, site, room)
    if "Daybreak-By-Itself" not in request.headers:
        trail.read("wall", who=None, at=at, via="link", site=site.id)
    chairs = [one for one in courses.chairs([site.id]) if room is None or one.room_id == room.pk]
    tiles = floor.tiles(site.id, chairs, at=at, language=language)
    shown: dict[str, Any] = {
        "tiles": [_for_all(one) for one in tiles if room is None or one.room == room.name],
        "name": room.name if room else site.name,
        "clock": f"{at.astimezone(ZoneInfo(site.zone)):%H:%M}",
        "theme": "night",
        "hears": "/wall/hears/" if room is None and sounds.loud(site, places.device(request), at=at) else "",
    }
    return render(request, "cockpit/wall.html", shown)


@by_link(WALL)
@require_safe
def wall_stream(request: HttpRequest) -> HttpResponseBase:
    """That something happened in a session of the site."""
    link = held(request, WALL)
    what = link and displays.shows(link)
    if not what:
        raise Http404
    return sent(Board(what[0].id), after=None)


@by_link(WALL)
@require_http_methods(["GET", "POST"])
def wall_hears(request: HttpRequest) -> HttpResponse:
    """The display says that it would sound an alarm of its site; where it shows one room only, it would not."""
    link = held(request, WALL)
    what = link and displays.shows(link)
    if not what or what[1] is not None or request.method == "GET":
        raise Http404
    return watching.hears_at(request, what[0])


def _for_all(tile: Tile) -> Tile:
    """Nobody's letters, nothing that was measured, and of an alarm only that there is one."""
    return replace(tile, session=None, who="", pressure="", pressure_age="", minor="", next="", late=False)
