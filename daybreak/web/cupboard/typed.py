"""What did a form about the cupboard bring: how many, how much, for whom, and who saw it?"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.http import Http404, HttpRequest

from daybreak.web import posted
from daybreak.web.cupboard import barcode
from daybreak.web.cupboard.barcode import Scanned
from daybreak.web.cupboard.models import Lot
from daybreak.web.cupboard.stock import MOST_UNITS
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, sites_of, who_may
from daybreak.web.posted import typed, uuid
from daybreak.web.presence import pins
from daybreak.web.presence.store import digest
from daybreak.web.refusals import Refused

DIGITS = 5
NUMBER_LONGEST = 12


def units(request: HttpRequest, name: str = "units") -> int:
    """How many containers. Refused when it is no number."""
    text = typed(request, name)
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        raise Refused("cupboard.units_missing", in_field=name, most=MOST_UNITS)
    return int(text)


def number(request: HttpRequest, name: str) -> Decimal | None:
    """An amount; None when the field is empty. Refused when it is none."""
    text = typed(request, name)
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if len(text) > NUMBER_LONGEST or not found.is_finite() or not text.isascii() or "e" in text.lower() or "_" in text:
        raise Refused("cupboard.mg_missing", in_field=name, typed=text[:20])
    return found


def carton(request: HttpRequest) -> Scanned:
    """The number of the lot and the last day on which it may be used, each as typed or as scanned. Two days are a slip."""
    found, day = barcode.read(typed(request, "number")), posted.day(request, "expires")
    if day and found.expires and day != found.expires:
        raise Refused("cupboard.other_expiry", in_field="expires", known=found.expires.isoformat())
    return Scanned(found.number, day or found.expires)


def patient(request: HttpRequest, site: Site) -> Patient | None:
    """The patient whose number at the site was typed or scanned; None when the field is empty."""
    text = typed(request, "patient")
    if not text:
        return None
    row = Registration.objects.filter(site=site, number__iexact=text).select_related("patient").first()
    if row is None:
        raise Refused("cupboard.no_such_number", in_field="patient", typed=text[:20])
    return row.patient


def witness(request: HttpRequest, site: Site) -> Person | None:
    """Who saw it and proved to be there by their own PIN or password, on this very page; None: nobody was chosen."""
    chosen = uuid(request, "witness")
    person = next((one for one in witnesses(request, site) if one.pk == chosen), None)
    if person is None:
        return None
    session = digest(request.session.session_key)
    if pins.used_up(person, session=session, at=request.received_at):
        raise Refused("cupboard.witness_used_up", in_field="pin", name=person.display_name)
    if not pins.is_theirs(person, request.POST.get("pin", ""), session=session, at=request.received_at):
        raise Refused("cupboard.witness_wrong", in_field="pin", name=person.display_name)
    return person


def witnesses(request: HttpRequest, site: Site) -> list[Person]:
    """Everybody else who works with the cupboard of the site."""
    found = who_may(Permission.USE_CUPBOARD, [site.id], at=request.received_at)[site.id]
    return [one for one in found if one.pk != request.person.pk]


def lot(request: HttpRequest, id: UUID) -> Lot:
    """A lot of a site at which the reader works with the cupboard; any other there is not."""
    row = Lot.objects.filter(pk=id).select_related("site").first()
    here = {one.id for one in sites_of(request.person, Permission.USE_CUPBOARD, at=request.received_at)}
    if row is None or row.site_id not in here:
        raise Http404
    return row
