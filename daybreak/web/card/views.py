"""The page on which a named person states what a site has, looks at its card, signs and publishes it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import card
from daybreak.knowledge.store import digest_of
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.card import actions, queries, telling
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import day, key, site, typed
from daybreak.web.refusals import Refused
from daybreak.web.words import known


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What the card of a site would say now, and two forms: one states something, one publishes."""
    at, problems, status = request.received_at, [], 200
    sites = sites_of(request.person, Permission.ADOPT_PROTOCOL, at=at)
    here = site(request, sites)
    if request.method == "POST":
        try:
            step_up.confirm(request)
            _do(request, here)
            return redirect(f"/clinic/card/?site={here.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("clinic_card", who=request.person.id, at=at, site=here.id)
    shown = {"sites": sites, "site": here, "problems": problems, "step_up": step_up.needed(request)}
    shown |= {"typed": request.POST, **_shown(request, here)}
    return render(request, "card/page.html", shown, status=status)


def _do(request: HttpRequest, here: Site) -> None:
    about = {"by": request.person, "at": request.received_at, "key": key(request)}
    if request.POST.get("does") == "publish":
        actions.publish(here, seen=typed(request, "seen"), **about)
        return
    told = {"text": typed(request, "text"), "evidence": typed(request, "evidence"), "until": day(request, "until")}
    actions.state(here, typed(request, "measure"), **told, **about)


def _shown(request: HttpRequest, here: Site) -> dict[str, Any]:
    at, language = request.received_at, known(get_language())
    slug = queries.slug(here)
    document = queries.document(here, queries.answered(here, at=at), by=request.person.display_name, slug=slug, at=at)
    today = zones.day(at, here.zone)
    asks = {one["measure"]: one["words"][language] for one in card.data()["questions"]}
    last = queries.newest([here.id]).get(here.id)
    return {
        "document": document,
        "heads": telling.heads(document, language, on=today),
        "seen": digest_of(document),
        "keys": (ids.new(), ids.new()),
        "asks": [(one, asks[one]) for one in card.stated()],
        "last": last,
        "last_on": zones.day(last.created, here.zone).isoformat() if last else "",
        "until_most": (today + card.days("states")).isoformat(),
    }
