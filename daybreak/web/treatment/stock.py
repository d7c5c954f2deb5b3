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


def follow(row: SessionEvent, told: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    """In the transaction of a dose: of what was taken, the oldest first, so much is given as can have reached the patient,
    and a device (not a share of a vial) of which nothing did is kept aside. What is left stays drawn up until somebody says
    where it went.

    Who gives without having taken enough is refused; of what happened already, and an infusion that ends has run already,
    the book can say no more than was taken.
    """
    if row.what not in USES or "mg_high" not in told:
        return
    already = row.late or row.what != What.DOSE
    left = usable(row.session_id, recalled=already)
    much = decimal(told.get("mg_high")) or Decimal(0)
    about: dict[str, Any] = {"by": by, "at": at, "happened": row.happened}
    if much == 0:
        if left and left[0].left.units and row.what == What.DOSE:
            cupboard.kept_aside(left[0].first.pk, units=1, text=told.get("why", "-"), key=ids.new(), **about)
        return
    rest = much.quantize(PLACES)
    for one in left:
        part = min(rest, one.left.mg)
        if part > 0:
            cupboard.given(one.first.pk, mg=part, key=ids.new(), **about)
        rest -= part
    if rest > 0 and not already:
        raise Conflict("treatment.not_taken", mg=f"{rest.normalize():f}")
