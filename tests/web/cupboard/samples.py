"""Which lot, and what was taken of it, stands behind the sample addresses of the tests that walk through every page?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from daybreak.web import ids
from daybreak.web.cupboard import book, recalls, stock
from daybreak.web.cupboard.models import Entry, Lot
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from tests.web.conftest import NOW

LOT = UUID("0193f000-0000-7000-8000-000000000021")
TAKE = UUID("0193f000-0000-7000-8000-000000000022")
MG = Decimal(28)


def make(patient: Patient, site: Site, by: Person) -> Lot:
    """A lot of the clinic of which one device was given and one was taken; and one of the patient's own that was recalled."""
    common = {"organisation_id": site.organisation_id, "created": NOW, "site": site, "by": by}
    expires = date(2040, 1, 31)
    about = {"product": "esketamine-device-28", "expires": expires}
    lot = Lot.objects.create(id=LOT, number="A17", unit_mg=MG, **about, **common)
    told = {"by": by, "at": datetime.now(UTC)}  # by then whoever does it holds their role
    stock.receive(site, number="A17", units=9, partner="Dawn Supply", key=ids.new(), **about, **told)
    _entry(lot, TAKE, 2, kind="dispensed", source="free", units=2, patient=patient, left=9)
    _entry(lot, ids.new(), 3, kind="given", source="drawn", units=1, patient=patient, left=8)
    theirs = stock.receive(
        site, number="B2", units=1, partner="Dawn Supply", owner=patient, key=ids.new(), **about, **told
    )
    recalls.recall(theirs.lot, text="Letter of the maker", key=ids.new(), **told)
    return lot


def _entry(lot: Lot, id: UUID, seq: int, *, left: int, **told: object) -> None:
    last = Entry.objects.get(site=lot.site, seq=seq - 1)
    row = Entry(
        id=id,
        organisation_id=lot.organisation_id,
        created=NOW,
        site=lot.site,
        seq=seq,
        lot=lot,
        mg=MG * told["units"],
        take=TAKE,
        left_units=left,
        left_mg=MG * left,
        happened=NOW,
        by=lot.by,
        before=last.digest,
        **told,
    )
    row.digest = book.digest(row)
    row.save(force_insert=True)
