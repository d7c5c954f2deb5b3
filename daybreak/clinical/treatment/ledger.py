"""Where is every milligram and every container of one account of the cupboard, and may it go where somebody wants it to?

An account is one lot of one owner (the clinic, or the one patient for whom it was sent) in containers of one strength. Whole
containers lie in stock, are reserved for a patient, are quarantined, or were taken for a session (one *take*). A vial may be
opened for several patients: then each take is what was drawn up from it, and the vial itself counts where its last milligram
went. What leaves is given, wasted, returned to the supplier, destroyed, transferred or lost. The law, in milligrams and in
containers:

    received + found
        = free + reserved + open + quarantined + drawn up + given + wasted + returned + destroyed + transferred + lost
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeVar


class Kind(StrEnum):
    """What was done."""

    RECEIVED = "received"
    FOUND = "found"
    RESERVED = "reserved"
    UNRESERVED = "unreserved"
    QUARANTINED = "quarantined"
    RELEASED = "released"
    DISPENSED = "dispensed"  # taken for a session, drawn up
    OPENED = "opened"  # for more than one patient
    DRAWN_UP = "drawn_up"  # for a session, from what is open
    RETURNED = "returned"  # from a session to the stock, unopened
    GIVEN = "given"
    WASTED = "wasted"
    RETURNED_OUT = "returned_out"  # to the supplier
    DESTROYED = "destroyed"
    TRANSFERRED = "transferred"
    LOST = "lost"


class Place(StrEnum):
    """Where something lies that is on hand. Nothing comes from `OUTSIDE` but what is received or found."""

    OUTSIDE = "outside"
    FREE = "free"
    RESERVED = "reserved"
    OPEN = "open"
    QUARANTINED = "quarantined"
    DRAWN = "drawn"


class Why(StrEnum):
    """Why an operation is not possible, or (the last ones) why it is against the rules although it can have happened."""

    NOTHING = "nothing"
    WRONG_PLACE = "wrong_place"
    NO_TAKE = "no_take"
    NOT_THERE = "not_there"
    NOT_WHOLE = "not_whole"
    NO_PATIENT = "no_patient"
    NOT_THEIRS = "not_theirs"
    QUARANTINED = "quarantined"
    OPENED = "opened"
    EXPIRED = "expired"
    RECALLED = "recalled"


# From where each may come, and where it goes; None: out of the cupboard.
_FROM: Mapping[Kind, tuple[Place, ...]] = MappingProxyType(
    {
        Kind.RECEIVED: (Place.OUTSIDE,),
        Kind.FOUND: (Place.OUTSIDE,),
        Kind.RESERVED: (Place.FREE,),
        Kind.UNRESERVED: (Place.RESERVED,),
        Kind.QUARANTINED: (Place.FREE, Place.RESERVED, Place.OPEN, Place.DRAWN),
        Kind.RELEASED: (Place.QUARANTINED,),
        Kind.DISPENSED: (Place.FREE, Place.RESERVED, Place.QUARANTINED),
        Kind.OPENED: (Place.FREE,),
        Kind.DRAWN_UP: (Place.OPEN,),
        Kind.RETURNED: (Place.DRAWN,),
        Kind.GIVEN: (Place.DRAWN,),
        Kind.WASTED: (Place.DRAWN, Place.FREE, Place.OPEN, Place.QUARANTINED),
        Kind.RETURNED_OUT: (Place.FREE, Place.QUARANTINED),
        Kind.DESTROYED: (Place.FREE, Place.QUARANTINED),
        Kind.TRANSFERRED: (Place.FREE,),
        Kind.LOST: (Place.FREE, Place.RESERVED, Place.OPEN, Place.QUARANTINED, Place.DRAWN),
    }
)
_TO: Mapping[Kind, Place] = MappingProxyType(
    {
        Kind.RECEIVED: Place.FREE,
        Kind.FOUND: Place.FREE,
        Kind.RESERVED: Place.RESERVED,
        Kind.UNRESERVED: Place.FREE,
        Kind.QUARANTINED: Place.QUARANTINED,
        Kind.RELEASED: Place.FREE,
        Kind.DISPENSED: Place.DRAWN,
        Kind.OPENED: Place.OPEN,
        Kind.DRAWN_UP: Place.DRAWN,
        Kind.RETURNED: Place.FREE,
    }
)
OUT = tuple(kind for kind in Kind if kind not in _TO)
IN = (Kind.RECEIVED, Kind.FOUND)
# What is used up by the milligram; of everything else whole containers move, and of these unopened ones but for what leaves.
TAKES = (Kind.DISPENSED, Kind.DRAWN_UP)
_USED = (Kind.GIVEN, Kind.WASTED, Kind.LOST, Kind.DRAWN_UP)
_UNOPENED = (*IN, Kind.RESERVED, Kind.UNRESERVED, Kind.RELEASED, Kind.DISPENSED, Kind.OPENED, Kind.RETURNED)
_OPENED_FIRST = (Kind.WASTED, Kind.RETURNED_OUT, Kind.DESTROYED)  # what alone an opened one can come to
_FOR_SOMEBODY = (Kind.RESERVED, *TAKES, Kind.GIVEN)
_IN_USE = (Place.OPEN, Place.DRAWN)
RULES = (Why.QUARANTINED, Why.EXPIRED, Why.RECALLED)


class Amount(NamedTuple):
    """So many containers with so many milligrams in them. One that is opened counts until its last milligram is gone."""

    units: int
    mg: Decimal

    def plus(self, other: Amount) -> Amount:
        return Amount(self.units + other.units, self.mg + other.mg)

    def less(self, other: Amount) -> Amount:
        return Amount(self.units - other.units, self.mg - other.mg)


NOTHING = Amount(0, Decimal(0))


@dataclass(frozen=True, slots=True)
class Account:
    """One lot of one owner. `owner`: the patient whose it is, "" the clinic's. `expires`: the last day on which it may be
    used. `unit_mg`: how much is in an unopened container."""

    unit_mg: Decimal
    expires: date
    owner: str = ""
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done. `take`: what was taken for one session, by any name that is its own; `patient`: for whom it is
    reserved, was taken, or got it."""

    kind: Kind
    source: Place
    mg: Decimal
    units: int
    take: str = ""
    patient: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """Where everything is. `reserved` by patient, `drawn` by take; `whose`: for which patient what is drawn up was taken;
    `shares`: which takes were drawn up from an open vial; `opened`: so many of the containers in quarantine were in use, and
    go nowhere but out."""

    free: Amount = NOTHING
    open: Amount = NOTHING
    quarantined: Amount = NOTHING
    reserved: Mapping[str, Amount] = field(default_factory=dict)
    drawn: Mapping[str, Amount] = field(default_factory=dict)
    whose: Mapping[str, str] = field(default_factory=dict)
    shares: frozenset[str] = frozenset()
    gone: Mapping[Kind, Amount] = field(default_factory=dict)
    came: Mapping[Kind, Amount] = field(default_factory=dict)
    opened: int = 0

    @property
    def on_hand(self) -> Amount:
        return _sum((self.free, self.open, self.quarantined, *self.reserved.values(), *self.drawn.values()))

    @property
    def held(self) -> bool:
        """Does the law hold, in milligrams and in containers?"""
        return _sum(self.came.values()) == self.on_hand.plus(_sum(self.gone.values()))

    def at(self, place: Place, *, take: str = "", patient: str = "") -> Amount:
        """What lies there; of what is reserved and of what was taken the part that is asked for."""
        if place is Place.RESERVED:
            return self.reserved.get(patient, NOTHING)
        if place is Place.DRAWN:
            return self.drawn.get(take, NOTHING)
        if place is Place.OPEN:
            return self.open
        return self.quarantined if place is Place.QUARANTINED else self.free


