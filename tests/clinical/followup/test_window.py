"""Is a talk within its time after a treatment counted, and silence never taken for one?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daybreak.clinical.followup.window import Said, Share, State, Window, share, state, window

LAST = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TIME = window(LAST, opens=24 * HOUR, closes=72 * HOUR)
OVER = LAST + 73 * HOUR


@pytest.mark.parametrize(
    ("said", "after", "now", "found"),
    [
        (Said.KEPT, 24, OVER, State.MET),
        (Said.KEPT, 72, OVER, State.MET),
        (Said.KEPT, 23, OVER, State.OUTSIDE),
        (Said.KEPT, 73, OVER, State.OUTSIDE),
        (Said.KEPT, None, OVER, State.UNKNOWN),
        (Said.MISSED, 30, OVER, State.NOT_MET),
        (Said.DECLINED, None, LAST, State.NOT_MET),
        (Said.NOT_OFFERED, None, OVER, State.NOT_MET),
        (Said.OFFERED, 30, LAST + 72 * HOUR, State.AHEAD),
        (Said.OFFERED, 30, OVER, State.UNKNOWN),
        (None, None, LAST, State.AHEAD),
        (None, None, OVER, State.UNKNOWN),
    ],
)
def test_the_state_of_one(said, after, now, found) -> None:
    starts = None if after is None else LAST + after * HOUR
    assert state(TIME, said, starts, now=now) is found


def test_what_nobody_said_counts_as_not_met_and_what_lies_ahead_not_at_all() -> None:
    assert Window(LAST + 24 * HOUR, LAST + 72 * HOUR) == TIME
    assert share([State.MET, State.OUTSIDE, State.NOT_MET, State.UNKNOWN, State.AHEAD]) == Share(1, 4, 1)
    assert share([]) == Share(0, 0, 0)
