"""Is a dose of another product too short a time before, far enough, or not known well enough?"""

from __future__ import annotations

from datetime import date

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.courses.apart import Dose, Gap, gap
from daybreak.clinical.records import When, on

FIRST = date(2026, 12, 15)
NEAR, JUST = Dose("ketamine", on(date(2026, 12, 2))), Dose("ketamine", on(date(2026, 12, 1)))
MONTH = Dose("ketamine", When(date(2026, 11, 15), date(2026, 12, 14)))
LATER = Dose("ketamine", on(date(2026, 12, 16)))


@pytest.mark.parametrize(
    ("doses", "days", "unsigned", "unknown", "soon"),
    [
        ([], None, False, False, None),
        ([Dose("esketamine", None)], None, False, False, None),
        ([JUST], None, True, False, None),
        ([JUST], 14, False, False, None),
        ([NEAR, JUST], 14, False, False, NEAR),
        ([MONTH], 14, False, True, None),
        ([MONTH], 1, False, False, None),
        ([MONTH], 60, False, False, MONTH),
        ([NEAR], 0, False, False, None),
        ([LATER], 14, False, False, None),
        ([Dose("ketamine", None), JUST], 14, False, True, None),
        ([Dose("ketamine", UNREADABLE)], None, True, True, None),
    ],
)
def test_what_stands_against_a_treatment(doses, days, unsigned, unknown, soon) -> None:
    found = gap(doses, product="esketamine", first=FIRST, days=days)
    assert (found.unsigned, found.unknown, found.soon) == (unsigned, unknown, soon)


def test_the_newest_dose_is_as_late_as_it_may_have_been() -> None:
    assert gap([NEAR, MONTH], product="esketamine", first=FIRST, days=14).newest == date(2026, 12, 14)
    assert gap([NEAR], product="ketamine", first=FIRST, days=None) == Gap()
