"""The page on which a prescriber signs how many days lie between two ketamine products."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.courses import intervals as signing
from daybreak.web.courses.models import Interval
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def intervals(request: HttpRequest) -> HttpResponse:
    """What is signed at each site where the reader may sign it."""
    sites = sites_of(request.person, Permission.ADOPT_PROTOCOL, at=request.received_at)
    problems, status = [], 200
    if request.method == "POST":
        site = next((one for one in sites if str(one.id) == request.POST.get("site")), None)
        if site is None:
            raise Http404
        try:
            step_up.confirm(request)
            about = {"seen": uuid(request, "seen"), "by": request.person, "at": request.received_at}
            told = {"reason": typed(request, "reason"), "key": key(request)}
            signing.sign(site, typed(request, "days"), **told, **about)
            return redirect("/clinic/two-products/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("intervals", who=request.person.id, at=request.received_at)
    shown = {
        "sites": [_site(request, site) for site in sites],
        "step_up": step_up.needed(request),
        "problems": problems,
        "digits": signing.DIGITS,
    }
    return render(request, "courses/intervals.html", shown, status=status)


def _site(request: HttpRequest, site: Site) -> dict[str, Any]:
    """What holds at one site, what held before, and the form: with what was typed when it could not be taken."""
    every = list(Interval.objects.filter(site=site).select_related("by").order_by("-id"))
    sent = request.POST if request.POST.get("site") == str(site.id) else {}
    rows = [(row, zones.day(row.created, site.zone).isoformat()) for row in every]
    return {"site": site, "now": rows[:1], "before": rows[1:], "typed": sent, "key": ids.new()}
