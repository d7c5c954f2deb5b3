"""How does something come into the cupboard, change its place there, or leave it for good?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.ledger import Amount, Kind, Place, used
from daybreak.knowledge.cupboard import Product, products
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.cupboard import book, losses, watching
from daybreak.web.cupboard.actions import needed, once
from daybreak.web.cupboard.book import Moved
from daybreak.web.cupboard.models import Entry, Lot
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Conflict, Refused

NUMBER_LONGEST, PARTNER_LONGEST = 40, 200
VIAL = "vial"
MOST_UNITS = 10_000  # in one entry: more is a slip of the finger


@dataclass(frozen=True, slots=True)
class Needs:
    """What an operation asks for beside how many: from where it may come, and what has to be told."""

    sources: tuple[Place, ...] = (Place.FREE,)
    partner: bool = False
    text: bool = True
    patient: bool = False
    permission: Permission = Permission.KEEP_CUPBOARD


IN_STOCK = (Place.FREE, Place.OPEN, Place.QUARANTINED)
CLOSED = (Place.FREE, Place.QUARANTINED)
OPERATIONS: Mapping[Kind, Needs] = {
    Kind.FOUND: Needs((Place.OUTSIDE,)),
    Kind.RESERVED: Needs(text=False, patient=True),
    Kind.UNRESERVED: Needs((Place.RESERVED,), text=False, patient=True),
    Kind.OPENED: Needs(text=False, permission=Permission.USE_CUPBOARD),
    Kind.QUARANTINED: Needs((Place.FREE, Place.OPEN), permission=Permission.USE_CUPBOARD),
    Kind.RELEASED: Needs((Place.QUARANTINED,)),
    Kind.WASTED: Needs(IN_STOCK),  # broken or spilled before it was taken for anybody
    Kind.RETURNED_OUT: Needs(CLOSED, partner=True, text=False),
    Kind.DESTROYED: Needs(CLOSED, partner=True),
    Kind.TRANSFERRED: Needs(partner=True, text=False),
    Kind.LOST: Needs(IN_STOCK, permission=Permission.USE_CUPBOARD),
}


@transaction.atomic
def receive(
    site: Site,
    *,
    product: str,
    number: str,
    expires: date,
    units: int,
    ml: Decimal | None = None,
    owner: Patient | None = None,
    partner: str,
    text: str = "",
    by: Person,
    at: datetime,
    key: UUID,
    happened: datetime | None = None,
) -> Entry:
    """So many containers came, from whom and by which paper. `owner`: the patient for whom they were sent and nobody else.

    A lot that was recalled is in quarantine from the first moment.
    """
    number = " ".join(number.split()).upper()

    def write(site: Site) -> Entry:
        lot = _lot(site, product, number, expires, ml, owner, by=by, at=at)
        _sensible(units)
        told = {"partner": _partner(partner), "text": text.strip(), "happened": happened}
        moved = Moved(Kind.RECEIVED, Place.OUTSIDE, units, units * lot.unit_mg)
        row = book.write(lot, moved, site=site, by=by, at=at, **told)
        if book.account(lot).recalled:
            again = Moved(Kind.QUARANTINED, Place.FREE, units, units * lot.unit_mg)
            book.write(lot, again, site=site, by=by, at=at)
        return row

    content = {"site": site.id, "product": product, "number": number, "expires": expires, "units": units}
    content |= {"ml": ml and str(ml.normalize()), "owner": owner and owner.id, "partner": partner, "text": text}
    about: dict[str, Any] = {"by": by, "at": at, "key": key}
    return once("stock_received", site.id, content, write, permission=Permission.KEEP_CUPBOARD, **about)


@transaction.atomic
def move(
    lot: Lot,
    kind: Kind,
    *,
    units: int,
    mg: Decimal | None = None,
    source: Place | None = None,
    patient: Patient | None = None,
    partner: str = "",
    text: str = "",
    witness: Person | None = None,
    alone: str = "",
    by: Person,
    at: datetime,
    key: UUID,
    happened: datetime | None = None,
) -> Entry:
    """One operation of `OPERATIONS`. `mg`: how much is in the containers when one of them is opened, else they are whole; of
    what is open how much of it, without it all that is left, whatever `units` says."""
    needs = OPERATIONS[kind]
    source = source or needs.sources[0]

    def write(site: Site) -> Entry:
        if source not in needs.sources:
            raise Refused("cupboard.wrong_place")
        _sensible(units)
        if kind is Kind.OPENED and not divisible(lot):
            raise Refused("cupboard.no_vial")
        if patient is not None and not patient.registrations.filter(site=site).exists():
            raise Refused("cupboard.not_registered")
        watching.demand(site, kind, witness=witness, alone=alone.strip(), by=by, at=at)
        told: dict[str, Any] = {"text": needed(text) if needs.text else text.strip()}
        told |= {"partner": _partner(partner) if needs.partner else "", "witness": witness, "alone": alone.strip()}
        moved = Moved(kind, source, *_moved(lot, kind, source, units, mg), patient=patient)
        row = book.write(lot, moved, site=site, by=by, at=at, happened=happened, **told)
        watching.look_at(row, at=at)
        if kind is Kind.LOST:
            losses.tell(row, at=at)
        return row

    content = {"lot": lot.id, "units": units, "mg": mg and str(mg.normalize()), "source": source, "text": text}
    content |= {
        "patient": patient and patient.id,
        "partner": partner,
        "witness": witness and witness.pk,
        "alone": alone,
    }
    about: dict[str, Any] = {"permission": needs.permission, "by": by, "at": at, "key": key}
    return once(f"stock_{kind}", lot.site_id, content, write, **about)


def divisible(lot: Lot) -> bool:
    """Can more than one patient get something of one container?"""
    return products()[lot.product].container == VIAL


def _moved(lot: Lot, kind: Kind, source: Place, units: int, mg: Decimal | None) -> Amount:
    """So many containers with so much in them. An open vial is kept aside with all that is in it."""
    if source is not Place.OPEN:
        return Amount(units, units * lot.unit_mg if mg is None else mg)
    there = book.balance(lot).open
    much = there.mg if mg is None or kind is Kind.QUARANTINED else mg
    return Amount(used(much, book.account(lot), there) if much.is_finite() else 0, much)


def _lot(
    site: Site,
    product: str,
    number: str,
    expires: date,
    ml: Decimal | None,
    owner: Patient | None,
    *,
    by: Person,
    at: datetime,
) -> Lot:
    """The account that it goes to; a new one when there is none. The same lot with another expiry is a slip: Conflict."""
    known = products().get(product)
    if known is None:
        raise Refused("cupboard.choose_product", in_field="product")
    if not number or len(number) > NUMBER_LONGEST:
        raise Refused("cupboard.number_missing", in_field="number", most=NUMBER_LONGEST)
    unit_mg = _strength(known, ml)
    if owner is not None and not owner.registrations.filter(site=site).exists():
        raise Refused("cupboard.not_registered")
    found = Lot.objects.filter(site=site, product=product, number=number, unit_mg=unit_mg, owner=owner).first()
    if found is not None:
        if found.expires != expires:
            raise Conflict("cupboard.other_expiry", in_field="expires", known=found.expires.isoformat())
        return found
    if expires < zones.day(at, site.zone):
        raise Refused("cupboard.came_expired", in_field="expires", typed=expires.isoformat())
    row = Lot(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        product=product,
        number=number,
        expires=expires,
        owner=owner,
        ml=ml,
        unit_mg=unit_mg,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="lot_added", who=by.id, at=at, subject=owner and owner.id, site=site.id)
    return row


def _strength(product: Product, ml: Decimal | None) -> Decimal:
    if ml is not None and not (ml.is_finite() and 0 < ml < MOST_UNITS and ml == ml.quantize(Decimal("0.001"))):
        raise Refused("cupboard.ml_missing", in_field="ml")
    found = product.unit_mg(ml)
    if found is None:
        raise Refused("cupboard.ml_missing" if product.mg is None else "cupboard.ml_not_asked", in_field="ml")
    return found


def _sensible(units: int) -> None:
    if not 0 < units <= MOST_UNITS:
        raise Refused("cupboard.units_missing", in_field="units", most=MOST_UNITS)


def _partner(text: str) -> str:
    if not text.strip() or len(text) > PARTNER_LONGEST:
        raise Refused("cupboard.partner_missing", in_field="partner", most=PARTNER_LONGEST)
    return text.strip()
