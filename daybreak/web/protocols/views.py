"""The pages on which protocols are read, compared and adopted."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.knowledge.protocols import UNDATED, NotInForce, UnknownProtocol, protocol, protocol_ids
from daybreak.knowledge.sentences import Language, language
from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.protocols import actions, queries, reading
from daybreak.web.protocols.models import ADOPTED
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word

WORDS = {
    "strength": "protocols.strength",
    "override": "protocols.override",
    "bounds": "protocols.bounds",
    "valid_for": "protocols.valid_for",
    "with": "protocols.with",
    "standing": "protocols.standing",
    "source": "protocols.source",
    "screening": "protocols.screening",
    "before_each_dose": "protocols.before_each_dose",
    "added": "protocols.added",
    "removed": "protocols.removed",
    "changed": "protocols.changed",
}


@needs(Permission.OWN_PAGE)
@require_safe
def every_protocol(request: HttpRequest) -> HttpResponse:
    """Every protocol, and who adopted it at the sites where the reader works."""
    said = language(known(get_language()))
    sites = queries.sites(request.person, Permission.OWN_PAGE, at=request.received_at)
    last = queries.newest(site.id for site in sites)
    rows = [
        {"id": id_, "title": said.word(f"protocol.{id_}"), "about": said.word(f"about.{id_}"), **found}
        for id_ in protocol_ids()
        if (found := _state(id_, sites, last, request.received_at.date()))
    ]
    trail.read("protocols", who=request.person.id, at=request.received_at)
    return render(request, "protocols/every.html", {"protocols": rows})


@needs(Permission.OWN_PAGE)
@require_safe
def one_protocol(request: HttpRequest, id: str) -> HttpResponse:
    """One protocol: each criterion with its numbers, weight, source and standing."""
    data, said, day = _file(id), language(known(get_language())), request.received_at.date()
    sites = queries.sites(request.person, Permission.OWN_PAGE, at=request.received_at)
    may_adopt = bool(queries.sites(request.person, Permission.ADOPT_PROTOCOL, at=request.received_at))
    trail.read("protocol", who=request.person.id, at=request.received_at)
    lines = reading.lines(id, as_of=day)
    shown = {
        "id": id,
        "title": said.word(f"protocol.{id}"),
        "about": said.word(f"about.{id}"),
        "off_label": data["off_label"],
        "source": reading.sources()[data["source"]["id"]],
        "groups": _groups(lines, said),
        "sources": [reading.sources()[source] for source in sorted({line["source"]["id"] for line in lines})],
        "dates": reading.dates(id),
        "may_adopt": may_adopt,
        **_state(id, sites, queries.newest(site.id for site in sites), day),
    }
    return render(request, "protocols/one.html", shown)


@needs(Permission.OWN_PAGE)
@require_safe
def compare(request: HttpRequest, id: str) -> HttpResponse:
    """What two days of the same protocol differ in."""
    _file(id)
    said, days = language(known(get_language())), reading.dates(id)
    old, new = request.GET.get("old", days[-1]), request.GET.get("new", days[0])
    chosen = [_day(text) for text in (old, new)]
    found, problems = [], []
    if None in chosen:
        problems = [word("protocols.no_day", get_language())]
    else:
        before, after = (reading.lines(id, as_of=day) for day in chosen if day)
        found = _told(reading.changes(before, after), said)
    trail.read("protocol", who=request.person.id, at=request.received_at)
    shown = {"id": id, "title": said.word(f"protocol.{id}"), "days": days, "old": old, "new": new}
    shown |= {"changes": found, "problems": problems}
    return render(request, "protocols/compare.html", shown, status=422 if problems else 200)


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, id: str) -> HttpResponse:
    """Sign that a site adopts the protocol as it stands today, or that it stops using it."""
    _file(id)
    said, day = language(known(get_language())), request.received_at.date()
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
    last = queries.newest(site.id for site in sites)
    state = _state(id, sites, last, day)
    shown = {
        "id": id,
        "title": said.word(f"protocol.{id}"),
        "sites": [_difference(id, site, last.get((site.id, id)), state["digest"], said, day) for site in sites],
        "key": ids.new(),
        "step_up": step_up.needed(request),
        "problems": problems,
        "reason": request.POST.get("reason", ""),
        **state,
    }
    return render(request, "protocols/adopt.html", shown, status=status)


def _do(request: HttpRequest, id: str, site: Site) -> None:
    told = {"id": id, "site": site, "by": request.person, "at": request.received_at, "key": _key(request)}
    if request.POST.get("act") == "withdraw":
        actions.withdraw(reason=request.POST.get("reason", ""), **told)
    elif request.POST.get("act") == "adopt":
        actions.adopt(digest=request.POST.get("digest", ""), **told)
    else:
        raise Refused("error.bad_request")


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        raise Refused("error.bad_request") from None


def _file(id: str) -> Any:
    try:
        return reading.file(id)
    except UnknownProtocol:
        raise Http404 from None


def _state(id: str, sites: list[Site], last: dict[Any, Any], day: date) -> dict[str, Any]:
    """The protocol as it stands today, and what each of the sites did with it."""
    try:
        found = protocol(id, as_of=day)
    except NotInForce:
        return {"version": word("protocols.not_in_force", get_language()), "digest": "", "adoptions": []}
    events = [(site, last.get((site.id, id))) for site in sites]
    adoptions = [
        {"site": site.name, "row": row, "holds": bool(queries.in_force(row, digest=found.digest))}
        for site, row in events
    ]
    version = found.version if found.version != UNDATED else language(known(get_language())).word("board.undated")
    return {"version": version, "digest": found.digest, "adoptions": adoptions}


def _difference(id: str, site: Site, row: Any, digest: str, said: Language, day: date) -> dict[str, Any]:
    """What a signer at that site has to know: nothing adopted yet, the same as adopted, or what has changed since."""
    adopted = row is not None and row.kind == ADOPTED
    holds = bool(queries.in_force(row, digest=digest))
    changed = _told(reading.changes(json.loads(row.lines), reading.lines(id, as_of=day)), said) if row else []
    shown = [{"site": site.name, "row": row, "holds": holds}]
    return {
        "site": site,
        "row": row,
        "adopted": adopted,
        "holds": holds,
        "changes": changed,
        "adoptions": shown,
        "differs": bool(row) and row.digest != digest,
    }


def _told(changes: list[reading.Change], said: Language) -> list[dict[str, Any]]:
    lang = get_language()
    words = {part: word(WORDS[part], lang) for part in reading.COMPARED}
    return [
        {
            "title": said.word(f"criterion.{c.criterion}"),
            "when": word(WORDS[c.when], lang),
            "what": word(WORDS[c.what], lang),
            "parts": [(words[p], _word(said, p, old), _word(said, p, new)) for p, old, new in c.parts],
        }
        for c in changes
    ]


def _word(said: Language, part: str, value: str) -> str:
    """Strength, override and standing have words; the rest is as it stands in the file."""
    return said.word(f"{part}.{value}") if part in ("strength", "override", "standing") else value


def _groups(lines: list[dict[str, Any]], said: Language) -> list[tuple[str, list[dict[str, Any]]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        row = {
            "title": said.word(f"criterion.{line['criterion']}"),
            "where": line["source"]["where"],
            "source": reading.sources()[line["source"]["id"]],
            "bounds": reading.said(line, "bounds") if line["bounds"] else "",
            "valid_for": reading.period(line["valid_for"]) if "valid_for" in line else "",
            **{part: said.word(f"{part}.{line[part]}") for part in ("strength", "override", "standing")},
        }
        rows.setdefault(line["when"], []).append(row)
    return [(word(WORDS[when], get_language()), found) for when, found in rows.items()]


def _day(text: str) -> date | None:
    if text == UNDATED:
        return date.max
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
