"""Is the moment at which a patient was ready never earlier than what somebody documented, and unknown where nobody looked?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN
from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.rules import Bound, Criterion
from daybreak.clinical.treatment.session import State, corrected
from daybreak.clinical.treatment.settled import Settled, course, settled
from tests.clinical.treatment.build import BEGIN, Story, dosed, rules, well

CRITERIA = [
    one
    for one in rules().leaving
    if one.id in ("pressure", "sedation", "dissociation", "breathing", "walks", "oriented")
]


def found(story: Story) -> Settled:
    return settled(CRITERIA, story.state, corrected(story.events))


def minute(one: Settled) -> float:
    assert one.by is not None
    return (one.by.latest - BEGIN) / timedelta(minutes=1)


def test_nobody_looked_so_nobody_was_seen_ready() -> None:
    assert found(dosed()) == Settled(None, lacking=tuple(one.id for one in CRITERIA))
    assert settled(CRITERIA, State(), []).by is None
    assert settled([], dosed().state, dosed().events).by is None, "no criterion is none that was fulfilled"


def test_the_last_criterion_decides_and_it_says_when_nobody_had_looked_before() -> None:
    story = well(dosed(), at=100)
    one = found(story)
    assert (minute(one), one.unlooked) == (100, tuple(each.id for each in CRITERIA))
    story = dosed().check("dissociation", 2, at=55)
    one = found(well(story, at=100, but=("dissociation",)).check("dissociation", 0, at=110))
    assert (minute(one), one.last, one.unlooked) == (110, ("dissociation",), ())


def test_what_came_back_is_not_over_and_what_cannot_be_read_holds() -> None:
    story = well(dosed(), at=60).check("dissociation", 1, at=90)
    assert found(story).lacking == ("dissociation",)
    assert minute(found(story.check("dissociation", 0, at=105))) == 105
    assert found(story.check("moaa-s", "asleep", at=108)).lacking == ("sedation",)
    assert found(well(dosed(), at=100, but=("walks",))).lacking == ("walks",)
    assert found(well(dosed(), at=100).answer("walks", "no", at=101)).lacking == ("walks",)


def test_looks_before_the_last_dose_or_before_a_sedative_count_for_nothing() -> None:
    assert found(well(dosed(), at=12)).by is None
    story = well(dosed(), at=60).tell(What.RESCUE, at=70, kind="sedative", watch_again=True)
    assert found(story).by is None
    assert minute(found(well(story, at=130))) == 130


def test_a_row_that_need_not_be_seen_counts_where_it_was() -> None:
    needed, beside = Bound("spo2", most_below=Decimal(2)), Bound("breaths", least=Decimal(10), needed=False)
    both = [Criterion("breathing", True, (needed, beside))]
    story = dosed().check("breaths", "14", at=60)
    assert settled(both, story.state, story.events).lacking == ("breathing",), "nobody looked at the oxygen"
    story.check("spo2", "98", at=65)
    assert minute(settled(both, story.state, story.events)) == 65
    story.check("breaths", "8", at=70)
    assert settled(both, story.state, story.events).lacking == ("breathing",)
    one = settled(both, story.check("breaths", "12", at=90).state, story.events)
    assert (minute(one), one.unlooked) == (90, ())


def test_a_look_whose_time_is_unsure_counts_at_its_last_moment() -> None:
    story = well(dosed(), at=60, but=("moaa-s",))
    story.tell(What.CHECK, at=70, uncertain_s=300, row="moaa-s", value=5)
    assert minute(found(story)) == 75


def test_without_a_reading_before_the_dose_nothing_can_be_as_before() -> None:
    story = Story().device(1, at=10, of=1)
    assert set(found(well(story, at=100)).lacking) == {"pressure", "breathing"}


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ({"systolic": "139", "diastolic": "80"}, MET),
        ({"systolic": "141", "diastolic": "80"}, NOT_MET),
        ({"systolic": "130", "diastolic": "91"}, NOT_MET),
        ({"systolic": "130"}, UNKNOWN),
    ],
)
def test_a_course_holds_every_look_after_the_first_dose(value, verdict) -> None:
    story = dosed().check("pressure", value, at=50)
    (criterion,) = (one for one in CRITERIA if one.id == "pressure")
    one = course(criterion, story.state, corrected(story.events))
    assert [each.verdict for each in one.looks] == [verdict]
    assert len(one.outside) == (verdict is NOT_MET)
    assert len(one.unclear) == (verdict is UNKNOWN)
    assert course(criterion, State(), []).looks == ()
    assert course(criterion, State(), []).over(BEGIN) is None
