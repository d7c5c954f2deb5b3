"""Does the law of the cupboard hold after every operation, and is what would break it refused?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from daybreak.clinical.treatment.ledger import (
    IN,
    NOTHING,
    RULES,
    Account,
    Amount,
    Balance,
    Entry,
    Kind,
    Place,
    Why,
    after,
    allowed,
    balance,
    containers,
    used,
    whole,
)

TODAY = date(2026, 11, 24)
DEVICES = Account(Decimal(28), TODAY)
VIALS = Account(Decimal(500), TODAY)


def of(account: Account, kind: Kind, source: Place, units: int, mg: str = "", **more: str) -> Entry:
    return Entry(kind, source, Decimal(mg) if mg else whole(units, account).mg, units, **more)


def stock(account: Account, units: int = 4) -> Balance:
    return balance([of(account, Kind.RECEIVED, Place.OUTSIDE, units)])


def taken(account: Account, units: int = 2) -> Balance:
    return after(stock(account), of(account, Kind.DISPENSED, Place.FREE, units, take="t", patient="ann"))


def no(account: Account, now: Balance, entry: Entry) -> tuple[Why, ...]:
    return allowed(account, now, entry, today=TODAY)


def test_a_dose_of_two_devices_one_of_which_is_given_and_one_comes_back() -> None:
    now = taken(DEVICES)
    for entry in (
        of(DEVICES, Kind.GIVEN, Place.DRAWN, 1, take="t", patient="ann"),
        of(DEVICES, Kind.RETURNED, Place.DRAWN, 1, take="t", patient="ann"),
    ):
        assert no(DEVICES, now, entry) == ()
        now = after(now, entry)
    assert (now.free, now.gone, now.drawn) == (Amount(3, Decimal(84)), {Kind.GIVEN: Amount(1, Decimal(28))}, {})
    assert now.held


def test_a_vial_counts_where_its_last_milligram_goes() -> None:
    now = taken(VIALS, 1)
    given = of(VIALS, Kind.GIVEN, Place.DRAWN, 0, "35.5", take="t", patient="ann")
    now = after(now, given)
    rest = now.drawn["t"]
    assert rest == Amount(1, Decimal("464.5"))
    assert used(rest.mg, VIALS, rest) == 1
    assert no(VIALS, now, of(VIALS, Kind.RETURNED, Place.DRAWN, 1, take="t")) == (Why.NOT_THERE,), "it is opened"
    assert no(VIALS, now, of(VIALS, Kind.WASTED, Place.DRAWN, 0, "464.5", take="t")) == (Why.NOT_WHOLE,)
    wasted = of(VIALS, Kind.WASTED, Place.DRAWN, 1, "464.5", take="t")
    assert no(VIALS, now, wasted) == ()
    now = after(now, wasted)
    assert now.on_hand == Amount(3, Decimal(1500))
    assert now.held


def test_an_opened_vial_may_be_quarantined_and_destroyed_but_never_put_back() -> None:
    now = after(taken(VIALS, 1), of(VIALS, Kind.GIVEN, Place.DRAWN, 0, "100", take="t", patient="ann"))
    now = after(now, of(VIALS, Kind.QUARANTINED, Place.DRAWN, 1, "400", take="t"))
    assert (now.quarantined, now.drawn) == (Amount(1, Decimal(400)), {})
    assert no(VIALS, now, of(VIALS, Kind.RELEASED, Place.QUARANTINED, 1, "400")) == (Why.NOT_WHOLE,)
    assert no(VIALS, now, of(VIALS, Kind.DESTROYED, Place.QUARANTINED, 1, "100")) == (Why.NOT_WHOLE,)
    destroyed = of(VIALS, Kind.DESTROYED, Place.QUARANTINED, 1, "400")
    assert no(VIALS, now, destroyed) == ()
    assert after(now, destroyed).quarantined == NOTHING
    assert after(now, destroyed).held


@pytest.mark.parametrize(
    ("why", "entry"),
    [
        (Why.NOTHING, of(DEVICES, Kind.RECEIVED, Place.OUTSIDE, 0)),
        (Why.NOTHING, of(DEVICES, Kind.RECEIVED, Place.OUTSIDE, 1, "NaN")),
        (Why.NOTHING, of(DEVICES, Kind.LOST, Place.FREE, 1, "Infinity")),
        (Why.NOTHING, of(DEVICES, Kind.LOST, Place.FREE, -1, "28")),
        (Why.NOT_WHOLE, of(DEVICES, Kind.RECEIVED, Place.OUTSIDE, 2, "28")),
        (Why.NOT_WHOLE, of(DEVICES, Kind.LOST, Place.FREE, 1, "14")),
        (Why.NOT_THERE, of(DEVICES, Kind.LOST, Place.FREE, 3)),
        (Why.NOT_THERE, of(DEVICES, Kind.UNRESERVED, Place.RESERVED, 1, patient="ann")),
        (Why.WRONG_PLACE, of(DEVICES, Kind.DISPENSED, Place.DRAWN, 1, take="u", patient="ann")),
        (Why.WRONG_PLACE, of(DEVICES, Kind.GIVEN, Place.FREE, 1, take="t", patient="ann")),
        (Why.NO_PATIENT, of(DEVICES, Kind.RESERVED, Place.FREE, 1)),
        (Why.NO_TAKE, of(DEVICES, Kind.DISPENSED, Place.FREE, 1, patient="ann")),
        (Why.NOT_THEIRS, of(DEVICES, Kind.GIVEN, Place.DRAWN, 1, take="t", patient="bo")),
        (Why.NOT_THEIRS, of(DEVICES, Kind.DISPENSED, Place.FREE, 1, take="t", patient="bo")),
    ],
)
def test_what_cannot_be_has_its_reason(why, entry) -> None:
    assert no(DEVICES, taken(DEVICES), entry) == (why,)


def test_what_was_sent_for_one_patient_goes_to_nobody_else() -> None:
    account = replace(DEVICES, owner="ann")
    entry = of(account, Kind.DISPENSED, Place.FREE, 1, take="u", patient="bo")
    assert no(account, stock(account), entry) == (Why.NOT_THEIRS,)
    assert no(account, stock(account), replace(entry, patient="ann")) == ()


def test_nothing_expired_or_recalled_is_taken_and_a_recall_is_not_released() -> None:
    entry = of(DEVICES, Kind.DISPENSED, Place.FREE, 1, take="u", patient="ann")
    assert allowed(DEVICES, stock(DEVICES), entry, today=TODAY) == (), "on its last day"
    assert allowed(DEVICES, stock(DEVICES), entry, today=TODAY + timedelta(days=1)) == (Why.EXPIRED,)
    recalled = replace(DEVICES, recalled=True)
    assert no(recalled, stock(recalled), entry) == (Why.RECALLED,)
    kept = after(stock(DEVICES), of(DEVICES, Kind.QUARANTINED, Place.FREE, 1))
    release = of(DEVICES, Kind.RELEASED, Place.QUARANTINED, 1)
    assert no(recalled, kept, release) == (Why.RECALLED,)
    assert no(DEVICES, kept, release) == ()
    out = of(DEVICES, Kind.DISPENSED, Place.QUARANTINED, 1, take="u", patient="ann")
    assert no(DEVICES, kept, out) == (Why.QUARANTINED,)
    assert set(no(recalled, kept, out)) <= set(RULES), "it can have happened all the same"
    assert no(recalled, kept, of(DEVICES, Kind.DESTROYED, Place.QUARANTINED, 1)) == ()
    given = of(DEVICES, Kind.GIVEN, Place.DRAWN, 1, take="t", patient="ann")
    assert no(recalled, taken(DEVICES), given) == (Why.RECALLED,), "taken before the recall, given after it"


def test_what_is_reserved_is_for_one_patient() -> None:
    now = after(stock(DEVICES, 1), of(DEVICES, Kind.RESERVED, Place.FREE, 1, patient="ann"))
    assert no(DEVICES, now, of(DEVICES, Kind.DISPENSED, Place.FREE, 1, take="u", patient="bo")) == (Why.NOT_THERE,)
    reserved = of(DEVICES, Kind.DISPENSED, Place.RESERVED, 1, take="u", patient="ann")
    assert no(DEVICES, now, replace(reserved, patient="bo")) == (Why.NOT_THERE,)
    assert no(DEVICES, now, reserved) == ()
    assert after(now, reserved).reserved == {}
    undone = of(DEVICES, Kind.UNRESERVED, Place.RESERVED, 1, patient="ann")
    assert after(now, undone) == stock(DEVICES, 1)


def test_an_account_without_entries_has_nothing_and_the_law_holds() -> None:
    assert (balance([]).on_hand, balance([]).held) == (NOTHING, True)
    assert not replace(stock(DEVICES), free=NOTHING).held


class Cupboard(RuleBasedStateMachine):
    """Whatever anybody tries, in any order: what is refused changes nothing, and what is done keeps the law."""

    @initialize(
        strength=st.sampled_from([Decimal(28), Decimal(500), Decimal("12.5")]), owner=st.sampled_from(["", "ann"])
    )
    def begin(self, strength: Decimal, owner: str) -> None:
        self.account = Account(strength, TODAY, owner)
        self.now = Balance()
        self.entries: list[Entry] = []
        self.came = Decimal(0)

    @rule(
        kind=st.sampled_from(Kind),
        source=st.sampled_from(Place),
        units=st.integers(0, 3),
        mg=st.one_of(st.none(), st.decimals(0, 1500, places=1)),
        take=st.sampled_from(["", "t", "u"]),
        patient=st.sampled_from(["", "ann", "bo"]),
    )
    def anything(self, kind, source, units, mg, take, patient) -> None:
        mg = whole(units, self.account).mg if mg is None else mg
        self._try(Entry(kind, source, mg, units, take, patient))

    @rule(units=st.integers(1, 4))
    def receive(self, units) -> None:
        assert self._try(Entry(Kind.RECEIVED, Place.OUTSIDE, whole(units, self.account).mg, units))

    @precondition(lambda self: self.now.free.units)
    @rule(take=st.sampled_from(["t", "u"]))
    def take_one(self, take) -> None:
        self._try(Entry(Kind.DISPENSED, Place.FREE, self.account.unit_mg, 1, take, "ann"))

    @precondition(lambda self: self.now.drawn)
    @rule(
        kind=st.sampled_from([Kind.GIVEN, Kind.WASTED, Kind.LOST]),
        share=st.decimals("0.1", 1, places=1),
        data=st.data(),
    )
    def use(self, kind, share, data) -> None:
        take = data.draw(st.sampled_from(sorted(self.now.drawn)))
        drawn = self.now.drawn[take]
        mg = drawn.mg * share
        entry = Entry(kind, Place.DRAWN, mg, used(mg, self.account, drawn), take, self.now.whose[take])
        assert self._try(entry), "whatever is drawn up can be used"

    @precondition(lambda self: self.now.free.units)
    @rule()
    def open_one(self) -> None:
        assert self._try(Entry(Kind.OPENED, Place.FREE, self.account.unit_mg, 1))

    @precondition(lambda self: self.now.open.mg)
    @rule(
        kind=st.sampled_from([Kind.DRAWN_UP, Kind.DRAWN_UP, Kind.WASTED, Kind.LOST]),
        share=st.decimals("0.1", 1, places=1),
        take=st.sampled_from(["v", "w"]),
    )
    def use_what_is_open(self, kind, share, take) -> None:
        mg, there = self.now.open.mg * share, self.now.open
        told = {"take": take, "patient": self.now.whose.get(take, "ann")} if kind is Kind.DRAWN_UP else {}
        assert self._try(Entry(kind, Place.OPEN, mg, used(mg, self.account, there), **told))

    def _try(self, entry: Entry) -> bool:
        if allowed(self.account, self.now, entry, today=TODAY):
            return False
        self.now = after(self.now, entry)
        self.entries.append(entry)
        self.came += entry.mg if entry.kind in IN else 0
        return True

    @invariant()
    def the_law_holds(self) -> None:
        assert self.now.held

    @invariant()
    def nothing_is_less_than_nothing_and_no_container_is_empty(self) -> None:
        free, kept = self.now.free, self.now.quarantined
        assert free == whole(free.units, self.account)
        assert free.units >= 0
        for one in self.now.reserved.values():
            assert one == whole(one.units, self.account)
            assert one.units > 0
        sealed = (one for take, one in self.now.drawn.items() if take not in self.now.shares)
        for one in (kept, self.now.open, *sealed):
            assert containers(one.mg, self.account) <= one.units
            assert (one.units > 0) is (one.mg > 0)
        assert all(self.now.drawn[take].mg > 0 for take in self.now.shares)
        assert all(amount.units >= 0 and amount.mg > 0 for amount in self.now.gone.values())

    @invariant()
    def what_was_for_one_patient_stayed_with_them(self) -> None:
        if self.account.owner:
            assert {entry.patient for entry in self.entries} <= {"", self.account.owner}

    @invariant()
    def the_sum_of_the_entries_is_the_same(self) -> None:
        gone = sum((one.mg for one in self.entries if one.kind in self.now.gone), Decimal(0))
        assert self.came == self.now.on_hand.mg + gone
        assert balance(self.entries) == self.now


TestCupboard = Cupboard.TestCase


def test_what_was_in_use_never_comes_out_of_quarantine_into_stock() -> None:
    now = after(taken(DEVICES, 1), of(DEVICES, Kind.QUARANTINED, Place.DRAWN, 1, take="t"))
    now = after(now, of(DEVICES, Kind.QUARANTINED, Place.FREE, 2))
    assert now.opened == 1
    assert no(DEVICES, now, of(DEVICES, Kind.RELEASED, Place.QUARANTINED, 3)) == (Why.OPENED,)
    assert no(DEVICES, now, of(DEVICES, Kind.RELEASED, Place.QUARANTINED, 2)) == ()
    lost = after(now, of(DEVICES, Kind.LOST, Place.QUARANTINED, 1))
    assert lost.opened == 1, "nobody knows which of them is gone"
    assert after(lost, of(DEVICES, Kind.LOST, Place.QUARANTINED, 2)).opened == 0
    sent = after(now, of(DEVICES, Kind.RETURNED_OUT, Place.QUARANTINED, 1))
    assert no(DEVICES, sent, of(DEVICES, Kind.RELEASED, Place.QUARANTINED, 2)) == ()


def test_one_vial_is_opened_for_two_patients_each_gets_their_own_and_the_rest_is_wasted() -> None:
    now = after(stock(VIALS, 2), of(VIALS, Kind.OPENED, Place.FREE, 1))
    assert (now.free, now.open) == (Amount(1, Decimal(500)), Amount(1, Decimal(500)))
    for take, patient, mg in (("t", "ann", "35"), ("u", "bo", "60")):
        entry = of(VIALS, Kind.DRAWN_UP, Place.OPEN, 0, mg, take=take, patient=patient)
        assert no(VIALS, now, entry) == ()
        now = after(now, entry)
        assert now.held
    assert now.open == Amount(1, Decimal(405))
    theirs = of(VIALS, Kind.GIVEN, Place.DRAWN, 0, "35", take="t", patient="bo")
    assert no(VIALS, now, theirs) == (Why.NOT_THEIRS,), "what is in a syringe is of one patient"
    now = after(now, replace(theirs, patient="ann"))
    part = of(VIALS, Kind.GIVEN, Place.DRAWN, 0, "50", take="u", patient="bo")
    assert no(VIALS, now, part) == ()
    now = after(now, part)
    assert no(VIALS, now, of(VIALS, Kind.WASTED, Place.DRAWN, 0, "10", take="u")) == ()
    assert no(VIALS, now, of(VIALS, Kind.WASTED, Place.OPEN, 0, "405")) == (Why.NOT_WHOLE,)
    rest = of(VIALS, Kind.WASTED, Place.OPEN, 1, "405")
    assert no(VIALS, now, rest) == ()
    now = after(now, rest)
    assert (now.open, now.held) == (NOTHING, True)


def test_the_last_share_brings_the_vial_with_it_and_nothing_of_it_comes_back() -> None:
    now = after(stock(VIALS, 1), of(VIALS, Kind.OPENED, Place.FREE, 1))
    assert no(VIALS, now, of(VIALS, Kind.DRAWN_UP, Place.OPEN, 0, "600", take="t", patient="ann")) == (Why.NOT_THERE,)
    all_of_it = of(VIALS, Kind.DRAWN_UP, Place.OPEN, 1, take="t", patient="ann")
    now = after(now, all_of_it)
    assert (now.open, now.drawn, now.shares) == (NOTHING, {"t": Amount(1, Decimal(500))}, {"t"})
    assert no(VIALS, now, of(VIALS, Kind.RETURNED, Place.DRAWN, 1, take="t")) == (Why.NOT_WHOLE,)
    assert after(now, of(VIALS, Kind.GIVEN, Place.DRAWN, 1, take="t", patient="ann")).shares == frozenset()


def test_an_open_vial_of_a_recalled_or_expired_lot_is_used_no_more_and_kept_aside_for_good() -> None:
    now = after(stock(VIALS, 2), of(VIALS, Kind.OPENED, Place.FREE, 1))
    share = of(VIALS, Kind.DRAWN_UP, Place.OPEN, 0, "35", take="t", patient="ann")
    assert no(replace(VIALS, recalled=True), now, share) == (Why.RECALLED,)
    assert allowed(VIALS, now, share, today=TODAY + timedelta(days=1)) == (Why.EXPIRED,)
    assert no(replace(VIALS, recalled=True), now, of(VIALS, Kind.OPENED, Place.FREE, 1)) == (Why.RECALLED,)
    now = after(now, of(VIALS, Kind.QUARANTINED, Place.OPEN, 1))
    assert (now.open, now.opened) == (NOTHING, 1)
    assert no(VIALS, now, of(VIALS, Kind.RELEASED, Place.QUARANTINED, 1)) == (Why.OPENED,)