def whole(units: int, account: Account) -> Amount:
    """So many unopened containers."""
    return Amount(units, units * account.unit_mg)


def containers(mg: Decimal, account: Account) -> int:
    """How few containers can hold so much."""
    full, rest = divmod(mg, account.unit_mg)
    return int(full) + (rest > 0)


def used(mg: Decimal, account: Account, drawn: Amount) -> int:
    """How many containers are emptied when so much of what is drawn up, or open, is used: one is opened when the other is
    empty. With a share of a vial goes the vial only when it was its last."""
    return max(drawn.units - containers(drawn.mg - mg, account), 0)


def allowed(account: Account, balance: Balance, entry: Entry, *, today: date) -> tuple[Why, ...]:
    """Every reason why not; none: it may be done. What is in `RULES` can have happened all the same and is then recorded."""
    return (*_impossible(account, balance, entry), *_forbidden(account, entry, today))


def _impossible(account: Account, balance: Balance, entry: Entry) -> Iterator[Why]:
    if not entry.mg.is_finite() or entry.mg <= 0 or entry.units < 0:
        yield Why.NOTHING
        return
    if entry.source not in _FROM[entry.kind]:
        yield Why.WRONG_PLACE
        return
    if entry.kind in _FOR_SOMEBODY and not entry.patient:
        yield Why.NO_PATIENT
    if _for_another(account, balance, entry):
        yield Why.NOT_THEIRS
    if Place.DRAWN in (entry.source, _TO.get(entry.kind)) and not entry.take:
        yield Why.NO_TAKE
    if why := _amiss(account, balance, entry):
        yield why


def _for_another(account: Account, balance: Balance, entry: Entry) -> bool:
    """Would it come to a patient whose it is not, or to another one than it was taken for?"""
    if not entry.patient:
        return False
    if account.owner not in ("", entry.patient):
        return True
    return balance.whose.get(entry.take, entry.patient) != entry.patient


