"""The page on which two people count the cupboard, one after the other, and say why count and book differ."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.cupboard import counts, queries, telling
from daybreak.web.cupboard.models import Count
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, uuid
from daybreak.web.posted import typed as text
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.tasks.telling import called


@needs(Permission.USE_CUPBOARD)
@require_http_methods(["GET", "POST"])
def count(request: HttpRequest) -> HttpResponse:
    """The form without any figure of the book, or the difference with what the two say of it."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.USE_CUPBOARD, at=at)
    site = posted.site(request, sites)
    problems, status = [], 200
    if request.method == "POST":
        try:
            _act(request, site)
            return redirect(f"/cupboard/count/?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    trail.read("cupboard_count", who=request.person.id, at=at, site=site.id)
    # Whoever counts sees no figure of before either: these are shown instead of the form.
    back = request.method == "GET" and request.GET.get("before") == "yes"
    states = counts.newest(site)
    now = counts.open_count(site, at, states)
    mine = now is not None and request.person.pk in {one.pk for one in now.people}
    with timezone.override(ZoneInfo(site.zone)):
        shown = {
            "sites": sites,
            "site": site,
            "seen": now.count.id if now else "",
            "waits": now is not None and not now.counted,
            "first": now.people[0].display_name if now else "",
            "lots": [] if back or mine or (now and now.counted) else _lots(request, site, language),
            "counted_mine": mine and now is not None and not now.counted,
            "differs": _told(now, language) if now and now.counted else None,
            "signs": mine and now is not None and request.person.pk not in {one.by_id for one in now.signed},
            "before": [_told(one, language) for one in states if one.over] if back else [],
            "back": back,
            "typed": request.POST,
            "key": ids.new(),
            "problems": problems,
        }
        return render(request, "cupboard/count.html", shown, status=status)


def _lots(request: HttpRequest, site: Site, language: str) -> list[dict[str, Any]]:
    """What is to be counted, without how much of it there should be."""
    lots = queries.on_hand(site)
    names = called({one.lot.owner_id for one in lots} - {None})
    return [
        {
            "id": one.lot.id,
            "number": one.lot.number,
            "product": telling.product(one.lot, language),
            "owner": names.get(one.lot.owner_id, "") if one.lot.owner_id else "",
            "typed": request.POST.get(f"lot-{one.lot.id}", ""),
        }
        for one in lots
    ]


def _told(now: counts.State, language: str) -> dict[str, Any]:
    """A count that both have made: every lot with three figures, and who said what of it."""
    return {
        "id": now.count.id,
        "at": zones.minute(now.last),
        "people": [one.display_name for one in now.people],
        "lines": [
            {
                "number": one.lot.number,
                "product": telling.product(one.lot, language),
                "counted": one.counted,
                "expected": one.expected[-1],
                "differs": one.differs,
                "short": one.short,
                "lot": one.lot.id,
            }
            for one in now.lines
        ],
        "signed": [{"by": one.by.display_name, "text": one.text} for one in now.signed],
        "over": now.over,
        "differs": now.differs,
    }


def _act(request: HttpRequest, site: Site) -> None:
    about: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    if posted.asked(request, "site") != str(site.id):
        raise Refused("people.no_site_chosen")
    if request.POST.get("do") == "explain":
        row = Count.objects.filter(pk=uuid(request, "seen"), site=site).first()
        if row is None:
            raise Conflict("cupboard.count_meanwhile")
        counts.explain(row, text=text(request, "text"), **about)
        return
    begins = "lot-"
    units = {
        UUID(name.removeprefix(begins)): text(request, name)
        for name in request.POST
        if name.startswith(begins) and posted.is_id(name.removeprefix(begins))
    }
    counts.count(site, units, seen=uuid(request, "seen"), **about)
