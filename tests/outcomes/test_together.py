"""Are summaries pooled as anybody would from what they tell, and what becomes of a count that is not told?"""

from __future__ import annotations

from datetime import date

import pytest

from daybreak.outcomes.cells import FEW, HIDDEN, Rule
from daybreak.outcomes.pooling import as_percent, log_odds, pooled
from daybreak.outcomes.summary import document
from daybreak.outcomes.together import NotTogether, together

RULE = Rule(11, 5)


def summary(
    site: str, *groups: int, who: str = "volunteers", last: date = date(2026, 6, 30), rule: Rule = RULE
) -> dict:
    counts = {"sessions": {"events": dict(zip(("none", "some"), groups, strict=True))}}
    return document(counts, site=site, first=date(2026, 1, 1), last=last, who=who, rule=rule)


def test_what_all_tell_is_pooled_as_it_stands() -> None:
    found = together([summary("Harbor", 80, 20), summary("Hill", 150, 50)], percent=95)
    some = next(one for one in found["measures"] if one["group"] == "some")
    odds = [log_odds(20, 100), log_odds(50, 200)]
    own = pooled(*zip(*odds, strict=True), percent=95)
    assert some["bounds_percent"] == [pytest.approx(100 * 70 / 300, abs=1e-3)] * 2
    assert some["pooled"]["percent"] == pytest.approx(as_percent(own.middle), abs=1e-3)
    assert [(one["site"], one["n"], one["of"]) for one in some["clinics"]] == [("Harbor", 20, 100), ("Hill", 50, 200)]
    assert sum(one["share_percent"] for one in some["clinics"]) == pytest.approx(100, abs=0.01)
    assert (found["same_period"], some["not_told_by"]) == (True, [])


def test_a_clinic_in_which_it_is_rare_is_not_left_out() -> None:
    files = [summary("Harbor", 97, 3), summary("Hill", 150, 50), summary("Lake", 70, 30)]
    assert files[0]["populations"]["sessions"]["tables"] == {"events": {"none": HIDDEN, "some": FEW}}
    none, some = together(files, percent=95)["measures"]
    assert (none["not_told_by"], some["not_told_by"]) == (["Harbor"], ["Harbor"])
    assert [(one["site"], one["n"]) for one in some["clinics"]] == [("Hill", 50), ("Lake", 30)]
    assert some["bounds_percent"] == [pytest.approx(100 * (80 + n) / 400, abs=1e-3) for n in (0, 10)]
    assert none["bounds_percent"] == [pytest.approx(100 * (320 - n) / 400, abs=1e-3) for n in (10, 0)]


def test_where_no_clinic_tells_it_there_are_only_bounds() -> None:
    found = together([summary("Harbor", 97, 3), summary("Hill", 60, 2)], percent=95)["measures"]
    assert [one["pooled"] for one in found] == [None, None]
    assert found[1]["bounds_percent"] == [0, pytest.approx(100 * 20 / 162, abs=1e-3)]


def test_a_clinic_that_tells_no_such_table_is_named() -> None:
    found = together([summary("Harbor", 4, 4), summary("Hill", 150, 50)], percent=95)
    assert {tuple(one["not_told_by"]) for one in found["measures"]} == {("Harbor",)}
    assert found["measures"][0]["pooled"]["interval"] is None


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (summary("Harbor", 90, 20), "twice"),
        (summary("Hill", 90, 20, who="everybody"), "other people"),
        (summary("Hill", 90, 20, rule=Rule(6, 3)), "other rules"),
    ],
)
def test_what_cannot_be_pooled_is_refused(other, why) -> None:
    with pytest.raises(NotTogether, match=why):
        together([summary("Harbor", 80, 20), other], percent=95)


def test_other_periods_are_said() -> None:
    files = [summary("Harbor", 80, 20), summary("Hill", 80, 20, last=date(2026, 3, 31))]
    assert together(files, percent=95)["same_period"] is False


def test_tables_of_one_population_count_everybody_once() -> None:
    counts = {"sessions": {"a": {"x": 30, "y": 30}, "b": {"x": 59}}}
    with pytest.raises(ValueError, match="differently many"):
        document(counts, site="Harbor", first=date(2026, 1, 1), last=date(2026, 6, 30), who="", rule=RULE)
