"""The page on which chairs are put into rooms and taken out of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.courses import chairs as places
from daybreak.web.courses import queries
from daybreak.web.courses.models import Chair
from daybreak.web.people.models import Room
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused


@needs(Permission.ARRANGE_CHAIRS)
@require_http_methods(["GET", "POST"])
def chairs(request: HttpRequest) -> HttpResponse:
    """Every room of the sites that the reader looks after, with its chairs."""
    sites = sites_of(request.person, Permission.ARRANGE_CHAIRS, at=request.received_at)
    rooms = list(
        Room.objects.filter(site__in=sites, closed__isnull=True).select_related("site").order_by("site__name", "name")
    )
    every = queries.chairs(site.id for site in sites)
    problems, status = [], 200
    if request.method == "POST":
        about = {"by": request.person, "at": request.received_at}
        try:
            room = next((one for one in rooms if one.id == uuid(request, "room")), None)
            chair = Chair.objects.filter(room__in=rooms, pk=uuid(request, "chair")).select_related("room").first()
            if chair is not None and request.POST.get("bed") in ("yes", "no"):
                places.has_bed(chair, request.POST["bed"] == "yes", **about)
            elif chair is not None:
                places.close(chair, **about)
            elif room is not None:
                places.add(room, typed(request, "name"), **about, key=key(request))
            else:
                raise Refused("error.bad_request")
            return redirect("/clinic/chairs/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("chairs", who=request.person.id, at=request.received_at)
    shown = {
        "rooms": [{"room": room, "chairs": [one for one in every if one.room_id == room.id]} for room in rooms],
        "problems": problems,
        "typed": request.POST,
        "key": ids.new(),
    }
    return render(request, "courses/chairs.html", shown, status=status)
