"""The page on which a prescriber signs by which limits and for how long patients are watched."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import watch as knowledge
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.limits import actions, queries
from daybreak.web.limits.telling import checks, tables
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, typed, uuid
from daybreak.web.protocols.showing import pick, spoken
from daybreak.web.protocols.views import file_or_404
from daybreak.web.refusals import Refused


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def watch(request: HttpRequest, id: str) -> HttpResponse:
    """What is signed at each site where the reader may sign; with a site chosen, the form."""
    file_or_404(id)
    sites = sites_of(request.person, Permission.ADOPT_PROTOCOL, at=request.received_at)
    asked = (request.POST or request.GET).get("site")
    site = pick(sites, asked)
    if asked and site is None:
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        try:
            if site is None:
                raise Refused("error.bad_request")
            step_up.confirm(request)
            told = {
                "reason": typed(request, "reason"),
                "digest": typed(request, "digest"),
                "seen": uuid(request, "seen"),
            }
            about = {"by": request.person, "at": request.received_at, "key": key(request)}
            actions.sign(site, id, request.POST.dict(), **told, **about)
            return redirect(f"/clinic/protocols/{id}/watch/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("watch_signed", who=request.person.id, at=request.received_at)
    last = queries.newest([one.id for one in sites], id)
    shown: dict[str, Any] = {
        "id": id,
        "title": spoken().word(f"protocol.{id}"),
        "sites": [_site(one, last.get(one.id)) for one in sites],
        "problems": problems,
        "step_up": step_up.needed(request),
    }
    if site:
        shown |= _form(request, id, site)
    return render(request, "limits/watch.html", shown, status=status)


def _site(site: Site, row: Any) -> dict[str, Any]:
    """What holds at one site."""
    return {
        "site": site,
        "row": row,
        "holds": row is not None and queries.in_force(row) is not None,
        "on": _on(site, row),
    }


def _form(request: HttpRequest, id: str, site: Site) -> dict[str, Any]:
    every = queries.history(site.id, id)
    row, sent = (every[0] if every else None), request.POST.dict()
    return {
        "site": site,
        "row": row,
        "before": [(one, _on(site, one)) for one in every[1:]],
        "tables": tables(id, row, sent, language=get_language()),
        "checks": checks(id, language=get_language()),
        "digest": knowledge.digest(id),
        "key": ids.new(),
        "reason": sent.get("reason", ""),
    }


def _on(site: Site, row: Any) -> str:
    return zones.day(row.created, site.zone).isoformat() if row else ""
