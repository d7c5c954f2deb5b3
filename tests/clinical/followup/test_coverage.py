"""Is only who answered within the time counted as heard of?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from daybreak.clinical.followup.coverage import Covered, Treated, Window, coverage
from daybreak.knowledge.checkins import window_words, windows

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = Window("day", 12 * HOUR, 48 * HOUR)


def of(*heard: float) -> Treated:
    return Treated(START, tuple(START + hours * HOUR for hours in heard))


def test_who_answered_in_time_was_heard_of_and_nobody_else() -> None:
    treated = [of(13), of(), of(11, 49), of(48)]
    assert coverage([DAY], treated, now=START + 48 * HOUR) == (Covered("day", 2, 4, 0),)


def test_while_there_is_time_nobody_counts() -> None:
    assert coverage([DAY], [of(13), of()], now=START + 47 * HOUR) == (Covered("day", 0, 0, 2),)
    assert coverage([DAY], [], now=START) == (Covered("day", 0, 0, 0),)


def test_there_is_a_window_for_a_day_two_weeks_and_four() -> None:
    middles = [(one.opens + one.closes) / 2 for one in windows()]
    assert [round(one / (24 * HOUR)) for one in middles] == [1, 14, 28]
    assert all(window_words(one.id, language) for one in windows() for language in ("en", "zh-Hans"))
