"""The page on which a site says who is called about what cannot wait, and in which order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, sites_of, who_may
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.tasks import calling
from daybreak.web.tasks.telling import moment

PLACES = (1, 2, 3, 4, 5)


@needs(Permission.CALLING_ORDER)
@require_http_methods(["GET", "POST"])
def orders(request: HttpRequest) -> HttpResponse:
    """Who is called now at each of the person's sites, and another order."""
    at = request.received_at
    sites = sites_of(request.person, Permission.CALLING_ORDER, at=at)
    problems, status = [], 200
    if request.method == "POST":
        try:
            _lay_down(request, sites)
            return redirect("/clinic/calling/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    people = who_may(Permission.READ_PATIENTS, [site.id for site in sites], at=at)
    there = calling.reachable({one for those in people.values() for one in those})
    told = request.POST
    shown = {
        "sites": [_site(site, people[site.id], there, told, at=at) for site in sites],
        "key": ids.new(),
        "problems": problems,
    }
    trail.read("calling_orders", who=request.person.id, at=at)
    return render(request, "tasks/calling.html", shown, status=status)


def _site(site: Site, people: list[Person], there: set[Any], told: Any, *, at: datetime) -> dict[str, Any]:
    order = calling.covering(site.id, at=at)
    again = told.get("site") == str(site.id)
    chosen = told.getlist("person") if again else [str(one.pk) for one in calling.named(order)]
    return {
        "site": site,
        "named": [(one.display_name, one.pk in calling.reachable([one])) for one in calling.named(order)],
        "until": moment(order.ends) if order and order.ends else "",
        "by": order.by.display_name if order else "",
        "since": moment(order.starts) if order else "",
        "people": [(one, one.pk in there) for one in people],
        "places": [(n, chosen[n - 1] if n <= len(chosen) else "") for n in PLACES],
        "starts": told.get("starts", "") if again else zones.field(at, site.zone),
        "ends": told.get("ends", "") if again else "",
    }


def _lay_down(request: HttpRequest, sites: list[Site]) -> None:
    site = next((one for one in sites if str(one.id) == request.POST.get("site")), None)
    if site is None:
        raise Refused("people.no_site_chosen")
    chosen = [one for one in request.POST.getlist("person") if one]
    known = {str(one.pk): one for one in Person.objects.all()}
    if not set(chosen) <= set(known):
        raise Refused("error.bad_request")
    calling.lay_down(
        site,
        [known[one] for one in chosen],
        starts=_moment(request, "starts", site) or request.received_at,
        ends=_moment(request, "ends", site),
        by=request.person,
        at=request.received_at,
        key=key(request),
    )


def _moment(request: HttpRequest, name: str, site: Site) -> datetime | None:
    """A moment at the site, as the field of a form writes it; None when it is empty."""
    text = typed(request, name)
    return zones.meant(text, site.zone) if text else None
