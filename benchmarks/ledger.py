"""Does the law of the cupboard hold after each of a million random operations, and how fast is that?"""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import date
from decimal import Decimal

from benchmarks.measure import Row
from daybreak.clinical.treatment.ledger import (
    Account,
    Balance,
    Entry,
    Kind,
    Place,
    after,
    allowed,
    used,
    whole,
)

IDS = ("ledger-law",)
OPERATIONS = 1_000_000
ACCOUNTS = 200
TODAY = date(2026, 11, 24)
PATIENTS = ("", "ann", "bo", "cy")


def rows(only: str | None = None) -> list[Row]:
    """The one figure: how often the law was broken."""
    return [law()] if only in (None, *IDS) else []


def law(operations: int = OPERATIONS) -> Row:
    """Operations of every kind on accounts of every sort; what is refused has to change nothing."""
    chance = random.Random(21)
    accounts = [
        Account(chance.choice((Decimal(28), Decimal(500), Decimal(1000))), TODAY, chance.choice(PATIENTS))
        for _ in range(ACCOUNTS)
    ]
    now = [Balance() for _ in accounts]
    broken = done = 0
    ours = floor = 0.0
    of_kind: Counter[Kind] = Counter()
    counted: dict[tuple[int, Kind], Decimal] = {}
    for _ in range(operations):
        n = chance.randrange(ACCOUNTS)
        entry = _any(chance, accounts[n], now[n])
        begins = time.perf_counter()
        if not allowed(accounts[n], now[n], entry, today=TODAY):
            now[n] = after(now[n], entry)
            of_kind[entry.kind] += 1
            broken += not now[n].held
            done += 1
        middle = time.perf_counter()
        counted[n, entry.kind] = counted.get((n, entry.kind), Decimal(0)) + entry.mg
        floor += time.perf_counter() - middle
        ours += middle - begins
    assert len(of_kind) == len(Kind), f"never allowed: {set(Kind) - of_kind.keys()}"
    return Row(
        id="ledger-law",
        what=f"times the law of the cupboard was broken in {operations:,} operations ({done:,} of them allowed), at "
        f"{operations / ours:,.0f} a second",
        unit="times",
        ours=broken,
        against="adding each amount to a dict, a second",
        theirs=operations / floor,
        ratio=ours / floor,
        goal="0",
        reached=broken == 0,
        n=operations,
        spread=0.0,
    )


def _any(chance: random.Random, account: Account, now: Balance) -> Entry:
    """Mostly what somebody may want, sometimes nonsense."""
    kind, patient = chance.choice(tuple(Kind)), chance.choice(PATIENTS)
    take = chance.choice(tuple(now.drawn) or ("t",)) if chance.random() < 0.8 else str(chance.randrange(20))
    source = chance.choice(tuple(Place)) if chance.random() < 0.5 else Place.FREE
    units = chance.randrange(4)
    amount = whole(units, account)
    if kind in (Kind.RECEIVED, Kind.FOUND):
        source = Place.OUTSIDE
    elif kind in (Kind.GIVEN, Kind.WASTED, Kind.RETURNED) and now.drawn:
        source, patient = Place.DRAWN, now.whose.get(take, patient)
        drawn = now.drawn.get(take, amount)
        if kind is not Kind.RETURNED:
            mg = (drawn.mg * chance.randint(1, 4) / 4).quantize(Decimal("0.1"))
            return Entry(kind, source, mg, used(mg, account, drawn), take, patient)
    elif now.open.mg and (kind is Kind.DRAWN_UP or (kind in (Kind.WASTED, Kind.LOST) and chance.random() < 0.3)):
        mg = (now.open.mg * chance.randint(1, 4) / 4).quantize(Decimal("0.1"))
        return Entry(kind, Place.OPEN, mg, used(mg, account, now.open), take, patient or account.owner)
    elif kind is Kind.OPENED:
        source = Place.FREE
    return Entry(kind, source, amount.mg, units, take, patient or account.owner)
