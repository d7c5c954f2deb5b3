"""The page on which an administrator looks after the organisation, its sites and its rooms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people import naming, queries, step_up
from daybreak.web.people.models import Naming, Room, Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """The organisation, its sites and rooms: add, give another name, close, open again."""
    problems, status = [], 200
    if request.method == "POST":
        act = ACTS.get(request.POST.get("do", ""))
        try:
            if act is None:
                raise Refused("error.bad_request")
            step_up.confirm(request)
            act(request)
            return redirect("/clinic/places/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    now = {row.of: row.id for row in Naming.objects.filter(replaced_by__isnull=True)}
    mine = {site.id for site in sites_of(request.person, Permission.MANAGE_PEOPLE, at=request.received_at)}
    organisation = queries.organisation()
    shown: dict[str, Any] = {
        "organisation": organisation,
        "about": _told(request, "organisation", name=organisation.name, country=organisation.country),
        "organisation_seen": now.get(organisation.id),
        "sites": [
            {
                "site": site,
                **_told(
                    request,
                    "site",
                    site,
                    name=site.name,
                    zone=site.zone,
                    phone=site.phone,
                    hours=site.hours,
                    closed=site.closed,
                ),
                "add": _told(request, "add_room", site),
                "seen": now.get(site.id),
                "mine": site.id in mine,
                "rooms": [
                    {
                        "room": room,
                        "seen": now.get(room.id),
                        **_told(request, "room", room, name=room.name, closed=room.closed),
                    }
                    for room in sorted(site.rooms.all(), key=lambda room: (room.closed is not None, room.name))
                ],
            }
            for site in Site.objects.prefetch_related("rooms").order_by("closed", "name")
        ],
        "zones": sorted(zones.known()),
        "more": _told(request, "add_site"),
        "key": ids.new(),
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    trail.read("places", who=request.person.id, at=request.received_at)
    return render(request, "people/places.html", shown, status=status)


def _told(request: HttpRequest, do: str, of: Site | Room | None = None, **held: Any) -> dict[str, Any]:
    """What the fields of one form hold; when it was this form that could not be taken, what was typed, and it is open."""
    sent = request.POST.get("do") == do and request.POST.get("of", "") == (str(of.id) if of else "")
    return {**held, **{name: request.POST.get(name, "") for name in FIELDS}, "open": True} if sent else held


def _organisation(request: HttpRequest) -> None:
    _change(request, queries.organisation(), more=typed(request, "country").upper())


def _site(request: HttpRequest) -> None:
    told: dict[str, Any] = {"zone": typed(request, "zone")}
    told |= {name: typed(request, name) if name in request.POST else None for name in ("phone", "hours")}
    _change(request, _of(Site, request), **told, closed=request.POST.get("closed") == "yes")


def _room(request: HttpRequest) -> None:
    _change(request, _of(Room, request), closed=request.POST.get("closed") == "yes")


def _add_site(request: HttpRequest) -> None:
    naming.add_site(
        typed(request, "name"), zone=typed(request, "zone"), by=request.person, at=request.received_at, key=key(request)
    )


def _add_room(request: HttpRequest) -> None:
    site = _of(Site, request)
    naming.add_room(site, typed(request, "name"), by=request.person, at=request.received_at, key=key(request))


FIELDS = ("name", "country", "zone", "phone", "hours", "closed")
ACTS: dict[str, Callable[[HttpRequest], None]] = {
    "organisation": _organisation,
    "site": _site,
    "room": _room,
    "add_site": _add_site,
    "add_room": _add_room,
}


def _change(
    request: HttpRequest,
    thing: naming.Named | None,
    *,
    more: str = "",
    zone: str | None = None,
    phone: str | None = None,
    hours: str | None = None,
    closed: bool = False,
) -> None:
    seen = uuid(request, "seen")
    if thing is None or seen is None:
        raise Refused("error.bad_request")
    naming.change(
        thing,
        name=typed(request, "name"),
        more=more,
        zone=zone or None,
        phone=phone,
        hours=hours,
        closed=closed,
        seen=seen,
        by=request.person,
        at=request.received_at,
        key=key(request),
    )


def _of(model: type[Any], request: HttpRequest) -> Any:
    """The site or room that the form is about."""
    found = model.objects.filter(pk=uuid(request, "of")).first()
    if found is None:
        raise Refused("error.bad_request")
    return found
