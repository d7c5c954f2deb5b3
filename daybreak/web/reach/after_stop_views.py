"""The page on which a prescriber signs when those whose treatment has ended are called."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, typed, uuid
from daybreak.web.reach import after_stop
from daybreak.web.refusals import Refused


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The days of each site where the reader may sign them."""
    sites = sites_of(request.person, Permission.ADOPT_PROTOCOL, at=request.received_at)
    problems, status = [], 200
    if request.method == "POST":
        site = next((one for one in sites if str(one.id) == request.POST.get("site")), None)
        if site is None:
            raise Http404
        try:
            told = after_stop.read(typed(request, "days"))
            step_up.confirm(request)
            about = {"seen": uuid(request, "seen"), "by": request.person, "at": request.received_at}
            after_stop.sign(site, told, key=key(request), **about)
            return redirect("/clinic/after-stop/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("after_stop", who=request.person.id, at=request.received_at)
    shown = {
        "sites": [_site(request, site) for site in sites],
        "step_up": step_up.needed(request),
        "most": after_stop.LONGEST,
        "problems": problems,
    }
    return render(request, "reach/after_stop.html", shown, status=status)


def _site(request: HttpRequest, site: Site) -> dict[str, Any]:
    """The days of one site as they hold, and the form: with what was typed when it could not be taken."""
    rule = after_stop.signed(site.id)
    sent = request.POST.get("site") == str(site.id)
    return {
        "site": site,
        "rule": rule,
        "on": zones.day(rule.created, site.zone).isoformat() if rule else "",
        "days": request.POST.get("days", "") if sent else ", ".join(map(str, after_stop.days(rule))),
        "key": ids.new(),
    }
