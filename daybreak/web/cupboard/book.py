"""How does an entry get into the book of a site: judged by the ledger, linked to the one before it, and never changed?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from daybreak.clinical.treatment import ledger
from daybreak.clinical.treatment.ledger import RULES, TAKES, Account, Balance, Kind, Place, Why
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.cupboard.models import Entry, Lot, Recall
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.refusals import Conflict, Refused

SENTENCES = {
    Why.NOTHING: "cupboard.nothing",
    Why.WRONG_PLACE: "cupboard.wrong_place",
    Why.NO_TAKE: "cupboard.no_take",
    Why.NOT_THERE: "cupboard.not_there",
    Why.NOT_WHOLE: "cupboard.not_whole",
    Why.NO_PATIENT: "cupboard.no_patient",
    Why.NOT_THEIRS: "cupboard.not_theirs",
    Why.QUARANTINED: "cupboard.is_quarantined",
    Why.OPENED: "cupboard.is_opened",
    Why.EXPIRED: "cupboard.is_expired",
    Why.RECALLED: "cupboard.is_recalled",
}
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Moved:
    """What an operation is about, as the ledger asks for it and as the book keeps it."""

    kind: Kind
    source: Place
    units: int
    mg: Decimal
    take: UUID | None = None
    patient: Patient | None = None


def account(lot: Lot) -> Account:
    """The lot as the ledger knows it."""
    recalled = Recall.objects.filter(site=lot.site_id, product=lot.product, number=lot.number).exists()
    return Account(lot.unit_mg, lot.expires, str(lot.owner_id or ""), recalled)


def balance(lot: Lot) -> Balance:
    """Where everything of the lot is."""
    return folded(Entry.objects.filter(lot=lot).order_by("seq"))


def folded(rows: Iterable[Entry]) -> Balance:
    """The same of entries that were read already, in their order."""
    return ledger.balance(as_read(one) for one in rows)


def as_read(row: Entry) -> ledger.Entry:
    """A row as the ledger knows it."""
    take, patient = str(row.take or ""), str(row.patient_id or "")
    return ledger.Entry(Kind(row.kind), Place(row.source), row.mg, row.units, take, patient)


def write(
    lot: Lot,
    moved: Moved,
    *,
    site: Site,
    by: Person,
    at: datetime,
    happened: datetime | None = None,
    reported: bool = False,
    **told: Any,
) -> Entry:
    """The next entry of the site's book, whose row the caller has locked. Refused with the first reason why not.

    `reported`: it happened already. What the rules forbid is then written down as a deviation; what cannot be is refused.
    """
    now, id = balance(lot), ids.new()
    take = moved.take or (id if moved.kind in TAKES else None)
    entry = ledger.Entry(
        moved.kind, moved.source, moved.mg, moved.units, str(take or ""), str(moved.patient.pk if moved.patient else "")
    )
    if moved.mg.is_finite() and moved.mg != moved.mg.quantize(PLACES):
        raise Refused("cupboard.too_fine", in_field="mg")
    why = ledger.allowed(account(lot), now, entry, today=zones.day(at, site.zone))
    against = [one for one in why if not (reported and one in RULES)]
    if against:
        raise Conflict(SENTENCES[against[0]])
    left = ledger.after(now, entry).on_hand
    last = Entry.objects.filter(site=site).order_by("-seq").values_list("seq", "digest").first() or (0, "")
    row = Entry(
        id=id,
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        seq=last[0] + 1,
        lot=lot,
        kind=moved.kind.value,
        source=moved.source.value,
        units=moved.units,
        mg=moved.mg,
        left_units=left.units,
        left_mg=left.mg,
        take=take,
        patient=moved.patient,
        deviation=" ".join(why),
        happened=happened or at,
        by=by,
        before=last[1],
        **told,
    )
    row.digest = digest(row)
    row.save(force_insert=True)
    subject = row.patient_id or lot.owner_id
    trail.wrote(row, action=f"stock_{row.kind}", who=by.id, at=at, subject=subject, site=site.id)
    return row


def digest(row: Entry) -> str:
    """The digest of everything that the entry says, of its lot, and of the digest before it. Canonical: one text for one fact."""
    said = {field.attname: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}
    del said["digest"]
    lot = {field.attname: _plain(getattr(row.lot, field.attname)) for field in row.lot._meta.concrete_fields}
    text = json.dumps({"entry": said, "lot": lot}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Both databases give back the same: an amount with four places, a moment in UTC with its microseconds."""
    if isinstance(value, Decimal):
        return f"{value:.4f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, str | int) else str(value)
