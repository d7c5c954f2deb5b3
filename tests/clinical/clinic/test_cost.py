"""Is a sum said only when enough dated sources say it, and is it then the one that comes of them?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from daybreak.clinical.clinic.cost import Price, Range, Rule, Visits, course, fresh, hours, per_visit, share, together

RULE = Rule(sources=2, months=24)
ON = date(2026, 11, 30)


def price(source: str, dated: date | None, low: str, high: str | None = None) -> Price:
    return Price(source, dated, Decimal(low), Decimal(high or low))


@pytest.mark.parametrize(
    ("dated", "on", "counts"),
    [
        (None, ON, False),
        (date(2024, 11, 30), ON, True),
        (date(2024, 11, 29), ON, False),
        (date(2026, 11, 30), ON, True),
        (date(2026, 12, 1), ON, False),
        (date(2026, 2, 28), date(2028, 2, 29), False),
        (date(2026, 1, 31), date(2028, 1, 31), True),
    ],
)
def test_a_price_counts_for_two_years_and_never_before_its_day(dated, on, counts) -> None:
    assert fresh(dated, rule=RULE, on=on) is counts


def test_one_source_however_often_an_old_one_and_an_undated_one_make_no_sum() -> None:
    recent, old = date(2026, 1, 1), date(2023, 1, 1)
    assert per_visit([], rule=RULE, on=ON) is None
    assert per_visit([price("a", recent, "400"), price("a", recent, "500")], rule=RULE, on=ON) is None
    assert per_visit([price("a", recent, "400"), price("b", None, "1")], rule=RULE, on=ON) is None
    assert per_visit([price("a", recent, "400"), price("b", old, "1")], rule=RULE, on=ON) is None


def test_what_does_not_count_moves_neither_end() -> None:
    recent = date(2026, 1, 1)
    prices = [price("a", recent, "400", "800"), price("b", recent, "450", "900"), price("c", None, "1", "9999")]
    assert per_visit(prices, rule=RULE, on=ON) == Range(Decimal("400"), Decimal("900"))


def test_a_course_is_the_fewest_at_the_lowest_to_the_most_at_the_highest() -> None:
    visits = together([Visits(12, 12), Visits(9, 18)])
    assert visits == Visits(21, 30)
    assert together([]) is None
    assert course(Range(Decimal("906.51"), Decimal("1356.08")), visits) == Range(
        Decimal("19036.71"), Decimal("40682.40")
    )


def test_the_share_is_the_yearly_sum_and_a_part_of_the_rest_and_never_more_than_all() -> None:
    found = share(Range(Decimal("1283"), Decimal("2566")), percent=Decimal(20), yearly=Decimal(283), years_most=2)
    assert found == Range(Decimal("483.00"), Decimal("966.00"))
    little = share(Range(Decimal("100"), Decimal("300")), percent=Decimal(20), yearly=Decimal(283), years_most=2)
    assert little == Range(Decimal("100.00"), Decimal("300.00"))


def test_hours_are_all_minutes_of_all_visits() -> None:
    assert hours(Visits(21, 30), minutes=190) == Range(Decimal("66.5"), Decimal("95.0"))
