"""Does a lithium level stand with the course in which it was measured, and leave open what it cannot decide?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Episode
from daybreak.clinical.screening.levels import serum_levels
from daybreak.clinical.screening.resistance import staged
from daybreak.knowledge.rules import models
from tests.clinical.screening.build import condition, exposure, failed_trial, observation, view, when

LITHIUM = exposure("lithium", dose=900, start="2024-06-01", end="2024-09-01", ref="M/1")


def level(value: Any, day: Any = "2024-07-01") -> Any:
    return observation("lithium_level", value, day)


UNDATED = level(0.3, UNREADABLE)


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ((), None),
        ((level(0.59),), Decimal("0.59")),
        ((level(0.3), level(0.7, "2024-08-01")), Decimal("0.7")),
        ((level(0.7), level(0.3, "2024-08-01")), Decimal("0.7")),
        ((level(0.7, "2024-06-01"),), Decimal("0.7")),
        ((level(0.7, "2024-09-01"),), Decimal("0.7")),
        ((level(0.3, "2024-05-31"),), None),
        ((level(0.3, "2024-09-02"),), None),
        ((level(0.3, "2024-09"),), UNREADABLE),  # it may have been after the course
        ((level(UNREADABLE),), UNREADABLE),
        ((level(None),), UNREADABLE),
        ((UNDATED,), UNREADABLE),
        ((level(0.3), UNDATED), UNREADABLE),
        ((level(0.6), UNDATED), Decimal("0.6")),  # high enough, whatever the other was
        ((level(UNREADABLE, "2024-05-01"),), None),
    ],
)
def test_the_level_of_a_course(readings: tuple[Any, ...], expected: Any) -> None:
    found = serum_levels(view(LITHIUM, exposure("sertraline"), *readings), models().agents)
    assert found == ({} if expected is None else {"M/1": expected})


def test_a_course_whose_days_are_open() -> None:
    def of(**days: Any) -> Any:
        taken = exposure("lithium", ref="M/1", **days)
        return serum_levels(view(taken, level(0.7)), models().agents)["M/1"]

    assert of(start="2024-06-01") == Decimal("0.7")
    assert of(start=None) is UNREADABLE
    assert of(start="2024-06-01", end=UNREADABLE) is UNREADABLE
    assert of(start="2024-06-01", end=None, status="ended") is UNREADABLE
    assert of(start="2024-06-01", end="2024") is UNREADABLE
    assert of(start="2024-07") is UNREADABLE


def test_what_nobody_can_name_has_no_level() -> None:
    nameless = exposure(ingredients=UNREADABLE)
    assert serum_levels(view(nameless, level(0.3)), models().agents) == {}


@pytest.mark.parametrize(
    ("readings", "total", "bounds"),
    [
        ((), 8, (8, 8)),
        ((level(0.6),), 8, (8, 8)),
        ((level(0.59),), 7, (7, 7)),
        ((UNDATED,), None, (7, 8)),
    ],
)
def test_the_stage_of_a_chart_asks_the_level(readings: Any, total: int | None, bounds: tuple[int, int]) -> None:
    sick = condition("major_depression", onset="2024-01-10")
    episode = Episode("e", when("2024-01-10"), "moderate")
    trial = failed_trial("sertraline", 150, "2024-02-01", "2024-05-01")
    found = staged(view(sick, episode, trial, LITHIUM, *readings), models(), "sforzini-28d").msm
    assert (found.total, (found.low, found.high)) == (total, bounds)
