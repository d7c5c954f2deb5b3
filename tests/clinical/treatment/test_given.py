"""Does an amount that nobody knows count as the most that it can be, wherever a dose is bounded?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.given import Given, again, amount, may_follow, total
from daybreak.knowledge import dosing
from daybreak.knowledge.sentences import LANGUAGES, language

D = Decimal
WHYS = [id for id, _ in dosing.not_full("en")]
SPRAY = dosing.ladders()["esketamine-nasal-us"]


def one(low: str, high: str | None = None, why: str = "") -> Given:
    return Given(D(low), D(high or low), why)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (one("28"), []),
        (one("14", "14", "sneezed"), []),
        (one("0", "28", "vomited"), []),
        (one("0", "0", "device"), []),
        (one("14"), ["given.why"]),
        (one("14", "28", "because"), ["given.why"]),
        (one("28", "14", "sneezed"), ["given.no-amount"]),
        (one("-1", "14", "sneezed"), ["given.no-amount"]),
        (one("NaN", "28", "sneezed"), ["given.no-amount"]),
        (one("14", "Infinity", "sneezed"), ["given.no-amount"]),
        (one("28", "29"), ["given.more-than-prepared"]),
    ],
)
def test_an_entry(entry: Given, expected: list[str]) -> None:
    found = amount(entry, prepared_mg=D(28), whys=WHYS)
    assert [each.reason.id for each in found] == expected
    assert all(language(name).say(each.reason) for each in found for name in LANGUAGES)


def test_the_sum_keeps_both_ends() -> None:
    assert total([one("28"), one("0", "28", "vomited")]) == one("28", "56")
    assert total([]) == one("0")


@pytest.mark.parametrize(
    ("given_before", "next_mg", "ceiling", "expected"),
    [
        ([one("28"), one("28")], "28", "84", []),
        ([one("28"), one("28", "56", "device")], "28", "84", ["given.ceiling"]),
        ([], "28", None, ["given.no-ceiling"]),
        ([], "NaN", "84", ["given.no-ceiling"]),
        ([], "84", "84", []),
    ],
)
def test_what_may_follow_counts_the_most(given_before, next_mg, ceiling, expected) -> None:
    found = may_follow(D(next_mg), given_before, ceiling_mg=D(ceiling) if ceiling else None)
    assert [each.reason.id for each in found] == expected


def test_nothing_is_given_again_without_a_prescribers_reason() -> None:
    lost = one("0", "28", "sneezed")
    found = again(lost, D(28), [one("28"), lost], ladder=SPRAY, ceiling_mg=D(84))
    assert [(each.strength.value, each.reason.id) for each in found] == [("reason", "given.again")]
    above = again(lost, D(28), [one("28"), one("28"), lost], ladder=SPRAY, ceiling_mg=D(84))
    assert [each.reason.id for each in above] == ["given.ceiling", "given.again"]
    said_so = replace(SPRAY, replaces=True)
    assert again(lost, D(28), [one("28"), lost], ladder=said_so, ceiling_mg=D(84)) == ()


@given(st.lists(st.tuples(st.decimals("0", "90", places=1), st.decimals("0", "90", places=1)), max_size=6))
def test_the_most_that_may_have_been_given_never_passes_the_ceiling(pairs) -> None:
    entries: list[Given] = []
    for low, more in pairs:
        if not may_follow(low + more, entries, ceiling_mg=D(84)):
            entries.append(Given(low, low + more, "sneezed"))
    assert total(entries).low_mg <= total(entries).high_mg <= D(84)
