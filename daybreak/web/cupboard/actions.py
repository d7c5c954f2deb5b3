"""How does something leave the cupboard for a session, and what becomes of it: given, wasted, brought back, kept aside?

Each action locks the site, whose book is one chain, then permission, known key, state, write, audit. A session calls them
within its own transaction, after it locked itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.ledger import NOTHING, TAKES, Amount, Kind, Place, containers, used
from daybreak.web.cupboard import book, losses, watching
from daybreak.web.cupboard.book import Moved
from daybreak.web.cupboard.models import Entry, Lot
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Refused

LONGEST = 1000


@transaction.atomic
def dispense(
    lot: Lot,
    *,
    patient: Patient,
    session_id: UUID | None,
    mg: Decimal,
    by: Person,
    at: datetime,
    key: UUID,
    happened: datetime | None = None,
    reported: bool = False,
    text: str = "",
    judged: Callable[[], None] | None = None,
) -> Entry:
    """Draw it up from a vial of the lot that is open, if there is as much in it; else take as many unopened containers as the
    dose needs, what was reserved for the patient first. The answer's `take` is what the other actions ask for. `reported`: it
    was taken already, so an expired or recalled lot is a deviation. `text`: why more is taken than was ordered; `judged`
    refuses what the session it is for does not allow."""

    def write(site: Site) -> Entry:
        if judged is not None:
            judged()
        if not patient.registrations.filter(site=site).exists():
            raise Refused("cupboard.not_registered")
        if not mg.is_finite() or mg <= 0:
            raise Refused("cupboard.nothing", in_field="mg")
        account, now = book.account(lot), book.balance(lot)
        told = {"session_id": session_id, "happened": happened, "reported": reported, "text": text}
        if now.open.mg >= mg:
            share = Moved(Kind.DRAWN_UP, Place.OPEN, used(mg, account, now.open), mg, patient=patient)
            return book.write(lot, share, site=site, by=by, at=at, **told)
        units = containers(mg, account)
        source = Place.FREE
        if now.at(Place.RESERVED, patient=str(patient.pk)).units >= units:
            source = Place.RESERVED
        elif reported and now.free.units < units <= now.quarantined.units:
            source = Place.QUARANTINED
        moved = Moved(Kind.DISPENSED, source, units, units * lot.unit_mg, patient=patient)
        return book.write(lot, moved, site=site, by=by, at=at, **told)

    content = {"lot": lot.id, "patient": patient.id, "session": session_id, "mg": _text(mg), "reported": reported}
    content |= {"text": text} if text else {}
    return once("stock_dispensed", lot.site_id, content, write, by=by, at=at, key=key)


def given(
    take: UUID, *, mg: Decimal, text: str = "", by: Person, at: datetime, key: UUID, happened: datetime | None = None
) -> Entry:
    """So much of it was given; `text`: as which device, with its serial number. Of a lot that was recalled meanwhile that is a
    deviation, and written down all the same."""
    return _used(take, Kind.GIVEN, mg, by=by, at=at, key=key, happened=happened, text=text, reported=True)


def wasted(
    take: UUID,
    *,
    mg: Decimal | None = None,
    text: str = "",
    witness: Person | None = None,
    alone: str = "",
    by: Person,
    at: datetime,
    key: UUID,
    happened: datetime | None = None,
) -> Entry:
    """So much of it was wasted, or (None) all that was left. `witness`: who saw it, and proved to be there; `alone`: why
    there was nobody, where the site asks for one; that is looked at afterwards."""
    told = {"text": text.strip(), "witness": witness, "alone": alone.strip()}
    return _used(take, Kind.WASTED, mg, by=by, at=at, key=key, happened=happened, **told)


def missing(take: UUID, *, mg: Decimal | None = None, text: str, by: Person, at: datetime, key: UUID) -> Entry:
    """So much of it, or (None) all that was left, is nowhere. It is a loss like any other, with both its clocks."""
    return _used(take, Kind.LOST, mg, by=by, at=at, key=key, text=needed(text))


def taken_back(
    take: UUID, *, units: int, by: Person, at: datetime, key: UUID, happened: datetime | None = None
) -> Entry:
    """So many containers of it are back in the cupboard, unopened. Those of a recalled lot are in quarantine at once."""

    def write(lot: Lot, now: Amount, first: Entry, site: Site) -> Entry:
        about: dict[str, Any] = {"site": site, "by": by, "at": at, "happened": happened}
        moved = Moved(Kind.RETURNED, Place.DRAWN, units, units * lot.unit_mg, take, first.patient)
        row = book.write(lot, moved, session_id=first.session_id, **about)
        if book.account(lot).recalled:
            again = Moved(Kind.QUARANTINED, Place.FREE, units, units * lot.unit_mg)
            book.write(lot, again, text=row.text, **about)
        return row

    return _of_take(take, Kind.RETURNED, {"units": units}, write, by=by, at=at, key=key)


def kept_aside(
    take: UUID, *, units: int, text: str, by: Person, at: datetime, key: UUID, happened: datetime | None = None
) -> Entry:
    """A device that failed, or a vial that must not be used, is kept in quarantine with what is in it."""

    def write(lot: Lot, now: Amount, first: Entry, site: Site) -> Entry:
        mg = now.mg if units == now.units else units * lot.unit_mg
        moved = Moved(Kind.QUARANTINED, Place.DRAWN, units, mg, take, first.patient)
        about: dict[str, Any] = {"site": site, "by": by, "at": at, "happened": happened}
        return book.write(lot, moved, text=needed(text), session_id=first.session_id, **about)

    return _of_take(take, Kind.QUARANTINED, {"units": units, "text": text}, write, by=by, at=at, key=key)


def _used(take: UUID, kind: Kind, mg: Decimal | None, *, by: Person, at: datetime, key: UUID, **told: Any) -> Entry:
    def write(lot: Lot, now: Amount, first: Entry, site: Site) -> Entry:
        much = now.mg if mg is None else mg
        if not much.is_finite():
            raise Refused("cupboard.nothing", in_field="mg")
        if kind is Kind.WASTED:
            watching.demand(site, kind, witness=told["witness"], alone=told["alone"], by=by, at=at)
        moved = Moved(kind, Place.DRAWN, used(much, book.account(lot), now), much, take, first.patient)
        row = book.write(lot, moved, site=site, by=by, at=at, session_id=first.session_id, **told)
        watching.look_at(row, at=at)
        if kind is Kind.LOST:
            losses.tell(row, at=at)
        return row

    content = {"mg": None if mg is None else _text(mg), **_ids(told)}
    return _of_take(take, kind, content, write, by=by, at=at, key=key)


@transaction.atomic
def _of_take(
    take: UUID,
    kind: Kind,
    content: dict[str, Any],
    write: Callable[[Lot, Amount, Entry, Site], Entry],
    *,
    by: Person,
    at: datetime,
    key: UUID,
) -> Entry:
    first = Entry.objects.filter(pk=take, kind__in=TAKES).select_related("lot", "patient").first()
    if first is None:
        raise Refused("cupboard.no_take")

    def written(site: Site) -> Entry:
        return write(first.lot, book.balance(first.lot).drawn.get(str(take), NOTHING), first, site)

    about: dict[str, Any] = {"by": by, "at": at, "key": key}
    return once(f"stock_{kind}", first.site_id, {"take": take, **content}, written, **about)


def once(
    action: str,
    site_id: UUID,
    content: dict[str, Any],
    write: Callable[[Site], Entry],
    *,
    permission: Permission = Permission.USE_CUPBOARD,
    by: Person,
    at: datetime,
    key: UUID,
) -> Entry:
    """Lock, permission, known key, write, remember: what every operation has around it. Within a transaction."""
    site = locked(Site, pk=site_id)
    require(by, permission, at=at, site_id=site.id)
    content = {"by": by.id, **content}
    if earlier := keys.known(key, action=action, content=content):
        return Entry.objects.get(pk=earlier)
    row = write(site)
    keys.remember(key, action=action, content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def needed(text: str) -> str:
    """What has to be said of it. Refused when nothing is."""
    if not text.strip() or len(text) > LONGEST:
        raise Refused("cupboard.why_missing", in_field="text", most=LONGEST)
    return text.strip()


def _text(mg: Decimal) -> str:
    return f"{mg.normalize():f}" if mg.is_finite() else str(mg)


def _ids(told: dict[str, Any]) -> dict[str, Any]:
    """What the key is held against: a time of what happened is counted back from now and may differ by seconds."""
    return {
        name: value.pk if isinstance(value, Person) else value for name, value in told.items() if name != "happened"
    }
