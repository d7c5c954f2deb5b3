"""Does a time-out and a comparison of the pump stand for the order it was about, and for no other?"""

from __future__ import annotations

import pytest

from daybreak.clinical.treatment.compared import pump, timed_out
from daybreak.clinical.treatment.events import What
from tests.clinical.treatment.build import Story

ORDER = {"id": "1", "mg": "35", "minutes": 40}
CHANGED = [ORDER | {key: "other"} for key in ORDER]


def test_a_time_out_is_about_one_order() -> None:
    held = Story().tell(What.TIMED_OUT, order=dict(ORDER)).state
    assert timed_out(held, ORDER) is True
    assert [timed_out(held, one) for one in CHANGED] == [False] * 3
    assert timed_out(held, None) is None
    assert timed_out(Story().state, ORDER) is None
    assert timed_out(Story().tell(What.TIMED_OUT).state, ORDER) is False


def why(story: Story, ordered: dict[str, object] | None = ORDER, *, needed: bool = True) -> list[str]:
    return [one.id for one in pump(story.state, ordered, needed=needed)]


def test_a_pump_runs_only_as_it_was_compared_last() -> None:
    assert why(Story()) == ["session.pump-not-compared"]
    assert why(Story(), needed=False) == []
    story = Story().tell(What.PUMP_COMPARED, order=dict(ORDER), refused=[{"id": "pump.differs", "values": {}}])
    assert why(story) == ["session.pump-differs"]
    assert why(story.tell(What.PUMP_COMPARED, order=dict(ORDER), refused=[])) == []


@pytest.mark.parametrize("other", [*CHANGED, None])
def test_of_another_order_it_says_nothing(other: dict[str, object] | None) -> None:
    assert why(Story().tell(What.PUMP_COMPARED, order=dict(ORDER)), other) == ["session.pump-other-order"]
