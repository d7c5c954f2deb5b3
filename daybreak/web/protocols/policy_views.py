"""The page on which a site lays its own stricter policy over a protocol, one criterion at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge.overlay import OVERRIDES, STRENGTHS
from daybreak.knowledge.periods import periods
from daybreak.knowledge.store import load
from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.protocols import actions, policies, queries, reading
from daybreak.web.protocols.showing import asks, at_sites, pick, spoken
from daybreak.web.protocols.views import file_or_404
from daybreak.web.refusals import Refused
from daybreak.web.words import word

NUMBER = r"-?[0-9]+([.][0-9]+)?"


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, id: str) -> HttpResponse:
    """What the site asks for beyond the protocol; with a criterion chosen, the form that makes it stricter or lifts that."""
    file_or_404(id)
    sites = queries.sites(request.person, Permission.ADOPT_PROTOCOL, at=request.received_at)
    sent = request.POST if request.method == "POST" else request.GET
    site = pick(sites, sent.get("site"))
    day = zones.day(request.received_at, site.zone) if site else zones.today(request.received_at)
    if sent.get("site") and site is None:
        raise Http404
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            if site is None:
                raise Refused("error.bad_request")
            step_up.confirm(request)
            _do(request, id, site)
            return redirect(f"/clinic/protocols/{id}/adopt/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("protocol", who=request.person.id, at=request.received_at)
    shown = {"id": id, "title": spoken().word(f"protocol.{id}"), "key": ids.new(), "problems": problems, "site": site}
    shown |= {"step_up": step_up.needed(request), "reason": request.POST.get("reason", "")}
    shown |= at_sites(id, [site] if site else sites, at=request.received_at)
    if site and shown["sites"]:
        shown |= _choices(id, site, sent, day=day)
    return render(request, "protocols/policy.html", shown, status=status)


def _do(request: HttpRequest, id: str, site: Site) -> None:
    """Lay one line, or lift it."""
    told, day = request.POST, zones.day(request.received_at, site.zone)
    criterion, when = told.get("criterion", ""), told.get("when", "")
    if (was := _line(id, site, criterion, when, day=day)) is None:
        raise Refused("protocols.no_such_criterion")
    lifts = told.get("act") == "lift"
    actions.ask_more(
        id=id,
        criterion=criterion,
        when=when,
        line=None if lifts else _typed(was, told, site),
        seen=told.get("digest", ""),
        reason=told.get("reason", ""),
        site=site,
        by=request.person,
        at=request.received_at,
        key=posted.key(request),
    )


def _line(id: str, site: Site, criterion: str, when: str, *, day: date) -> Mapping[str, Any] | None:
    """The line as it holds at the site, or as it would begin when the site adds the criterion."""
    rows = policies.lines_of([site.id]).get((site.id, id), [])
    found = policies.lines(id, rows, as_of=day)
    there = next((line for line in found if (line["criterion"], line["when"]) == (criterion, when)), None)
    return there or (policies.addable(id, as_of=day).get(criterion) if when == "screening" else None)


def _typed(was: Mapping[str, Any], told: Mapping[str, str], site: Site) -> dict[str, Any]:
    """The line that the form asks for. Refused when a number is none; whether it is stricter the knowledge says."""
    source = {"id": policies.SOURCE, "where": site.name}
    strength, override = told.get("strength", was["strength"]), told.get("override", was["override"])
    if strength not in STRENGTHS or override not in OVERRIDES:
        raise Refused("error.bad_request")
    bounds = {name: _number(told.get(f"bound-{name}", ""), value) for name, value in was["bounds"].items()}
    line = {"criterion": was["criterion"], "when": was["when"], "strength": strength, "override": override}
    line |= {"bounds": bounds, "with": was["with"], "source": source, "standing": "local_policy"}
    if bounds:
        line |= {"bounds_source": source, "bounds_standing": "local_policy"}
    if "valid_for" in was:
        line["valid_for"] = told.get("valid_for", was["valid_for"])
        if line["valid_for"] not in {period["id"] for period in periods()}:
            raise Refused("error.bad_request")
    return line


def _number(typed: str, was: str) -> str:
    text = typed.strip().replace(",", ".")
    if not re.fullmatch(NUMBER, text) or len(text) > 9:
        raise Refused("protocols.no_number", typed=typed[:20], was=was)
    unit = was.partition(" ")[2]
    return f"{text} {unit}" if unit else text


def _choices(id: str, site: Site, sent: Mapping[str, str], *, day: date) -> dict[str, Any]:
    """Which criteria can be chosen, and the form for the chosen one, filled with what was typed or what holds now."""
    said, lang = spoken(), get_language()
    rows = policies.lines_of([site.id]).get((site.id, id), [])
    found = policies.lines(id, rows, as_of=day)
    more = sorted(policies.addable(id, as_of=day), key=lambda name: said.word(f"criterion.{name}"))
    shown = {
        "listed": [(x["criterion"], x["when"], said.word(f"criterion.{x['criterion']}"), asks(x, said)) for x in found],
        "addable": [(name, said.word(f"criterion.{name}")) for name in more],
    }
    criterion, when = sent.get("criterion", ""), sent.get("when", "screening")
    line = _line(id, site, criterion, when, day=day) if criterion else None
    if line is None:
        return shown
    begun = policies.base(id, criterion, when, as_of=day)  # None: the protocol does not ask for it
    entry = next(c for c in load("criteria")["criteria"]["criteria"] if c["id"] == criterion)
    least = begun or {"strength": STRENGTHS[0], "override": OVERRIDES[0]}
    shown["form"] = {
        "criterion": criterion,
        "when": when,
        "title": said.word(f"criterion.{criterion}"),
        "protocol_asks": asks(begun, said) if begun else word("protocols.not_asked", lang),
        "strengths": _options("strength", STRENGTHS, least, sent.get("strength", line["strength"])),
        "overrides": _options("override", OVERRIDES, least, sent.get("override", line["override"])),
        "bounds": [
            {
                "name": name,
                "title": said.word(f"bound.{name}"),
                "value": sent.get(f"bound-{name}", value.partition(" ")[0]),
                "unit": value.partition(" ")[2],
                "way": said.word(f"way.{entry['stricter'].get(name, 'none')}"),
            }
            for name, value in line["bounds"].items()
        ],
        "periods": _period_options(
            begun or line, sent.get("valid_for", line.get("valid_for", "")), "valid_for" in line
        ),
        "laid": any((row.criterion, row.when) == (criterion, when) for row in rows),
    }
    return shown


def _options(kind: str, order: tuple[str, ...], least: Mapping[str, Any], chosen: str) -> list[tuple[str, str, bool]]:
    """What is as strict as the protocol or stricter."""
    said = spoken()
    return [(one, said.word(f"{kind}.{one}"), one == chosen) for one in order[order.index(least[kind]) :]]


def _period_options(line: Mapping[str, Any], chosen: str, given: bool) -> list[tuple[str, str, bool]]:
    """Each length once, none longer than the protocol's."""
    if not given:
        return []
    days = {period["id"]: period.get("minutes", period.get("days", 0) * 24 * 60) for period in periods()}
    found: dict[int, str] = {}
    for id_ in (chosen, *days):
        if id_ in days and days[id_] <= days[line["valid_for"]]:
            found.setdefault(days[id_], id_)
    return [(id_, reading.period(id_), id_ == chosen) for _, id_ in sorted(found.items(), reverse=True)]
