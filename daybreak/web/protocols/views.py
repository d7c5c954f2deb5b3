"""The pages on which protocols are read, compared and adopted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.knowledge.protocols import UNDATED, UnknownProtocol, protocol_ids
from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.protocols import actions, queries, reading
from daybreak.web.protocols.showing import ask, at_sites, groups, spoken, told
from daybreak.web.refusals import Refused
from daybreak.web.words import word


@needs(Permission.OWN_PAGE)
@require_safe
def every_protocol(request: HttpRequest) -> HttpResponse:
    """Every protocol, and who adopted it at the sites where the reader works."""
    said = spoken()
    sites = queries.sites(request.person, Permission.OWN_PAGE, at=request.received_at)
    asked = ask(sites)
    rows = [
        {
            "id": id_,
            "title": said.word(f"protocol.{id_}"),
            "about": said.word(f"about.{id_}"),
            **at_sites(id_, sites, at=request.received_at, asked=asked),
        }
        for id_ in protocol_ids()
    ]
    trail.read("protocols", who=request.person.id, at=request.received_at)
    may_adopt = bool(queries.sites(request.person, Permission.ADOPT_PROTOCOL, at=request.received_at))
    outdated = [(row, one) for row in rows for one in row["sites"] if one["outdated"] or one["unfit"]]
    shown = {"protocols": rows, "outdated": outdated, "may_adopt": may_adopt}
    return render(request, "protocols/every.html", shown)


@needs(Permission.OWN_PAGE)
@require_safe
def one_protocol(request: HttpRequest, id: str) -> HttpResponse:
    """One protocol: each criterion with its numbers, weight, source and standing; and what sites ask for beyond it."""
    data, said, day = file_or_404(id), spoken(), zones.today(request.received_at)
    sites = queries.sites(request.person, Permission.OWN_PAGE, at=request.received_at)
    trail.read("protocol", who=request.person.id, at=request.received_at)
    lines = reading.lines(id, as_of=day)
    shown = {
        "id": id,
        "title": said.word(f"protocol.{id}"),
        "about": said.word(f"about.{id}"),
        "off_label": data["off_label"],
        "source": reading.sources()[data["source"]["id"]],
        "groups": groups(lines, said),
        "sources": [reading.sources()[source] for source in sorted({line["source"]["id"] for line in lines})],
        "dates": reading.dates(id),
        "may_adopt": bool(queries.sites(request.person, Permission.ADOPT_PROTOCOL, at=request.received_at)),
        **at_sites(id, sites, at=request.received_at),
    }
    return render(request, "protocols/one.html", shown)


@needs(Permission.OWN_PAGE)
@require_safe
def compare(request: HttpRequest, id: str) -> HttpResponse:
    """What two days of the same protocol differ in."""
    file_or_404(id)
    said, days = spoken(), reading.dates(id)
    old, new = request.GET.get("old", days[-1]), request.GET.get("new", days[0])
    chosen = [_day(text) for text in (old, new)]
    found, problems = [], []
    if None in chosen:
        problems = [word("protocols.no_day", get_language())]
    else:
        before, after = (reading.lines(id, as_of=day) for day in chosen if day)
        found = told(reading.changes(before, after), said)
    trail.read("protocol", who=request.person.id, at=request.received_at)
    shown = {"id": id, "title": said.word(f"protocol.{id}"), "days": days, "old": old, "new": new}
    shown |= {"changes": found, "problems": problems}
    return render(request, "protocols/compare.html", shown, status=422 if problems else 200)


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, id: str) -> HttpResponse:
    """Sign that a site adopts the protocol as it stands today, or that it stops using it."""
    file_or_404(id)
    sites = queries.sites(request.person, Permission.ADOPT_PROTOCOL, at=request.received_at)
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            site = next((s for s in sites if str(s.id) == request.POST.get("site")), None)
            if site is None:
                raise Refused("people.may_not")
            step_up.confirm(request)
            _do(request, id, site)
            return redirect(f"/clinic/protocols/{id}/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("protocol", who=request.person.id, at=request.received_at)
    shown = {
        "id": id,
        "title": spoken().word(f"protocol.{id}"),
        "key": ids.new(),
        "step_up": step_up.needed(request),
        "problems": problems,
        "reason": request.POST.get("reason", ""),
        **at_sites(id, sites, at=request.received_at),
    }
    return render(request, "protocols/adopt.html", shown, status=status)


def _do(request: HttpRequest, id: str, site: Site) -> None:
    sent = {"id": id, "site": site, "by": request.person, "at": request.received_at, "key": posted.key(request)}
    if request.POST.get("act") == "withdraw":
        actions.withdraw(reason=posted.typed(request, "reason"), **sent)
    elif request.POST.get("act") == "adopt":
        actions.adopt(digest=request.POST.get("digest", ""), **sent)
    else:
        raise Refused("error.bad_request")


def file_or_404(id: str) -> Any:
    """The protocol as it stands in its file; an address with another id is no page."""
    try:
        return reading.file(id)
    except UnknownProtocol:
        raise Http404 from None


def _day(text: str) -> date | None:
    if text == UNDATED:
        return date.max
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
