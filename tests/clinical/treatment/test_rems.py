"""Does every figure of a monitoring form come from events of the session, with what is not known left unknown?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from daybreak.clinical.treatment import rems
from daybreak.clinical.treatment.events import Outcome, What
from daybreak.clinical.treatment.rems import Minutes
from daybreak.clinical.treatment.session import State, corrected
from tests.clinical.treatment.build import BEGIN, Story, dosed

AROUND = {"span": timedelta(minutes=40), "grace": timedelta(minutes=10)}


def pressure(systolic: int) -> dict[str, str]:
    return {"systolic": str(systolic), "diastolic": "80"}


def ended(story: Story, outcome: Outcome = Outcome.DISCHARGED, *, at: float, uncertain_s: int = 0) -> Story:
    return story.tell(What.ENDED, at=at, outcome=outcome, uncertain_s=uncertain_s)


def minutes(story: Story) -> Minutes | None:
    return rems.watched(story.state, corrected(story.events))


def test_the_minutes_run_from_the_first_device_to_the_end() -> None:
    story = dosed()
    assert minutes(story) is None, "the session is open"
    first = next(one.seq for one in story.events if one.what == What.DOSE)
    story = ended(story, at=140.5)
    assert minutes(story) == Minutes(130, 130, (first, len(story.events)))
    assert minutes(Story().tell(What.ENDED, at=5, outcome="not_today")) is None, "nobody was exposed"


def test_what_is_unsure_stands_between_two_figures() -> None:
    story = Story().tell(What.DOSE, at=10, uncertain_s=120, drug="esketamine", route="nasal", mg_low="28", mg_high="28")
    one = minutes(ended(story, at=140, uncertain_s=60))
    assert one is not None
    assert (one.least, one.most) == (127, 133)
    story = Story().device(1, at=10, mg_low="0", mg_high="28").device(2, at=15)
    one = minutes(ended(story, at=140))
    assert one is not None
    assert (one.least, one.most) == (125, 130), "perhaps nothing of the first one arrived"


def test_who_left_unseen_was_watched_until_the_last_look_at_least() -> None:
    story = ended(dosed().check("spo2", "97", at=70), Outcome.UNSEEN, at=100)
    one = minutes(story)
    assert one is not None
    assert (one.least, one.most) == (60, 90)
    one = minutes(ended(Story().device(1, at=10, of=1), Outcome.UNSEEN, at=100))
    assert one is not None
    assert (one.least, one.most) == (0, 90), "nobody had looked since the device"


def test_three_readings_each_with_its_time_and_how_it_became_known() -> None:
    story = dosed().check("pressure", pressure(150), at=30).check("pressure", pressure(140), at=52)
    story = ended(story.check("pressure", pressure(125), at=135), at=140)
    story.check("pressure", pressure(118), at=150)  # after the end
    events = corrected(story.events)
    first = rems.before(story.state, events, "pressure")
    about = rems.about(story.state, events, "pressure", **AROUND)
    last = rems.last(story.state, events, "pressure")
    assert first
    assert about
    assert last
    assert first.check.value == pressure(120)
    assert first.after is None, "it was before the first device"
    assert (about.reading.check.value, about.within) == (pressure(140), True)
    assert about.reading.after == Minutes(42, 42, (first_device(story),))
    assert (last.check.value, last.late, last.corrected) == (pressure(125), False, False)


def first_device(story: Story) -> int:
    return next(one.seq for one in story.events if one.what == What.DOSE)


def test_a_reading_at_the_minute_of_the_device_is_still_one_of_before() -> None:
    story = Story().check("pressure", pressure(120), at=10).device(1, at=10, of=1)
    one = rems.before(story.state, story.events, "pressure")
    assert one
    assert one.after is None


def test_a_reading_far_from_forty_minutes_is_said_to_be_that() -> None:
    story = dosed().check("pressure", pressure(140), at=75)
    one = rems.about(story.state, story.events, "pressure", **AROUND)
    assert one
    assert (one.reading.check.seq, one.within) == (len(story.events), False)
    assert rems.about(dosed().state, [], "pressure", **AROUND) is None
    assert rems.about(State(), [], "pressure", **AROUND) is None
    assert rems.last(State(), [], "pressure") is None
    assert rems.last(dosed().state, [], "pressure") is None
    assert rems.before(State(), [], "pressure") is None, "without a dose nothing was before it"


def test_a_corrected_and_a_late_reading_say_so() -> None:
    story = dosed().check("pressure", pressure(180), at=50)
    told = {"row": "pressure", "value": pressure(130)}
    story.tell(What.CORRECTED, at=60, seq=len(story.events), told=told, why="mistyped")
    one = rems.last(story.state, corrected(story.events), "pressure")
    assert one
    assert (one.check.value, one.corrected, one.late) == (pressure(130), True, False)
    seq, happened = one.check.seq, (BEGIN + timedelta(minutes=48)).isoformat()
    story.tell(What.CORRECTED, at=70, seq=seq, told=told, happened=happened, why="it was earlier")
    one = rems.last(story.state, corrected(story.events), "pressure")
    assert one
    assert (one.late, one.check.at) == (True, BEGIN + timedelta(minutes=48))


def test_an_amount_that_nobody_knows_has_no_upper_bound() -> None:
    whole = rems.amount(dosed().state)
    assert (whole.least_mg, whole.most_mg, len(whole.events)) == (Decimal(56), Decimal(56), 2)
    partial = Story().device(1, at=10, mg_low="0", mg_high="28").device(2, at=15)
    one = rems.amount(partial.state)
    assert (one.least_mg, one.most_mg, one.known, one.events) == (Decimal(28), Decimal(56), False, (1, 2))
    unknown = Story().tell(What.DOSE, at=10, drug="esketamine", route="nasal", n=1, of=1)
    one = rems.amount(unknown.state)
    assert (one.least_mg, one.most_mg, one.known) == (Decimal(0), None, False)
    assert rems.amount(dosed().state).known


def test_a_minute_that_began_counts_whole_where_it_must_not_be_too_early() -> None:
    state = dosed().state
    at = BEGIN + timedelta(minutes=70, seconds=1)
    assert rems.since_first(state, at, at) == Minutes(60, 60, (first_device(dosed()),))
    assert rems.since_first(state, at, at, up=True) == Minutes(61, 61, (first_device(dosed()),))
    assert rems.since_first(State(), at, at) is None
    assert rems.since_first(state, BEGIN, BEGIN) is None