def _amiss(account: Account, balance: Balance, entry: Entry) -> Why | None:
    """Is it not there, or does it fit no number of containers?"""
    moved = Amount(entry.units, entry.mg)
    if entry.kind in _UNOPENED and moved != whole(entry.units, account):
        return Why.NOT_WHOLE
    if entry.source is Place.OUTSIDE:
        return None
    there = balance.at(entry.source, take=entry.take, patient=entry.patient)
    left = there.less(moved)
    if left.units < 0 or left.mg < 0:
        return Why.NOT_THERE
    if entry.kind is Kind.RETURNED and entry.take in balance.shares:
        return Why.NOT_WHOLE
    if entry.kind is Kind.RELEASED and left.units < balance.opened:
        return Why.OPENED
    if entry.source in _IN_USE and entry.kind in _USED:
        return None if entry.units == used(entry.mg, account, there) else Why.NOT_WHOLE
    sealed = entry.source in (Place.FREE, Place.RESERVED)
    fits = moved == whole(entry.units, account) if sealed else _fits(moved, account)
    return None if fits and (_fits(left, account) or left == NOTHING) else Why.NOT_WHOLE


def _fits(amount: Amount, account: Account) -> bool:
    """Can so much be in so many containers, none of them empty?"""
    return amount.mg > 0 and containers(amount.mg, account) <= amount.units


def _forbidden(account: Account, entry: Entry, today: date) -> Iterator[Why]:
    if entry.kind is Kind.DISPENSED and entry.source is Place.QUARANTINED:
        yield Why.QUARANTINED
    if entry.kind in (*TAKES, Kind.OPENED, Kind.RESERVED) and account.expires < today:
        yield Why.EXPIRED
    if entry.kind in (*TAKES, Kind.OPENED, Kind.RESERVED, Kind.RELEASED, Kind.GIVEN) and account.recalled:
        yield Why.RECALLED


def after(balance: Balance, entry: Entry) -> Balance:
    """The balance with one more entry. It judges nothing: ask `allowed` before."""
    moved = Amount(entry.units, entry.mg)
    balance = _taken(balance, entry, moved)
    to = _TO.get(entry.kind)
    if to is Place.RESERVED:
        return replace(balance, reserved=_more(balance.reserved, entry.patient, moved))
    if to is Place.DRAWN:
        whose = {**balance.whose, entry.take: entry.patient}
        shares = balance.shares | {entry.take} if entry.kind is Kind.DRAWN_UP else balance.shares
        return replace(balance, drawn=_more(balance.drawn, entry.take, moved), whose=whose, shares=shares)
    if to is Place.OPEN:
        return replace(balance, open=balance.open.plus(moved))
    if to is Place.QUARANTINED:
        opened = balance.opened + (entry.units if entry.source in _IN_USE else 0)
        return replace(balance, quarantined=balance.quarantined.plus(moved), opened=opened)
    if to is Place.FREE:
        return replace(balance, free=balance.free.plus(moved))
    return replace(balance, gone=_more(balance.gone, entry.kind, moved))


def balance(entries: Iterable[Entry]) -> Balance:
    """Where everything is after these entries of one account, in their order."""
    found = Balance()
    for entry in entries:
        found = after(found, entry)
    return found


def _taken(balance: Balance, entry: Entry, moved: Amount) -> Balance:
    if entry.source is Place.OUTSIDE:
        return replace(balance, came=_more(balance.came, entry.kind, moved))
    if entry.source is Place.RESERVED:
        return replace(balance, reserved=_less(balance.reserved, entry.patient, moved))
    if entry.source is Place.DRAWN:
        drawn = _less(balance.drawn, entry.take, moved)
        whose = {take: balance.whose[take] for take in drawn}
        return replace(balance, drawn=drawn, whose=whose, shares=balance.shares & drawn.keys())
    if entry.source is Place.OPEN:
        return replace(balance, open=balance.open.less(moved))
    if entry.source is Place.QUARANTINED:
        left = balance.quarantined.less(moved)
        gone = entry.units if entry.kind in _OPENED_FIRST else 0
        return replace(balance, quarantined=left, opened=min(max(balance.opened - gone, 0), left.units))
    return replace(balance, free=balance.free.less(moved))


Key = TypeVar("Key", bound=str)


def _more(held: Mapping[Key, Amount], key: Key, moved: Amount) -> Mapping[Key, Amount]:
    return {**held, key: held.get(key, NOTHING).plus(moved)}


def _less(held: Mapping[Key, Amount], key: Key, moved: Amount) -> Mapping[Key, Amount]:
    """What is used up stands there no longer."""
    left = held.get(key, NOTHING).less(moved)
    return {**{one: amount for one, amount in held.items() if one != key}, **({} if left == NOTHING else {key: left})}


def _sum(amounts: Iterable[Amount]) -> Amount:
    total = NOTHING
    for one in amounts:
        total = total.plus(one)
    return total
