"""The page of a cupboard: what lies there, what was taken and not accounted for, what is due, and who received a lot."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.knowledge.cupboard import products
from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.courses import queries as courses
from daybreak.web.cupboard import barcode, counts, inventories, queries, stock, telling, typed
from daybreak.web.patients.models import Registration
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, page_may, sites_of
from daybreak.web.posted import key
from daybreak.web.refusals import Refused
from daybreak.web.tasks.telling import called


@needs(Permission.USE_CUPBOARD)
@require_safe
def cupboard(request: HttpRequest) -> HttpResponse:
    """One site's cupboard."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.USE_CUPBOARD, at=at)
    site = posted.site(request, sites)
    today = zones.day(at, site.zone)
    lots = queries.on_hand(site)
    taken = queries.unaccounted(lots)
    asked, problems = request.GET.get("lot", ""), []
    try:
        asked = barcode.read(asked).number
    except Refused as refused:
        problems = [refused.sentence(language)]
    found, given = queries.who_received(site, asked)
    about = {one.lot.owner_id for one in lots} | {one.first.patient_id for one in taken}
    about |= {one.owner_id for one in found} | {one.patient_id for one in given}
    names = called(about - {None})
    trail.read_each("cupboard", names, who=request.person.id, at=at)
    trail.read("cupboard", who=request.person.id, at=at, site=site.id)
    by_product: dict[str, list[dict[str, Any]]] = {}
    for one in lots:
        by_product.setdefault(telling.product(one.lot, language), []).append(
            telling.lot(one, names, today=today, language=language)
        )
    with timezone.override(ZoneInfo(site.zone)):
        shown = {
            "sites": sites,
            "site": site,
            "products": list(by_product.items()),
            "taken": [_taken(one, names, language) for one in taken],
            "asked": asked,
            "problems": problems,
            "found": [{"id": one.id, "product": telling.product(one, language)} for one in found],
            "given": [telling.entry(one, names, language) for one in given],
            "keeps": page_may(request.person, Permission.KEEP_CUPBOARD, at=at, site_id=site.id),
            **_due(request, site),
        }
        return render(request, "cupboard/cupboard.html", shown)


def _taken(one: queries.Taken, names: dict[UUID, str], language: str) -> dict[str, Any]:
    return {
        "id": one.first.id,
        "patient": names.get(one.first.patient_id, ""),
        "lot": one.first.lot.number,
        "product": telling.product(one.first.lot, language),
        "left": telling.amount(one.left, language),
        "since": zones.minute(one.first.happened),
        "by": one.first.by.display_name,
    }


def _due(request: HttpRequest, site: Site) -> dict[str, Any]:
    states = counts.newest(site)
    count, stock_taken = counts.due(site, states), inventories.due(site)
    return {
        "count_open": counts.open_count(site, request.received_at, states) is not None,
        "count_due": zones.minute(count) if count else "",
        "count_late": count is None or count <= request.received_at,
        "inventory_due": stock_taken.isoformat() if stock_taken else "",
        "inventory_late": stock_taken is None or stock_taken < zones.day(request.received_at, site.zone),
    }


@needs(Permission.KEEP_CUPBOARD)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """What came, from whom, and for whom when it is not the clinic's own."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.KEEP_CUPBOARD, at=at)
    site = posted.site(request, sites)
    problems, status = [], 200
    if request.method == "POST":
        try:
            row = _receive(request, site)
            return redirect(f"/cupboard/lots/{row.lot_id}/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    shown = {
        "sites": sites,
        "site": site,
        "products": [(one.id, telling.strength(one, language)) for one in products().values()],
        "typed": request.POST,
        "key": ids.new(),
        "problems": problems,
    }
    return render(request, "cupboard/receive.html", shown, status=status)


def _receive(request: HttpRequest, site: Site) -> Any:
    if posted.asked(request, "site") != str(site.id):
        raise Refused("people.no_site_chosen")
    carton = typed.carton(request)
    if carton.expires is None:
        raise Refused("cupboard.expiry_missing", in_field="expires")
    return stock.receive(
        site,
        product=posted.typed(request, "product"),
        number=carton.number,
        expires=carton.expires,
        units=typed.units(request),
        ml=typed.number(request, "ml"),
        owner=typed.patient(request, site),
        partner=posted.typed(request, "partner"),
        by=request.person,
        at=request.received_at,
        key=key(request),
    )


def todays(site: Site, request: HttpRequest) -> list[tuple[str, str]]:
    """The patients who come today, by their number at the site: one is likely to be the one that is meant."""
    visits = courses.on(site, zones.day(request.received_at, site.zone))
    patients = {one.booking.patient_id for one in visits if not one.over}
    rows = Registration.objects.filter(site=site, patient__in=patients).values_list("number", "patient_id")
    names = called(patients)
    return [(number, names[patient]) for number, patient in rows]
