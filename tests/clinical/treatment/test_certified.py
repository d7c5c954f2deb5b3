"""Does only what is written down and holds on that day count as held, and is its end seen in time?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from daybreak.clinical.treatment.certified import Holds, Told, holds, near

SINCE, UNTIL = date(2026, 1, 5), date(2026, 12, 31)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("told", "day", "found"),
    [
        (None, UNTIL, Holds.NEVER),
        (Told(SINCE, UNTIL), SINCE - DAY, Holds.NOT_YET),
        (Told(SINCE, UNTIL), SINCE, Holds.YES),
        (Told(SINCE, UNTIL), UNTIL, Holds.YES),
        (Told(SINCE, UNTIL), UNTIL + DAY, Holds.EXPIRED),
        (Told(SINCE, None), date(2099, 1, 1), Holds.YES),
        (Told(SINCE, None, ended=True), UNTIL, Holds.ENDED),
    ],
)
def test_only_what_holds_on_the_day_holds(told, day, found) -> None:
    assert holds(told, day) is found


@pytest.mark.parametrize(("left", "step"), [(31, None), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (0, 7), (-1, 0)])
def test_an_end_comes_near_step_by_step(left, step) -> None:
    assert near(Told(SINCE, UNTIL), UNTIL - left * DAY, (30, 14, 7)) == step


def test_what_has_no_last_day_or_ended_comes_near_no_end() -> None:
    assert near(Told(SINCE, None), UNTIL, (30,)) is None
    assert near(Told(SINCE, UNTIL, ended=True), UNTIL, (30,)) is None
