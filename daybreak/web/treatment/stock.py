"""What is taken from the cupboard for a session, and what does its book say when a dose was given?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.events import Phase, What, decimal
from daybreak.clinical.treatment.ledger import TAKES, Kind
from daybreak.clinical.treatment.session import State
from daybreak.clinical.treatment.units import written
from daybreak.knowledge.cupboard import products
from daybreak.web import ids
from daybreak.web.courses.apart import product
from daybreak.web.cupboard import actions as cupboard
from daybreak.web.cupboard import barcode
from daybreak.web.cupboard import queries as taken
from daybreak.web.cupboard.actions import needed
from daybreak.web.cupboard.book import PLACES, account
from daybreak.web.cupboard.models import Entry, Lot
from daybreak.web.cupboard.queries import Taken
from daybreak.web.locks import locked
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import queries, signed
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.saying import NotNow
from daybreak.web.treatment.signed import Order

# What says how much of a take reached the patient.
USES = frozenset({What.DOSE, What.INFUSION_ENDED, What.STOPPED})

# From where a dose came stays what it was when its amount is corrected.
KEPT = ("from", "lot", "serial")


@transaction.atomic
def take(session: Session, lot: Lot, *, mg: Decimal, why: str = "", by: Person, at: datetime, key: UUID) -> Entry:
    """Take so much of a lot of the session's site for it, before or while it is given, and no more than was ordered. `why`: a
    prescriber takes instead of what failed or is gone, as much as there is still to be given."""
    session = locked(Session, pk=session.pk)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    if lot.site_id != session.site_id:
        raise Refused("treatment.lot_elsewhere", in_field="lot")
    if not fits(session, lot):
        raise Refused("treatment.lot_other_drug", in_field="lot")

    def judged() -> None:
        state = queries.now(session).state
        if state.phase not in (Phase.ARRIVED, Phase.CLEARED, Phase.DOSING):
            raise Conflict("treatment.no_dose_now")
        order = signed.order(session, at=at)
        if order is None:
            raise NotNow((Reason("session.no-order"),))
        _within(session, order, state, mg=mg, why=why, by=by, at=at)

    about: dict[str, Any] = {"session_id": session.pk, "by": by, "at": at, "key": key}
    return cupboard.dispense(
        lot, patient=session.patient, mg=mg, text=needed(why) if why else "", judged=judged, **about
    )


@dataclass(frozen=True, slots=True)
class Room:
    """How much was ordered, how much was taken for it and not brought back unopened, and how much may be taken still: by
    anybody who runs the session (`free_mg`), and by a prescriber who writes why (`missing_mg`)."""

    ordered_mg: Decimal
    taken_mg: Decimal
    missing_mg: Decimal

    @property
    def free_mg(self) -> Decimal:
        return min(max(self.ordered_mg - self.taken_mg, Decimal(0)), self.missing_mg)


def room(session_id: UUID, order: Order, state: State) -> Room:
    """What is at hand is enough for the doses that are still to be given, or something of them is missing. A dose that failed
    was one of them: instead of it a prescriber orders another."""
    ordered = order.mg * order.doses
    rows = Entry.objects.filter(session_id=session_id, kind__in=(*TAKES, Kind.RETURNED)).values_list("kind", "mg")
    netto = sum((mg if kind in TAKES else -mg for kind, mg in rows), Decimal(0))
    left = sum((one.left.mg for one in usable(session_id)), Decimal(0))
    return Room(ordered, netto, max(order.mg * (order.doses - len(state.exposures)) - left, Decimal(0)))


def _within(session: Session, order: Order, state: State, *, mg: Decimal, why: str, by: Person, at: datetime) -> None:
    now = room(session.pk, order, state)
    if not mg.is_finite() or mg <= now.free_mg:
        return  # what is no amount the cupboard refuses
    if why and mg <= now.missing_mg:
        require(by, Permission.DECIDE_DOSE, at=at, site_id=session.site_id)
        return
    told = {"ordered": written(now.ordered_mg), "taken": written(now.taken_mg), "free": written(now.free_mg)}
    raise Conflict("treatment.more_than_ordered", in_field="mg", **told)


def fits(session: Session, lot: Lot) -> bool:
    """Is in it what the protocol of the session gives?"""
    return products()[lot.product].drug == product(session.protocol)


def usable(session_id: UUID, *, recalled: bool = False) -> list[Taken]:
    """What was taken for the session and is not used up, the oldest first; what was `recalled` meanwhile only where it has
    been given already."""
    left = [one for one in taken.of_session(session_id) if one.left.mg > 0]
    return [one for one in left if recalled or not account(one.first.lot).recalled]


def enough(session_id: UUID, mg: Decimal) -> bool:
    """Is so much of what was taken left, and anything at all?"""
    left = sum(one.left.mg for one in usable(session_id))
    return left > 0 and left >= mg


@dataclass(frozen=True, slots=True)
class Used:
    """What comes of a dose for the cupboard: how much of which take, and how much that was never taken (`short_mg`)."""

    parts: tuple[tuple[Taken, Decimal], ...] = ()
    short_mg: Decimal = Decimal(0)


def used(session: Session, what: What, told: Mapping[str, Any], *, late: bool) -> tuple[dict[str, Any], Used | None]:
    """What is told of a dose, with the lots that it comes from, and what that is for the cupboard; None: nothing is used.

    The lot that is named (typed, or scanned with the device's serial number) comes first, then the oldest take. A lot of which
    nothing was taken is refused; of what happened already the cupboard knows no more than what was taken.
    """
    if what not in USES or "mg_high" not in told:
        return dict(told), None
    already = late or what is not What.DOSE
    left = usable(session.pk, recalled=already)
    kept = dict(told) | _scanned(told)
    if named := kept.get("lot"):
        mine = [one for one in left if one.first.lot.number == named]
        if not mine and not already:
            there = ", ".join(dict.fromkeys(one.first.lot.number for one in left)) or "–"
            raise Refused("treatment.lot_not_taken", in_field="lot", typed=named, taken=there)
        left = mine + [one for one in left if one not in mine]
    rest = (decimal(told.get("mg_high")) or Decimal(0)).quantize(PLACES)
    parts = [(left[0], rest)] if left and not rest else []
    for one in left:
        if (part := min(rest, one.left.mg)) > 0:
            parts.append((one, part))
            rest -= part
    if parts:
        kept["from"] = [{"lot": one.first.lot.number, "mg": written(mg)} for one, mg in parts]
    return kept, Used(tuple(parts), Decimal(0) if already else rest)


def _scanned(told: Mapping[str, Any]) -> dict[str, str]:
    """The lot as the cupboard writes it, and the serial number when the code of the package has it."""
    if not told.get("lot"):
        return {}
    found = barcode.read(str(told["lot"]))
    return {"lot": " ".join(found.number.split()).upper()} | ({"serial": found.serial} if found.serial else {})


def follow(row: SessionEvent, told: Mapping[str, Any], used: Used | None, *, by: Person, at: datetime) -> None:
    """In the transaction of a dose: so much is given of each take as can have reached the patient, and a device (not a share of
    a vial) of which nothing did is kept aside. What is left stays drawn up until somebody says where it went. Who gives without
    having taken enough is refused."""
    if used is None:
        return
    about: dict[str, Any] = {"by": by, "at": at, "happened": row.happened}
    for one, mg in used.parts:
        if mg:
            cupboard.given(one.first.pk, mg=mg, text=_device(told), key=ids.new(), **about)
        elif one.left.units and row.what == What.DOSE:
            text = " · ".join(part for part in (str(told.get("why", "-")), _device(told)) if part)
            cupboard.kept_aside(one.first.pk, units=1, text=text, key=ids.new(), **about)
    if used.short_mg > 0:
        raise Conflict("treatment.not_taken", mg=written(used.short_mg))


def _device(told: Mapping[str, Any]) -> str:
    """Which of the order's doses it was, and its serial number where the package has one."""
    n = f"{told['n']}/{told['of']}" if told.get("n") and told.get("of") else ""
    return " · ".join(part for part in (n, f"SN {told['serial']}" if told.get("serial") else "") if part)
