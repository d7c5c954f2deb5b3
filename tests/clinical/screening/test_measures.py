"""What do measurements, scores and tests say, and are they recent enough to clear anything?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term
from daybreak.clinical.records import AsOf, When
from daybreak.clinical.screening.criteria import FactAnswer, Range
from daybreak.clinical.screening.measures import (
    improvement,
    number,
    screen_result,
    severity_at_least,
    severity_measured,
    toxicology,
)
from tests.clinical.screening.build import DAY, at, days_ago, missing, observation, refs, view, when

D = Decimal
SYSTOLIC = Term("observation.systolic")


def systolic(value: Any, day: Any = None, **fields: Any) -> Any:
    return observation("systolic", value, day, **fields)


def test_the_newest_reading_is_the_number() -> None:
    new = systolic(128, "2026-06-14")
    answer = number(view(systolic(150, "2026-06-01"), new), kind="systolic", valid_days=1)
    values = {"what": SYSTOLIC, "value": D(128), "on": "2026-06-14"}
    assert (answer.value, answer.reason, answer.expired) == (D(128), Reason("measure.value", values), None)
    assert answer.evidence == (Evidence(new.ref, "128", "2026-06-14"),)
    assert answer.missing == ()


def test_readings_whose_order_is_not_known_give_a_range() -> None:
    readings = (systolic(120), systolic(150), systolic(130))
    answer = number(view(*readings), kind="systolic")
    assert (answer.value, answer.reason.values["value"]) == (Range(D(120), D(150)), D(150))
    assert refs(answer.evidence) == [r.ref for r in readings]
    assert number(view(systolic(120), systolic(120)), kind="systolic").value == D(120)


def test_no_reading_and_an_unreadable_one() -> None:
    none = Reason("measure.none", {"what": SYSTOLIC})
    answer = number(view(), kind="systolic")
    assert (answer.value, answer.reason, answer.missing) == (None, none, (none,))
    for bad in (UNREADABLE, None, "high"):
        reading = systolic(bad)
        answer = number(view(systolic(120), reading), kind="systolic")
        unreadable = Reason("measure.unreadable", {"what": SYSTOLIC})
        assert (answer.value, answer.reason, answer.missing) == (None, unreadable, (unreadable,))
        assert reading.ref in refs(answer.evidence)


@pytest.mark.parametrize(
    ("day", "days", "expired"), [(days_ago(30), 30, False), (days_ago(31), 30, True), (days_ago(31), None, False)]
)
def test_a_number_expires_after_so_many_days(day: When, days: int | None, expired: bool) -> None:
    answer = number(view(systolic(120, day)), kind="systolic", valid_days=days)
    assert answer.expired == (Reason("measure.expired", {"what": SYSTOLIC, "on": str(day)}) if expired else None)


def test_an_undated_number_is_never_fresh() -> None:
    answer = number(view(systolic(120, UNREADABLE)), kind="systolic")
    assert answer.expired == Reason("measure.expired", {"what": SYSTOLIC, "on": None})
    assert answer.reason.values["on"] is None
    mixed = number(view(systolic(120), systolic(120, UNREADABLE)), kind="systolic")
    assert mixed.expired == Reason("measure.expired", {"what": SYSTOLIC, "on": "2026-06-15"})


@pytest.mark.parametrize(
    ("instant", "now", "fresh"),
    [
        (at(9, 30), at(10), True),
        (at(9, 29), at(10), False),
        (at(10), at(10), True),
        (None, at(10), False),
        (None, None, True),
        (at(1), None, True),
    ],
)
def test_minutes_count_when_the_moment_is_given(instant: Any, now: Any, fresh: bool) -> None:
    found = view(systolic(120, instant=instant), as_of=AsOf(DAY, now))
    assert (number(found, kind="systolic", valid_minutes=30).expired is None) is fresh


def test_with_a_day_only_readings_of_that_day_are_fresh_in_minutes() -> None:
    assert number(view(systolic(120, days_ago(1))), kind="systolic", valid_minutes=30).expired is not None
    assert number(view(systolic(120, "2026-06")), kind="systolic", valid_minutes=30).expired is not None


SCALES = ("madrs", "phq-9")


def measured(*records: Any) -> FactAnswer:
    return severity_measured(view(*records), scales=SCALES, valid_days=30)


def test_severity_is_measured_by_the_newest_score_on_any_scale() -> None:
    new = observation("phq-9", 19, days_ago(30))
    answer = measured(observation("madrs", 30, days_ago(90)), new)
    values = {"scale": Term("observation.phq-9"), "value": D(19), "on": "2026-05-16"}
    assert (answer.value, answer.reason) == (True, Reason("severity.measured", values))
    assert (answer.expired, refs(answer.evidence)) == (None, [new.ref])
    old = measured(observation("phq-9", 19, days_ago(31)))
    values = {"scale": Term("observation.phq-9"), "value": D(19), "on": "2026-05-15", "days": 30}
    assert (old.value, old.expired) == (True, Reason("severity.expired", values))


def test_of_scores_without_an_order_the_dated_one_is_shown() -> None:
    undated, dated = observation("phq-9", 12, UNREADABLE), observation("phq-9", 19, days_ago(3))
    for order in ((undated, dated), (dated, undated)):
        assert measured(*order).reason.values["value"] == D(19)
    alone = measured(undated)
    assert alone.expired is not None
    assert alone.expired.values["on"] is None


def test_severity_that_nobody_can_read() -> None:
    none = measured()
    assert (none.value, none.reason, missing(none)) == (None, Reason("severity.none"), ["severity.none"])
    old, bad = observation("madrs", 30, days_ago(9)), observation("phq-9", UNREADABLE, days_ago(1))
    for records in ((old, bad), (old, observation("phq-9", UNREADABLE, UNREADABLE, ref=bad.ref))):
        answer = measured(*records)
        assert (answer.value, missing(answer)) == (None, ["measure.unreadable"])
        assert answer.reason == Reason("measure.unreadable", {"what": Term("observation.phq-9")})
        assert bad.ref in refs(answer.evidence)


CUTS = (("madrs", D(20)), ("phq-9", D(15)))


def severe(*records: Any) -> FactAnswer:
    return severity_at_least(view(*records), cuts=CUTS, valid_days=30)


@pytest.mark.parametrize(("score", "value"), [(15, True), (14, False), (16, True)])
def test_severe_enough_from_the_cut(score: int, value: bool) -> None:
    reading = observation("phq-9", score, days_ago(30))
    answer = severe(reading)
    values = {"scale": Term("observation.phq-9"), "value": D(score), "bound": D(15), "on": "2026-05-16"}
    assert (answer.value, answer.reason) == (value, Reason("severity.score", values))
    assert (answer.expired, refs(answer.evidence)) == (None, [reading.ref])


def test_an_old_severe_score_is_expired() -> None:
    answer = severe(observation("phq-9", 15, days_ago(31)))
    assert (answer.value, answer.expired is None) == (True, False)


def test_one_fresh_scale_is_enough_and_an_open_one_keeps_it_open() -> None:
    mild, grave = observation("madrs", 10), observation("phq-9", 20)
    assert severe(mild, grave).reason.values["scale"] == Term("observation.phq-9")
    assert severe(observation("madrs", 30), observation("phq-9", 3)).value is True
    open_ = severe(mild, observation("phq-9", UNREADABLE))
    assert (open_.value, open_.reason.id, missing(open_)) == (None, "measure.unreadable", ["measure.unreadable"])
    assert severe(mild).value is False
    stale = severe(mild, observation("phq-9", 20, days_ago(40)))
    assert (stale.value, stale.expired is None) == (True, False)
    fresh = severe(observation("madrs", 30, days_ago(40)), grave)
    assert (fresh.value, fresh.expired) == (True, None)
    none = severe()
    assert (none.value, none.reason.id, missing(none)) == (None, "severity.none", ["severity.none"])


@pytest.mark.parametrize(
    ("scores", "value"), [((15, 20), True), ((14, 20), None), ((10, 14), False), ((15, 15), True), ((14, 15), None)]
)
def test_scores_without_an_order_decide_only_when_they_agree(scores: tuple[int, int], value: bool | None) -> None:
    answer = severe(*(observation("phq-9", score) for score in scores))
    assert answer.value is value
    low, high = scores
    assert answer.reason.id == "severity.score"
    assert answer.reason.values["value"] == (D(low) if low == high else f"{low}–{high}")
    assert answer.missing == ((answer.reason,) if value is None else ())


def result(*records: Any, cut: object = D(8)) -> FactAnswer:
    return screen_result(view(*records), "audit", cut, 90)


@pytest.mark.parametrize(
    ("records", "value", "shown"),
    [
        ([observation("audit", 8)], True, True),
        ([observation("audit", 7)], False, True),
        ([observation("audit", 8, days_ago(900))], True, True),
        ([observation("audit", 7, days_ago(90))], False, True),
        ([observation("audit", 7, days_ago(91))], None, False),
        ([observation("audit", 7, UNREADABLE)], None, False),
        ([observation("audit", UNREADABLE)], None, True),
        ([observation("audit", UNREADABLE), observation("audit", 9)], True, True),
        ([observation("audit", UNREADABLE), observation("audit", 7)], None, True),
        ([observation("audit", 7), observation("audit", 8)], True, True),
        ([], None, False),
    ],
)
def test_a_screen_against_its_cut(records: list[Any], value: bool | None, shown: bool) -> None:
    answer = result(*records)
    assert (answer.value, answer.reason) == (value, Reason("measure.screen", {"what": Term("observation.audit")}))
    assert refs(answer.evidence) == ([r.ref for r in records] if shown else [])


def test_a_cut_that_is_no_number_is_never_reached() -> None:
    assert result(observation("audit", 40), cut=None).value is False


def urine(value: Any, day: Any = None, kind: str = "cocaine") -> Any:
    return observation(f"drug_screen.{kind}", value, day)


def test_drug_tests_of_the_last_days() -> None:
    records = [
        urine("positive", days_ago(30), "opiates"),
        urine("negative", days_ago(30)),
        urine("positive", days_ago(31), "pcp"),
        urine(UNREADABLE, days_ago(1), "ketamine"),
        urine("positive", UNREADABLE, "panel"),
        observation("pregnancy_test", "positive"),
    ]
    found = toxicology(view(*records), 30)
    assert [(r.value, r.reason.values["what"].id) for r in found] == [
        (False, "observation.drug_screen.cocaine"),
        (None, "observation.drug_screen.ketamine"),
        (True, "observation.drug_screen.opiates"),
        (None, "observation.drug_screen.panel"),
    ]
    assert [refs(r.evidence) for r in found] == [[records[i].ref] for i in (1, 3, 0, 4)]
    assert {r.reason.id for r in found} == {"measure.screen"}


def test_a_newer_drug_test_replaces_an_older_one() -> None:
    found = toxicology(view(urine("positive", days_ago(9)), urine("negative", days_ago(2))), 30)
    assert [r.value for r in found] == [False]


FIRST, LAST = DAY.toordinal() - 100, DAY.toordinal() - 40


def change(*records: Any, window: int = 14) -> Any:
    return improvement(view(*records), FIRST, LAST, scales=SCALES, window=window)


def score(value: Any, ago: Any, kind: str = "phq-9") -> Any:
    return observation(kind, value, days_ago(ago) if isinstance(ago, int) else ago)


def test_change_in_percent_of_the_first_score() -> None:
    assert change(score(20, 100), score(15, 40)) == 25
    assert change(score(20, 100), score(30, 40)) == -50
    assert change(score(20, 100), score(0, 40)) == 100
    assert change(score(3, 100), score(2, 40)) == (D(1) / D(3) * 100)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [(114, 54, True), (86, 26, True), (115, 40, False), (85, 40, False), (100, 25, False), (100, 55, False)],
)
def test_a_score_counts_within_the_window(first: int, last: int, found: bool) -> None:
    assert (change(score(20, first), score(10, last)) == 50) is found
    if not found:
        assert change(score(20, first), score(10, last)) is None


def test_the_nearest_score_counts_and_of_two_equally_near_the_earlier() -> None:
    assert change(score(20, 100), score(12, 95), score(10, 40), score(2, 35)) == 50
    assert change(score(20, 103), score(12, 97), score(10, 40)) == 50


def test_one_day_is_no_change() -> None:
    assert improvement(view(score(20, 50)), FIRST, LAST, scales=SCALES, window=60) is None
    assert improvement(view(score(20, 50), score(20, 50)), FIRST, LAST, scales=SCALES, window=60) is None
    assert change(score(20, 100)) is None
    assert change(score(10, 40)) is None
    assert change() is None


def test_the_first_scale_that_has_both_ends_decides() -> None:
    madrs = (score(40, 100, "madrs"), score(10, 40, "madrs"))
    phq = (score(20, 100), score(20, 40))
    assert change(*phq, *madrs) == 75
    assert change(*phq, madrs[0]) == 0


@pytest.mark.parametrize(
    "spoiled",
    [
        [score(UNREADABLE, 100, "madrs"), score(10, 40, "madrs")],
        [score(40, 100, "madrs"), score(UNREADABLE, 40, "madrs")],
        [score(40, 100, "madrs"), score(10, UNREADABLE, "madrs")],
        [score(40, UNREADABLE, "madrs"), score(10, 40, "madrs")],
        [score(40, UNREADABLE, "madrs"), score(10, UNREADABLE, "madrs")],
        [score(40, 100, "madrs"), score(10, None, "madrs"), score(10, when("2026-05"), "madrs")],
        [score(40, 100, "madrs"), score(10, 40, "madrs"), score(10, when("2026-05"), "madrs")],
        [score(40, 100, "madrs"), score(10, 40, "madrs"), score(30, 40, "madrs")],
        [score(0, 100, "madrs"), score(0, 40, "madrs")],
    ],
)
def test_no_other_scale_stands_in_for_one_that_cannot_be_read(spoiled: list[Any]) -> None:
    assert change(*spoiled, score(20, 100), score(20, 40)) is UNREADABLE


def test_a_single_reading_without_a_day_cannot_be_both_ends() -> None:
    undated = score(40, UNREADABLE, "madrs")
    assert change(undated, score(20, 100), score(20, 40)) == 0
    assert change(undated, score(10, 300, "madrs")) is None


def test_equal_scores_of_one_day_agree() -> None:
    assert change(score(20, 100), score(10, 40), score(10, 40)) == 50


@pytest.mark.parametrize(("day", "near"), [("2026-03", True), ("2026-01", False), ("2026-06", False)])
def test_a_partial_date_counts_as_near_if_it_overlaps_the_window(day: str, near: bool) -> None:
    month = observation("phq-9", 11, day)
    assert (change(month, score(20, 100), score(10, 40)) is UNREADABLE) is near
