"""Does a tap that comes late keep an honest time, whatever the tablet's clock did?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.web.cockpit.honest import Moment, Told, moment
from tests.web.cockpit.traces import TEN, after

minutes = st.floats(-100, 10000, allow_nan=False).map(lambda n: timedelta(minutes=n))


def told(age: float | None, heard: float | None, since: float | None) -> Told:
    return Told(
        None if age is None else timedelta(minutes=age),
        None if heard is None else after(heard),
        None if since is None else timedelta(minutes=since),
    )


@pytest.mark.parametrize(
    ("what", "happened", "uncertain"),
    [
        (told(18, 0, 2), 2, 0),  # both ways agree
        (told(18, None, None), 2, 0),
        (told(None, 0, 2), 2, 0),  # the tablet was shut down meanwhile
        (told(14, 0, 2), 4, 120),  # it slept for four minutes
        (told(30, 0, None), 0, 0),  # before the last word of the clinic it cannot have been
        (told(0, 0, 20), 20, 0),
        (told(None, 5, None), 20, 15 * 60),  # some time since it last heard of us
        (told(None, None, None), 20, 24 * 60 * 60),
        (told(-5, 0, 2), 2, 0),  # nonsense counts for nothing
        (told(-5, None, -1), 20, 24 * 60 * 60),
        (told(3, 25, 1), 20, 0),  # a word that we never said yet: it is held for the last one
    ],
)
def test_when_it_was(what: Told, happened: float, uncertain: int) -> None:
    assert moment(what, received=after(20)) == Moment(after(happened), uncertain)


@given(st.builds(Told, st.none() | minutes, st.none() | minutes.map(lambda span: TEN + span), st.none() | minutes))
def test_never_after_receipt_and_never_before_the_last_word(what: Told) -> None:
    received = after(60)
    found = moment(what, received=received)
    assert found.happened <= received
    assert found.uncertain_s >= 0
    if what.heard is not None and found.uncertain_s == 0:
        assert found.happened >= min(what.heard, received)


@given(st.integers(0, 600), st.integers(0, 600), st.integers(0, 600))
def test_the_true_moment_lies_within_what_is_said(heard_to_tap: int, tap_to_sent: int, asleep: int) -> None:
    """The running clock of a tablet that sleeps stands still: then it says too small an age, and the truth is still within."""
    received = TEN + timedelta(seconds=heard_to_tap + tap_to_sent)
    true = TEN + timedelta(seconds=heard_to_tap)
    age = timedelta(seconds=max(tap_to_sent - asleep, 0))
    found = moment(Told(age, TEN, timedelta(seconds=heard_to_tap)), received=received)
    assert abs((found.happened - true).total_seconds()) <= found.uncertain_s
