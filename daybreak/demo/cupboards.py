"""What lies in the cupboards of the demo's sites, how did it come there, and who gave, wasted, reserved and counted it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.treatment.ledger import Kind
from daybreak.demo.staff import HARBOUR, MILL, TEAMS
from daybreak.web import ids, zones
from daybreak.web.cupboard import actions, counts, inventories, queries, stock
from daybreak.web.cupboard.models import Lot
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.people.models import Person, Site

KEEPER = "sami.haddad"
SUPPLIER = "Dawn Supply, invoice 2207"
PHARMACY = "Specialty pharmacy, parcel 118"
DEVICE, VIAL = "esketamine-device-28", "ketamine-vial-50"
# By site: product, lot number, containers, millilitres of a vial, and in how many days it expires.
LOTS = {
    HARBOUR: ((DEVICE, "23K041", 24, None, 21), (DEVICE, "24A007", 90, None, 400), (VIAL, "KT5512", 10, 10, 300)),
    MILL: ((DEVICE, "24A009", 48, None, 380),),
}
CAME, OWN, GIVEN, TAKEN = 38, 9, 6, 0  # days ago
RESERVED, RECEIVES, OUT = "H-1015", "H-1044", "H-1003"
Day = tuple[int, int, Callable[[datetime], None]]


def days(sites: Mapping[str, Site], workers: Mapping[str, Person]) -> Iterator[Day]:
    """Stock comes and is taken stock of; a dose, with what was left wasted before a witness; a device that is one patient's
    alone; a count by two yesterday evening; and what a patient of this morning has not been given yet."""
    keeper, nurse = workers[KEEPER], workers[TEAMS[HARBOUR].nurse.login]
    second = workers["rahel.okafor"]
    site = sites[HARBOUR]

    def came(at: datetime) -> None:
        for name, lots in LOTS.items():
            for product, number, units, ml, expires in lots:
                _receive(sites[name], keeper, at, product, number, units, ml=ml, expires=expires)
        inventories.take(site, opening=True, by=keeper, at=at, key=ids.new())

    def own(at: datetime) -> None:
        if (patient := _patient(site, RESERVED)) is not None:
            _receive(site, keeper, at, DEVICE, "24C118", 2, expires=350, owner=patient, partner=PHARMACY)
        if (patient := _patient(site, OUT)) is not None:
            told = {"patient": patient, "by": keeper, "at": at, "key": ids.new()}
            stock.move(_lot(site, "24A007"), Kind.RESERVED, units=2, **told)

    def given(at: datetime) -> None:
        if (patient := _patient(site, RECEIVES)) is None:
            return
        about: dict[str, Any] = {"by": nurse, "at": at}
        took = {"patient": patient, "session_id": None, **about}
        vial = actions.dispense(_lot(site, "KT5512"), mg=Decimal(35), key=ids.new(), **took)
        actions.given(vial.id, mg=Decimal(35), key=ids.new(), **about)
        actions.wasted(vial.id, text="The rest of the vial", witness=second, key=ids.new(), **about)
        sprays = actions.dispense(_lot(site, "23K041"), mg=Decimal(84), key=ids.new(), **took)
        actions.given(sprays.id, mg=Decimal(28), key=ids.new(), **about)
        actions.taken_back(sprays.id, units=1, key=ids.new(), **about)
        actions.kept_aside(sprays.id, units=1, text="It did not spray.", key=ids.new(), **about)

    def counted(at: datetime) -> None:
        for by, minutes in ((nurse, 0), (keeper, 10)):
            when = at + timedelta(minutes=minutes)
            waits = counts.open_count(site, when)
            figures = {one.lot.id: str(one.in_cupboard.units) for one in queries.on_hand(site)}
            seen = waits.count.id if waits else None
            counts.count(site, figures, seen=seen, by=by, at=when, key=ids.new())

    def taken(at: datetime) -> None:
        if (patient := _patient(site, OUT)) is not None:
            told = {"session_id": None, "by": nurse, "at": at, "key": ids.new()}
            actions.dispense(_lot(site, "24A007"), patient=patient, mg=Decimal(56), **told)

    yield CAME, 9 * 60, came
    yield OWN, 9 * 60 + 5, own
    yield GIVEN, 11 * 60, given
    yield 1, 17 * 60 + 30, counted
    yield TAKEN, 8 * 60, taken


def _receive(
    site: Site,
    by: Person,
    at: datetime,
    product: str,
    number: str,
    units: int,
    *,
    ml: int | None = None,
    expires: int,
    owner: Patient | None = None,
    partner: str = SUPPLIER,
) -> None:
    """`expires`: in how many days from the day that the demo is made on, so that it is always alive."""
    last = zones.day(at, site.zone) + timedelta(days=CAME + expires)
    volume = None if ml is None else Decimal(ml)
    told = {"expires": last, "units": units, "ml": volume, "owner": owner, "partner": partner}
    stock.receive(site, product=product, number=number, by=by, at=at, key=ids.new(), **told)


def _patient(site: Site, number: str) -> Patient | None:
    """A demo of few patients may not have this one."""
    row = Registration.objects.filter(site=site, number=number).select_related("patient").first()
    return row.patient if row else None


def _lot(site: Site, number: str) -> Lot:
    found: Lot = Lot.objects.get(site=site, number=number)
    return found
