"""The page on which a site keeps its list of who drives patients home free of charge."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.courses import rides as lists
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import day, key, site, typed, uuid
from daybreak.web.refusals import Refused


@needs(Permission.KEEP_RIDES)
@require_http_methods(["GET", "POST"])
def rides(request: HttpRequest) -> HttpResponse:
    """The list of one site: who, for which payer, how to book, when last made sure of and by whom."""
    at = request.received_at
    sites = sites_of(request.person, Permission.KEEP_RIDES, at=at)
    here = site(request, sites)
    problems, status = [], 200
    if request.method == "POST":
        if request.POST.get("site") != str(here.id):
            raise Http404
        try:
            _change(request, here)
            return redirect(f"/clinic/rides/?site={here.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("rides", who=request.person.id, at=at, site=here.id)
    sent = request.POST if problems else {}
    shown = {
        "sites": sites,
        "site": here,
        "rides": lists.listed(here.id),
        "today": zones.day(at, here.zone),
        "typed": sent,
        "problems": problems,
        "key": ids.new(),
    }
    return render(request, "courses/rides.html", shown, status=status)


def _change(request: HttpRequest, here: Site) -> None:
    about = {"by": request.person, "at": request.received_at, "key": key(request)}
    seen = uuid(request, "seen")
    if request.POST.get("do") == "take_off":
        if seen is None:
            raise Refused("error.bad_request")
        lists.take_off(here, seen=seen, **about)
        return
    told = {name: typed(request, name) for name in lists.FIELDS}
    lists.keep(here, told, checked=day(request, "checked"), seen=seen, **about)
