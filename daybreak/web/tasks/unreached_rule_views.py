"""The page on which a prescriber signs what is done at a site when nobody answers."""

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
from daybreak.web.posted import key, uuid
from daybreak.web.refusals import Refused
from daybreak.web.tasks import unreached_rule
from daybreak.web.tasks.models import STEPS
from daybreak.web.tasks.unreached import DOES
from daybreak.web.words import word


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The rule of each site where the reader may sign it."""
    sites = sites_of(request.person, Permission.ADOPT_PROTOCOL, at=request.received_at)
    problems, status = [], 200
    if request.method == "POST":
        site = next((one for one in sites if str(one.id) == request.POST.get("site")), None)
        if site is None:
            raise Http404
        try:
            after = unreached_rule.read(request.POST)
            step_up.confirm(request)
            about = {"seen": uuid(request, "seen"), "by": request.person, "at": request.received_at}
            unreached_rule.sign(site, after, key=key(request), **about)
            return redirect("/clinic/unreached/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("unreached_rules", who=request.person.id, at=request.received_at)
    shown = {
        "sites": [_site(request, site) for site in sites],
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    return render(request, "tasks/unreached_rules.html", shown, status=status)


def _site(request: HttpRequest, site: Site) -> dict[str, Any]:
    """The rule of one site as it holds, and its form: with what was typed when it could not be taken."""
    rule, language = unreached_rule.signed(site.id), get_language()
    held = {does: str(after) for after, does in unreached_rule.steps(rule)}
    sent = request.POST.get("site") == str(site.id)
    return {
        "site": site,
        "rule": rule,
        "on": zones.day(rule.created, site.zone).isoformat() if rule else "",
        "fields": [
            (does, word(DOES[does], language), request.POST.get(does, "") if sent else held.get(does, ""))
            for does in STEPS
        ],
        "digits": unreached_rule.DIGITS,
        "key": ids.new(),
    }
