"""The pages on which a stranger finds the clinics, and reads a card as it was signed, and whether it still holds."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daybreak.exchange.signed import STALE, Told, verify
from daybreak.web import zones
from daybreak.web.access import everyone
from daybreak.web.card import queries, telling
from daybreak.web.card.actions import WHAT
from daybreak.web.card.models import Card
from daybreak.web.public.page import language_of, shown
from daybreak.web.words import known


@everyone("the names of the sites, and which of them published a card; nothing is ordered but by name")
@require_safe
def clinics(request: HttpRequest) -> HttpResponse:
    """Every open site."""
    return shown(request, "card/clinics.html", {"clinics": queries.clinics()})


@everyone("what a site published of itself for everybody; counts below the small number are not in it")
@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """The card, from the bytes that were signed."""
    row = _row(slug)
    told = _told(row, request)
    shows: dict[str, Any] = {"told": told, "stale": told.state == STALE, "slug": slug, "site": row.site}
    if told.document:
        on = zones.day(request.received_at, row.site.zone)
        shows |= {"document": told.document, "heads": telling.heads(told.document, _language(request), on=on)}
        shows |= {"until": zones.day(told.until, row.site.zone).isoformat() if told.until else ""}
    return shown(request, "card/card.html", shows)


@everyone("the same as one file that anybody can check: daybreak card verify")
@require_safe
def file(request: HttpRequest, slug: str) -> HttpResponse:
    """Byte for byte."""
    return HttpResponse(bytes(_row(slug).content), content_type="application/json")


def _language(request: HttpRequest) -> str:
    return known(language_of(request))


def _row(slug: str) -> Card:
    found = queries.published(slug)
    if found is None:
        raise Http404
    return found


def _told(row: Card, request: HttpRequest) -> Told:
    return verify(bytes(row.content), at=request.received_at, what=WHAT)
