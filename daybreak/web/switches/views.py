"""The page on which somebody who answers for a site switches live functions on and off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import functions
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.bedside import queries as devices
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, typed, uuid
from daybreak.web.posted import site as site_asked
from daybreak.web.refusals import Refused
from daybreak.web.switches import actions, queries
from daybreak.web.switches.models import Function, Switched
from daybreak.web.words import known


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def live(request: HttpRequest) -> HttpResponse:
    """Each function with what it does and does not, whether it is on at the site, and the form that changes that."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.ADOPT_PROTOCOL, at=at)
    site = site_asked(request, sites)
    problems, status = [], 200
    if request.method == "POST":
        try:
            _switch(request, site, at)
            return redirect(f"/clinic/live/?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    trail.read("live_functions", who=request.person.id, at=at, site=site.id)
    last = queries.newest(site.id)
    shown = {
        "sites": sites,
        "site": site,
        "says": functions.says(known(language)),
        "functions": [_told(request, one, last.get(one), site) for one in Function],
        "measured": devices.in_force().filter(session__site=site).count(),
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    return render(request, "switches/live.html", shown, status=status)


def _switch(request: HttpRequest, site: Site, at: datetime) -> None:
    if str(site.id) != request.POST.get("site"):
        raise Refused("people.no_site_chosen")
    step_up.confirm(request)
    told = {name: typed(request, name) for name in ("reason", "digest")}
    about = {"seen": uuid(request, "seen"), "by": request.person, "at": at, "key": key(request)}
    actions.switch(site, typed(request, "function"), on=typed(request, "on") == "yes", **told, **about)


def _told(request: HttpRequest, function: Function, row: Switched | None, site: Site) -> dict[str, Any]:
    language, digest = known(get_language()), functions.digest(function)
    one = functions.functions()[function]
    return {
        "id": function.value,
        "title": one["words"][language],
        "does": one["does"][language],
        "does_not": one["does_not"][language],
        "row": row,
        "on": row is not None and row.on,
        "day": zones.day(row.created, site.zone).isoformat() if row else "",
        "changed": row is not None and row.on and row.digest != digest,
        "digest": digest,
        "typed": typed(request, "reason") if request.POST.get("function") == function else "",
        "alarms": function is Function.ALARMS,
        "ends": function is Function.URGENCY,
        "key": ids.new(),
    }
