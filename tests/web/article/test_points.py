"""Has every item of every point one journey, or a reason why it has none yet?"""

from __future__ import annotations

from collections import Counter

from tests.web.article import test_clinics, test_harms, test_learning, test_misuse, test_screening, test_together
from tests.web.article.points import NOT_YET, PARTLY, POINTS, everything

MODULES = (test_clinics, test_harms, test_learning, test_misuse, test_screening, test_together)


def found() -> list[str]:
    """The names of the journeys in these files."""
    marks = [mark for of in MODULES for one in vars(of).values() for mark in getattr(one, "pytestmark", ())]
    return [case.id for mark in marks if mark.name == "parametrize" for case in mark.args[1] if case.id]


def test_the_article_makes_so_many_points() -> None:
    assert [len(POINTS[point]) for point in (10, 11, 12, 13, 14)] == [3, 26, 7, 9, 12]
    assert [point for point, items in POINTS.items() if not items] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16]


def test_no_item_is_missing_or_doubled() -> None:
    assert Counter([*found(), *NOT_YET]) == Counter(everything())


def test_what_has_no_journey_yet_is_told_by_name(capsys) -> None:
    with capsys.disabled():
        print(f"\n{len(NOT_YET)} of {len(everything())} items of the source article have no journey yet:")
        for name, why in NOT_YET.items():
            print(f"  {name}: {why}")
        print("Told in part:")
        for name, why in PARTLY.items():
            print(f"  {name}: {why}")
    assert all(NOT_YET.values())
    assert set(PARTLY) <= set(everything()) - set(NOT_YET)
