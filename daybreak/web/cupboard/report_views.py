"""Drafts of what a clinic keeps or tells about its cupboard: the inventory of a moment, and what is missing. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.clinical.treatment.ledger import Amount, Kind, Place
from daybreak.knowledge import cupboard as knowledge
from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.cupboard import exported, inventories, losses, queries, rules, telling
from daybreak.web.cupboard.models import Entry, Inventory
from daybreak.web.people import step_up
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, uuid
from daybreak.web.posted import typed as text
from daybreak.web.refusals import Refused
from daybreak.web.words import word

A_DAY = timedelta(days=1)


@needs(Permission.KEEP_CUPBOARD)
@require_http_methods(["GET", "POST"])
def inventory(request: HttpRequest) -> HttpResponse:
    """What there was at the end of a day, or now; and the form that says that stock was taken."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.KEEP_CUPBOARD, at=at)
    site = posted.site(request, sites)
    if request.method == "POST":
        opening = request.POST.get("opening") == "yes"
        inventories.take(site, opening=opening, by=request.person, at=at, key=key(request))
        return redirect(f"/cupboard/inventory/?site={site.id}")
    day = _day(request.GET.get("day", ""))
    until = at if day is None else min(at, zones.midnight(day + A_DAY, site.zone))
    lots = queries.on_hand(site, until=until)
    trail.read("cupboard_inventory", who=request.person.id, at=at, site=site.id)
    columns = [word(one, language) for one in _INVENTORY]
    lines = [_stock_line(one, language) for one in lots]
    about = {"site": site.name, "of": until.isoformat(), "stock_taken": _taken_at(site, until)}
    if file := exported.asked(request, "inventory", _INVENTORY, lines, about=about, language=language):
        return file
    last, due = inventories.last(site), inventories.due(site)
    with timezone.override(ZoneInfo(site.zone)):
        shown = {
            "sites": sites,
            "site": site,
            "day": day.isoformat() if day else "",
            "moment": zones.minute(until),
            "columns": columns,
            "lines": _labelled(columns, lines),
            "last": _taken(last, language) if last else "",
            "due": due.isoformat() if due else "",
            "months": rules.in_force(site.id).inventory_months,
            "most": knowledge.months("inventory-most"),
            "key": ids.new(),
        }
        return render(request, "cupboard/inventory.html", shown)


_WHAT = ("cupboard.substance", "cupboard.form", "cupboard.strength")
_INVENTORY = (
    *_WHAT,
    *("cupboard.number", "cupboard.expires", "cupboard.owner", "cupboard.containers"),
    *("cupboard.mg_all", "cupboard.of_it_open", "cupboard.of_it_drawn"),
)


def _stock_line(one: queries.Standing, language: str) -> list[str]:
    there = one.balance.on_hand
    whose = word("cupboard.of_a_patient" if one.lot.owner_id else "cupboard.of_the_clinic", language)
    figures = [str(there.units), *(telling.number(mg) for mg in (there.mg, one.balance.open.mg, one.drawn.mg))]
    return [*telling.substance(one.lot, language), one.lot.number, one.lot.expires.isoformat(), whose, *figures]


def _taken_at(site: Site, until: datetime) -> dict[str, Any] | None:
    """The newest time that stock was taken by then, which the figures need not be of."""
    row = Inventory.objects.filter(site=site, at__lte=until).select_related("by").order_by("-at", "-id").first()
    return {"at": row.at.isoformat(), "opening": row.opening, "by": row.by.display_name} if row else None


def _taken(row: Any, language: str) -> str:
    when = "cupboard.at_opening" if row.opening else "cupboard.at_close"
    return f"{zones.minute(row.at)}, {word(when, language)}, {row.by.display_name}"


@needs(Permission.KEEP_CUPBOARD)
@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """Everything that was written down as lost, with both deadlines and what the book knows for the form."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.KEEP_CUPBOARD, at=at)
    site = posted.site(request, sites)
    rows = Entry.objects.filter(site=site, kind=Kind.LOST).select_related("lot", "by", "site").order_by("-seq")
    trail.read("cupboard_losses", who=request.person.id, at=at, site=site.id)
    columns = [word(one, language) for one in _LOSSES]
    with timezone.override(ZoneInfo(site.zone)):
        came = losses.suppliers(rows)
        lines = [_loss(one, came, language) for one in rows]
        about = {"site": site.name, "of": at.isoformat()}
        told: dict[str, Any] = {"unknown": _NOT_KEPT, "about": about, "language": language}
        if file := exported.asked(request, "losses", _LOSSES, lines, **told):
            return file
        shown = {"sites": sites, "site": site, "lines": _labelled(columns, lines)}
        shown |= {"business_days": knowledge.business_days("loss-notice"), "days": knowledge.time("loss-form").days}
        return render(request, "cupboard/losses.html", shown)


_LOSSES = (
    *("cupboard.discovered", "cupboard.place", *_WHAT, "cupboard.number", "cupboard.containers", "cupboard.mg_all"),
    *("cupboard.lay", "cupboard.supplier", "cupboard.what_happened", "cupboard.written_by"),
    *("cupboard.notice_by", "cupboard.form_by"),
)
# What the book does not hold: a person adds it.
_NOT_KEPT = ("cupboard.registration", "cupboard.sort_of_loss", "cupboard.told_outside", "cupboard.done_against")


def _loss(row: Entry, came: Mapping[UUID, str], language: str) -> list[str]:
    lost = Amount(row.units, row.mg)
    due = [zones.minute(one) for one in (losses.notice_due(row), losses.form_due(row))]
    told = [zones.minute(row.created), row.site.name, *telling.substance(row.lot, language), row.lot.number]
    where = [word(telling.PLACES[Place(row.source)], language), came.get(row.lot_id, "")]
    return [*told, str(lost.units), telling.number(lost.mg), *where, row.text, row.by.display_name, *due]


@needs(Permission.KEEP_CUPBOARD)
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest) -> HttpResponse:
    """What holds at each site where the reader may sign it, and the form to sign another."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.KEEP_CUPBOARD, at=at)
    problems, status = [], 200
    if request.method == "POST":
        try:
            site = next((one for one in sites if str(one.id) == request.POST.get("site")), None)
            if site is None:
                raise Refused("people.no_site_chosen")
            step_up.confirm(request)
            _sign(request, site)
            return redirect("/cupboard/rule/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    trail.read("cupboard_rule", who=request.person.id, at=at)
    shown = {
        "sites": [_site(request, one) for one in sites],
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    return render(request, "cupboard/rule.html", shown, status=status)


def _sign(request: HttpRequest, site: Site) -> None:
    person: Person = request.person
    rules.sign(
        site,
        waste_witness=request.POST.get("waste_witness") != "no",
        count_hours=text(request, "count_hours"),
        inventory_months=text(request, "inventory_months"),
        reason=text(request, "reason"),
        seen=uuid(request, "seen"),
        by=person,
        at=request.received_at,
        key=key(request),
    )


def _site(request: HttpRequest, site: Site) -> dict[str, Any]:
    now = rules.in_force(site.id)
    sent = request.POST if request.POST.get("site") == str(site.id) else {}
    on = zones.day(now.signed.created, site.zone).isoformat() if now.signed else ""
    return {"site": site, "now": now, "on": on, "typed": sent, "key": ids.new()}


def _labelled(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> list[list[tuple[str, str]]]:
    """Each cell with the name of its column: on a phone the columns stand beneath each other."""
    return [list(zip(columns, line, strict=True)) for line in lines]


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
