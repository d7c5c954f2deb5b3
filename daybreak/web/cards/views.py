"""The page on which a prescriber writes what the emergency cards of a site say."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import sessions
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.cards import actions, queries
from daybreak.web.cards.models import Text
from daybreak.web.cards.queries import FIELDS
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, typed, uuid
from daybreak.web.protocols.showing import pick
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES, known


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def every_card(request: HttpRequest) -> HttpResponse:
    """Each card with the site's own words, who signed them, and the form for the next version."""
    at = request.received_at
    sites = sites_of(request.person, Permission.ADOPT_PROTOCOL, at=at)
    asked = (request.POST or request.GET).get("site")
    site = pick(sites, asked)
    if asked and site is None:
        raise Http404
    site = site or sites[0]
    problems, status = [], 200
    if request.method == "POST":
        try:
            step_up.confirm(request)
            texts = {language: typed(request, name) for language, name in FIELDS.items()}
            told = {"reason": typed(request, "reason"), "seen": uuid(request, "seen")}
            actions.sign(site, typed(request, "card"), texts, **told, by=request.person, at=at, key=key(request))
            return redirect(f"/clinic/cards/?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("cards", who=request.person.id, at=at, site=site.id)
    last = queries.newest(site.id)
    shown = {
        "sites": sites,
        "site": site,
        "cards": [_card(id, last.get(id), site, request.POST.dict()) for id in sessions.cards()],
        "problems": problems,
        "step_up": step_up.needed(request),
        "most": actions.LONGEST,
    }
    return render(request, "cards/every.html", shown, status=status)


def _card(id: str, row: Text | None, site: Site, sent: dict[str, str]) -> dict[str, Any]:
    """What was sent and not taken stands in its fields still."""
    mine = sent if sent.get("card") == id else {}
    return {
        "id": id,
        "title": sessions.cards()[id]["title"][known(get_language())],
        "row": row,
        "written": row is not None and bool(row.en or row.zh_hans),
        "on": zones.day(row.created, site.zone).isoformat() if row else "",
        "texts": [
            {
                "name": name,
                "language": LANGUAGES[language],
                "code": language,
                "text": mine.get(name, getattr(row, name) if row else ""),
            }
            for language, name in FIELDS.items()
        ],
        "reason": mine.get("reason", ""),
        "open": bool(mine),
        "key": ids.new(),
    }
