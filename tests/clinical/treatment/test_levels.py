"""Does what is not known of a session widen its curve, and is what was ordered never taken for what was given?"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.kinetics import Given, curve
from daybreak.clinical.treatment.levels import (
    AT_ONCE,
    Dose,
    Edges,
    around,
    begun,
    devices,
    doses,
    infused,
    sprayed,
)
from daybreak.knowledge import kinetics
from tests.clinical.treatment.build import BEGIN, Story

LONG = 180
(SPRAY,) = kinetics.models("esketamine", "nasal")
NASAL = kinetics.nasal(SPRAY, age=45)
KAMP = next(kinetics.by_weight(one, kg=70) for one in kinetics.models("ketamine", "iv") if one["id"] == "kamp")
mgs = st.integers(0, 56).map(Decimal)
offs = st.integers(0, 20)


def at(minute: float) -> datetime:
    return BEGIN + timedelta(minutes=minute)


def infusion(story: Story | None = None, *, begins: float = 0, minutes: Any = 40, mg: str = "35") -> Story:
    story = (story or Story()).tell(What.TIMED_OUT, at=begins, order={"minutes": minutes})
    return story.tell(What.INFUSION_STARTED, at=begins, drug="ketamine", route="infusion", mg_high=mg)


def ended(story: Story, *, at: float, low: str = "35", high: str = "35", **more: Any) -> Story:
    return story.tell(What.INFUSION_ENDED, at=at, mg_low=low, mg_high=high, **more)


def told(story: Story, now: float = LONG) -> tuple[Dose, ...]:
    found, why = doses(story.events, now=at(now))
    assert why == ()
    return found


def why(story: Story, now: float = LONG) -> list[str]:
    found, reasons = doses(story.events, now=at(now))
    assert found == ()
    return [one.id for one in reasons]


def by_kamp(story: Story, now: float = LONG) -> Edges:
    return infused(told(story, now), KAMP, minutes=LONG)


def by_spray(story: Story, now: float = LONG) -> Edges:
    return sprayed(told(story, now), NASAL, minutes=LONG)


def holds(edges: Edges, values: tuple[float, ...]) -> bool:
    """Within a minute a curve bends by less than a five-hundredth of its height."""
    near = max(values) / 500
    return all(low - near <= one <= high + near for low, one, high in zip(edges.low, values, edges.high, strict=True))


# ---------- infusions ----------
def test_an_infusion_that_is_known_is_one_line_and_the_curve_of_its_model() -> None:
    found = by_kamp(ended(infusion(), at=40))
    assert found.one
    assert found.low == pytest.approx(curve(KAMP, [Given(35, 0, 40)], range(LONG + 1)))


def test_a_pause_moves_the_rest_and_one_that_was_told_late_does_too() -> None:
    paused = infusion().tell(What.PAUSED, at=15).tell(What.RESUMED, at=25)
    found = by_kamp(ended(paused, at=50))
    expected = curve(KAMP, [Given(13.125, 0, 15), Given(21.875, 25, 25)], range(LONG + 1))
    assert found.one
    assert found.low == pytest.approx(expected)
    assert found.low.index(max(found.low)) == 50
    late = ended(infusion(), at=50).tell(What.PAUSED, at=15).tell(What.RESUMED, at=25)
    assert by_kamp(late) == found


def test_a_pause_before_it_began_or_after_it_was_over_is_none_of_its_own() -> None:
    story = infusion().tell(What.PAUSED, at=-5).tell(What.RESUMED, at=-1)
    story = ended(story, at=40).tell(What.PAUSED, at=60)
    assert by_kamp(story) == by_kamp(ended(infusion(), at=40))


def test_while_it_runs_nothing_is_its_lower_edge_and_the_order_s_pace_the_upper() -> None:
    found = told(infusion(), 10)
    assert [(one.low_mg, one.high_mg, one.runs_still) for one in found] == [(0, Decimal("8.75"), True)]
    edges = infused(found, KAMP, minutes=10)
    assert set(edges.low) == {0.0}
    assert edges.high == pytest.approx(curve(KAMP, [Given(35, 0, 40)], range(11)))
    assert told(infusion(), 0)[0].high_mg == 0


def test_one_that_stands_gives_nothing_more_and_one_that_should_be_over_gives_all_at_the_most() -> None:
    standing = infusion().tell(What.PAUSED, at=15)
    assert told(standing, 16)[0] == told(standing, 90)[0]
    (found,) = told(infusion(), 90)
    assert (found.high_mg, found.runs[0].pieces) == (35, ((0.0, 40.0),))
    again = infusion().tell(What.PAUSED, at=30).tell(What.RESUMED, at=35)
    (found,) = told(again, 200)
    assert found.runs[0].pieces == ((0.0, 30.0), (35.0, 10.0))
    more = again.tell(What.PAUSED, at=50).tell(What.RESUMED, at=60)
    assert told(more, 200)[0].runs[0].pieces == ((0.0, 30.0), (35.0, 10.0))


def test_without_a_pace_or_without_a_most_nothing_is_drawn() -> None:
    assert why(infusion(minutes=0), 10) == ["levels.no-pace"]
    assert why(Story().tell(What.INFUSION_STARTED, drug="ketamine", route="infusion", mg_high="35")) == [
        "levels.no-pace"
    ]
    assert why(Story().tell(What.TIMED_OUT).tell(What.INFUSION_STARTED, drug="ketamine", mg_high="35")) == [
        "levels.no-pace"
    ]
    assert why(Story().tell(What.INFUSION_STARTED, drug="ketamine", route="infusion")) == ["levels.no-most"]
    assert why(Story().device(1, at=0, mg_high=None)) == ["levels.no-most"]


def test_one_that_was_stopped_holds_nothing_and_all() -> None:
    edges = by_kamp(infusion().tell(What.STOPPED, at=20))
    assert holds(edges, (0.0,) * (LONG + 1))
    assert holds(edges, curve(KAMP, [Given(35, 0, 20)], range(LONG + 1)))


def test_one_that_began_and_ended_at_once_went_in_at_once() -> None:
    (found,) = told(ended(infusion(), at=0))
    assert found.runs[0].pieces == AT_ONCE
    assert by_kamp(ended(infusion(), at=0)).low[0] == pytest.approx(35 / 25 * 1000)


def test_times_that_may_be_off_hold_every_way_it_can_have_run() -> None:
    unsure = Story().tell(What.TIMED_OUT, order={"minutes": 40})
    unsure.tell(What.INFUSION_STARTED, uncertain_s=300, drug="ketamine", route="infusion", mg_high="35")
    assert told(unsure, 10)[0].high_mg == Decimal("13.125")  # at the most it runs since five minutes before
    (found,) = told(ended(unsure, at=40, uncertain_s=300))
    assert begun([found]) == at(-5)
    edges = infused([found], KAMP, minutes=LONG)
    for begins, over in ((0, 40), (-5, 45), (5, 35), (-5, 35), (5, 45)):
        assert holds(edges, curve(KAMP, [Given(35, begins + 5, over - begins)], range(LONG + 1)))


# ---------- sprays ----------
def test_devices_that_are_known_are_what_the_model_says() -> None:
    edges = by_spray(Story().device(1, at=0).device(2, at=5))
    assert edges.one
    expected = curve(NASAL.model(), NASAL.devices([(28.0, 0.0), (28.0, 5.0)]), range(LONG + 1))
    assert edges.low == pytest.approx(expected)


def test_a_device_between_two_minutes_lies_between_their_curves() -> None:
    edges = by_spray(Story().device(1, at=0).device(2, at=5.5))
    between = curve(NASAL.model(), NASAL.devices([(28.0, 0.0), (28.0, 5.5)]), range(LONG + 1))
    assert holds(edges, between)
    assert not edges.one


def test_the_order_of_time_says_which_device_was_the_first() -> None:
    assert by_spray(Story().device(2, at=5).device(1, at=0)) == by_spray(Story().device(1, at=0).device(2, at=5))


def test_where_perhaps_nothing_came_of_the_first_the_second_may_be_it() -> None:
    edges = by_spray(Story().device(1, at=0, mg_low="0").device(2, at=5))
    model = NASAL.model()
    for amounts in ([(28.0, 5.0)], [(28.0, 0.0), (28.0, 5.0)], [(14.0, 0.0), (28.0, 5.0)]):
        assert holds(edges, curve(model, NASAL.devices(amounts), range(LONG + 1)))


def test_a_device_of_which_nothing_came_is_left_out_and_nothing_at_all_is_no_curve() -> None:
    assert len(told(Story().device(1, at=0, mg="0").device(2, at=5))) == 1
    assert why(Story()) == why(Story().device(1, at=0, mg="0")) == ["levels.nothing-given"]


def test_two_drugs_or_ways_are_no_one_curve() -> None:
    assert why(ended(infusion(Story().device(1, at=0)), at=40)) == ["levels.mixed"]


def test_an_amount_that_nobody_knows_the_least_of_may_be_nothing() -> None:
    assert told(Story().device(1, at=0, mg_low=None))[0].low_mg == 0


@given(st.lists(st.tuples(mgs, mgs, offs, offs), min_size=1, max_size=3), st.floats(0, 1))
def test_whatever_it_was_between_its_bounds_lies_within_the_edges(made, share) -> None:
    """Each device: its two amounts, how many minutes after the one before, and by how much that may be off."""
    story, now, true = Story(), 30.0, []
    for n, (one, other, gap, off) in enumerate(made, 1):
        low, high = sorted((one, other))
        now += gap
        story.device(n, at=now, of=len(made), mg_low=str(low), mg_high=str(high), uncertain_s=off * 60)
        true.append((float(low + (high - low) * Decimal(share)), now - off + 2 * off * share))
    if all(max(one, other) == 0 for one, other, _, _ in made):
        assert why(story) == ["levels.nothing-given"]
        return
    edges = by_spray(story)
    zero = (begun(told(story)) - BEGIN) / timedelta(minutes=1)
    sprayed_then = [(mg, when - zero) for mg, when in sorted(true, key=lambda each: each[1]) if mg]
    assert holds(edges, curve(NASAL.model(), NASAL.devices(sprayed_then), range(LONG + 1)))


@given(st.lists(mgs.filter(bool), min_size=1, max_size=3))
def test_twice_as_much_is_twice_the_edges(made) -> None:
    def story(factor: int) -> Story:
        found = Story()
        for n, mg in enumerate(made, 1):
            found.device(n, at=5 * n, of=len(made), mg_low=str(mg * factor / 2), mg_high=str(mg * factor))
        return found

    one, two = by_spray(story(1)), by_spray(story(2))
    assert two.low == pytest.approx([2 * each for each in one.low])
    assert two.high == pytest.approx([2 * each for each in one.high])


# ---------- the rest ----------
def test_what_holds_all_is_the_least_and_the_most_of_each_minute() -> None:
    assert around([Edges((1.0, 5.0), (2.0, 6.0)), Edges((0.0, 7.0), (1.0, 8.0))]) == Edges((0.0, 5.0), (2.0, 8.0))


def test_devices_as_they_may_have_been() -> None:
    made = told(Story().device(2, at=5, mg_low="0", uncertain_s=60).device(1, at=0))
    assert devices(made, most=True, late=True) == [(28.0, 0.0), (28.0, 6.0)]
    assert devices(made, most=False, late=False) == [(28.0, 0.0)]
