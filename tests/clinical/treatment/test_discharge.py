"""Does nobody go home before it is known that leaving is safe, and do they know when they may drive?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN
from daybreak.clinical.treatment.discharge import Seen, holds, leaving, no_driving, watch_until
from daybreak.clinical.treatment.events import Event, What
from daybreak.clinical.treatment.rules import Bound, Criterion, Rules
from tests.clinical.treatment.build import BEGIN, Story, checked_in, dosed, rules, well

RULES = rules()


def at(n: float) -> datetime:
    return BEGIN + timedelta(minutes=n)


def seen(story: Story, *, now: float = 136, rules: Rules = RULES) -> dict[str, Seen]:
    return {one.id: one for one in leaving(story.state, rules, at(now))}


def verdict(story: Story, id: str, *, now: float = 136, rules: Rules = RULES) -> tuple[str, str]:
    one = seen(story, now=now, rules=rules)[id].answer
    return one.verdict, one.reason.id


def test_all_that_is_seen_is_met_and_every_line_has_its_reason() -> None:
    found = seen(well(dosed(), at=136))
    assert {one.answer.verdict for one in found.values()} == {MET}
    assert next(iter(found)) == "watched"
    assert list(found)[-1] == "identity"


def test_of_a_session_in_which_nothing_was_seen_after_the_dose_nothing_is_met() -> None:
    found = seen(dosed(), now=600)
    assert [one.id for one in found.values() if one.answer.verdict is MET] == ["watched"]
    assert not [one for one in seen(Story()).values() if one.answer.verdict is MET]


ROWS = ["pressure", "moaa-s", "dissociation", "spo2"]
ASKED = ["walks", "oriented", "way_home_here", "no_driving", "suicide_leaving"]


@given(st.sets(st.sampled_from([*ROWS, *ASKED, "identity"]), min_size=1))
def test_whatever_is_left_out_holds_the_patient(left_out: set[str]) -> None:
    story = well(dosed(), at=136, but=left_out)
    assert len(list(holds(story.state, RULES, at(136)))) == len(left_out)


def test_what_does_not_make_leaving_safer_holds_nobody() -> None:
    story = well(dosed(), at=136, but=["hand_out"])
    assert verdict(story, "hand_out") == (UNKNOWN, "leaving.not-asked")
    assert not list(holds(story.state, RULES, at(136)))


def test_the_watch_counts_from_the_first_device_and_from_the_last() -> None:
    story = dosed()  # at 10 and 15 minutes
    assert watch_until(story.state, RULES) == at(130)
    longer = rules(watch_after_last=timedelta(minutes=120))
    assert watch_until(story.state, longer) == at(135)
    assert watch_until(story.state, rules(watch_after_last=None)) == at(130)
    assert watch_until(story.state, rules(watch_from_first=None)) == at(105)
    assert watch_until(story.state, rules(watch_from_first=None, watch_after_last=None)) is None
    assert watch_until(checked_in().state, RULES) is None
    running = Story().tell(What.INFUSION_STARTED, at=10, drug="ketamine", mg_high="35")
    assert watch_until(running.state, RULES) is None
    assert verdict(running, "watched") == (UNKNOWN, "leaving.watch-unknown")
    assert verdict(story, "watched", now=129.5) == (NOT_MET, "leaving.watch")
    assert seen(story, now=129.5)["watched"].answer.reason.values == {"minutes": 1}
    assert verdict(story, "watched", now=130) == (MET, "leaving.watched")


def test_a_sedative_begins_it_anew() -> None:
    story = dosed().tell(What.RESCUE, at=100, drug="midazolam", watch_again=True)
    assert watch_until(story.state, RULES) == at(220)
    assert watch_until(story.state, rules(watch_after_last=None)) == at(220)
    assert watch_until(story.state, rules(watch_from_first=None)) == at(190)


def test_a_time_that_is_not_certain_counts_at_its_latest() -> None:
    story = Story().device(1, at=10, of=1).state
    unsure = Story().tell(What.DOSE, at=10, uncertain_s=300, drug="esketamine", mg_low="28", mg_high="28").state
    assert watch_until(unsure, RULES) == watch_until(story, RULES) + timedelta(minutes=5)  # type: ignore[operator]


def test_a_first_device_of_which_perhaps_nothing_was_given_does_not_begin_the_two_hours() -> None:
    lost = {"mg": "0", "mg_high": "28", "why": "sneezed"}
    assert watch_until(Story().device(1, at=10, **lost).device(2, at=50).state, RULES) == at(170)
    assert watch_until(Story().device(1, at=10, **lost).device(2, at=50, **lost).state, RULES) == at(170)
    assert watch_until(Story().device(1, at=10).device(2, at=50, **lost).state, RULES) == at(140)
    assert watch_until(Story().device(1, at=10, mg="1", mg_high="28").device(2, at=15).state, RULES) == at(130)


@pytest.mark.parametrize(
    ("row", "value", "id", "expected"),
    [
        ("pressure", {"systolic": "140", "diastolic": "90"}, "pressure", (MET, "leaving.seen")),
        ("pressure", {"systolic": "141", "diastolic": "90"}, "pressure", (NOT_MET, "leaving.not-back")),
        ("pressure", {"systolic": "140", "diastolic": "91"}, "pressure", (NOT_MET, "leaving.not-back")),
        ("pressure", {"systolic": "NaN", "diastolic": "80"}, "pressure", (UNKNOWN, "leaving.no-figure")),
        ("pressure", "120", "pressure", (UNKNOWN, "leaving.no-figure")),
        ("moaa-s", 4, "sedation", (NOT_MET, "leaving.not-back")),
        ("dissociation", 1, "dissociation", (NOT_MET, "leaving.not-back")),
        ("dissociation", None, "dissociation", (MET, "leaving.seen")),
        ("spo2", "96", "breathing", (MET, "leaving.seen")),
        ("spo2", "95", "breathing", (NOT_MET, "leaving.not-back")),
        ("breaths", "12", "breathing", (MET, "leaving.seen")),
        ("breaths", "11", "breathing", (NOT_MET, "leaving.not-back")),
        ("breaths", "24", "breathing", (MET, "leaving.seen")),
        ("breaths", "25", "breathing", (NOT_MET, "leaving.not-back")),
        ("breaths", "NaN", "breathing", (UNKNOWN, "leaving.no-figure")),
    ],
)
def test_against_what_it_was(row: str, value: Any, id: str, expected: tuple[str, str]) -> None:
    assert verdict(well(dosed(), at=135).check(row, value, at=136), id) == expected


def test_without_a_figure_before_the_dose_there_is_nothing_to_compare_with() -> None:
    story = Story().device(1, at=10, of=1)
    assert verdict(well(story, at=136), "pressure") == (UNKNOWN, "leaving.no-figure")
    only = Criterion("x", True, bounds=(Bound("spo2", least=Decimal(90)),))
    assert verdict(well(story, at=136), "x", rules=rules(leaving=(only,))) == (MET, "leaving.seen")


def test_a_rate_of_breathing_that_was_recorded_is_judged_and_one_that_was_not_is_said_to_be_missing() -> None:
    without = well(dosed(), at=135, but={"breaths"})
    assert verdict(without, "breathing") == (MET, "leaving.seen-without")
    (breathing,) = [one for one in RULES.leaving if one.id == "breathing"]
    asked = replace(breathing, bounds=tuple(replace(one, needed=True) for one in breathing.bounds))
    assert verdict(without, "breathing", rules=rules(leaving=(asked,))) == (UNKNOWN, "leaving.not-checked")
    slow = well(dosed().check("breaths", "8", at=60), at=135, but={"breaths"})
    assert verdict(slow, "breathing") == (NOT_MET, "leaving.not-back"), "what was bad is looked at again"
    during = well(dosed().check("breaths", "7", at=12), at=135, but={"breaths"})
    assert verdict(during, "breathing") == (NOT_MET, "leaving.not-back"), "also what was bad between two devices"
    calm = well(dosed().check("breaths", "14", at=60), at=135, but={"breaths"})
    assert verdict(calm, "breathing") == (MET, "leaving.seen-without"), "long ago it says nothing of now"
    always = Story().check("breaths", "11", at=1).device(1, at=10, of=1)
    same = well(always, at=135).check("breaths", "11", at=136).check("spo2", "98", at=1)
    bound = [one for one in breathing.bounds if one.row == "breaths"]
    only = rules(leaving=(replace(breathing, bounds=tuple(bound)),))
    assert verdict(same, "breathing", rules=only) == (MET, "leaving.seen"), "so they breathed before"
    assert verdict(same.check("breaths", "10", at=137), "breathing", now=138, rules=only)[0] is NOT_MET


def test_what_was_seen_long_ago_or_before_the_last_dose_says_nothing() -> None:
    story = well(dosed(), at=136)
    assert verdict(story, "sedation", now=151) == (MET, "leaving.seen")
    assert verdict(story, "sedation", now=152) == (UNKNOWN, "leaving.checked-long-ago")
    again = well(dosed(), at=136).device(3, at=137)
    assert verdict(again, "sedation", now=137) == (UNKNOWN, "leaving.not-checked")
    assert verdict(again, "walks", now=137) == (UNKNOWN, "leaving.not-asked")
    assert verdict(again, "identity", now=137) == (UNKNOWN, "leaving.identity")


def test_an_answer_from_soon_after_the_dose_says_nothing_about_leaving() -> None:
    story = well(dosed(), at=16)
    assert verdict(story, "walks", now=31) == (MET, "leaving.seen")
    assert verdict(story, "walks", now=136) == (UNKNOWN, "leaving.asked-long-ago")
    assert verdict(story, "suicide", now=136) == (UNKNOWN, "leaving.asked-long-ago")
    assert verdict(story, "identity", now=31) == (MET, "leaving.identified")
    assert verdict(story, "identity", now=136) == (UNKNOWN, "leaving.identity-long-ago")


def test_what_is_said_of_a_time_that_is_still_to_come_is_not_fresh() -> None:
    ahead = well(dosed(), at=300)  # by a clock that was ahead, and was set right
    assert verdict(ahead, "sedation") == (UNKNOWN, "leaving.checked-long-ago")
    assert verdict(ahead, "walks") == (UNKNOWN, "leaving.asked-long-ago")


def test_a_check_of_which_nobody_knows_when_it_was_is_not_of_just_now() -> None:
    """A tablet that was shut down tells it late: it was somewhen within the day."""
    story = well(dosed(), at=136, but=["moaa-s"]).tell(What.CHECK, at=136, row="moaa-s", value=5, uncertain_s=86400)
    assert verdict(story, "sedation") == (UNKNOWN, "leaving.not-checked")
    story = well(dosed(), at=136, but=["moaa-s"]).tell(What.CHECK, at=136, row="moaa-s", value=5, uncertain_s=1800)
    assert verdict(story, "sedation") == (UNKNOWN, "leaving.checked-long-ago")


def test_no_yes_or_no_is_a_figure() -> None:
    assert verdict(well(dosed(), at=135).check("dissociation", False, at=136), "dissociation")[0] is UNKNOWN


def test_answers_and_identity() -> None:
    story = well(dosed(), at=136).answer("suicide_leaving", "yes", at=136).tell(What.IDENTIFIED, at=136, matched=False)
    assert verdict(story, "suicide") == (NOT_MET, "leaving.answered-otherwise")
    assert verdict(story, "identity") == (NOT_MET, "session.identity-differs")
    story.tell(What.ANSWERED, at=136, question="suicide_leaving", decided="go", why="assessed", by="prescriber")
    assert verdict(story, "suicide") == (MET, "leaving.seen")


def test_a_second_answer_about_suicide_lets_nobody_go_and_one_about_walking_does() -> None:
    story = well(dosed(), at=135).answer("suicide_leaving", "yes", at=135).answer("walks", "no", at=135)
    story.answer("suicide_leaving", "no", at=136).answer("walks", "yes", at=136)
    assert verdict(story, "walks") == (MET, "leaving.seen")
    assert verdict(story, "suicide") == (NOT_MET, "leaving.answered-otherwise")
    story.tell(What.ANSWERED, at=136, question="suicide_leaving", decided="go", why="assessed", by="prescriber")
    assert verdict(story, "suicide") == (MET, "leaving.seen")
    story.answer("suicide_leaving", "no", at=136)
    assert verdict(story, "suicide") == (MET, "leaving.seen")


def test_an_open_alarm_or_emergency_holds() -> None:
    story = well(dosed(), at=136).tell(What.ALARM_RAISED, at=136, alarm="a").tell(What.EMERGENCY_OPENED, at=136)
    assert [one.id for one in holds(story.state, RULES, at(136))] == ["session.emergency", "session.alarm"]
    calm = well(dosed(), at=136).tell(What.ALARM_RAISED, at=136, alarm="a", level="caution")
    assert not list(holds(calm.state, RULES, at(136)))


OSLO = ZoneInfo("Europe/Oslo")


def drive(
    drug: str, minutes: float, zone: ZoneInfo = OSLO, rules: Rules = RULES
) -> tuple[date, datetime | None] | None:
    story = Story().tell(What.DOSE, at=minutes, drug=drug, mg_low="1", mg_high="1")
    found = no_driving(story.state, rules, zone)
    return found and (found.day, found.moment)


def test_when_to_drive() -> None:
    assert drive("esketamine", 0) == (date(2026, 12, 1), None)
    assert drive("ketamine", 0) == (date(2026, 12, 1), BEGIN + timedelta(hours=24))
    assert drive("what nobody knows", 0) == drive("ketamine", 0)
    assert drive("esketamine", 60 * 14.5) == (date(2026, 12, 2), None)  # half past midnight there
    assert drive("ketamine", 0, rules=Rules()) is None
    assert no_driving(checked_in().state, RULES, OSLO) is None
    failed = Story().tell(What.DOSE, drug="ketamine", mg_low="0", mg_high="0")
    both = failed.tell(What.DOSE, at=5, drug="esketamine", mg_low="28", mg_high="28")
    assert no_driving(both.state, RULES, OSLO).moment is None  # type: ignore[union-attr]


def test_the_hours_are_hours_also_when_the_clocks_change() -> None:
    spring = datetime(2027, 3, 27, 12, tzinfo=UTC)
    found = drive("ketamine", (spring - BEGIN) / timedelta(minutes=1))
    assert found == (date(2027, 3, 28), spring + timedelta(hours=24))
    assert found[1].astimezone(OSLO).hour == 14  # type: ignore[union-attr]


def test_a_bad_value_that_can_have_been_after_the_newest_holds_and_a_newer_one_ends_that() -> None:
    story = well(dosed(), at=140)
    about = {"happened": BEGIN + timedelta(minutes=139), "received": BEGIN + timedelta(minutes=150), "late": True}
    told = {"row": "spo2", "value": "80"}
    story.events.append(Event(len(story.events) + 1, What.CHECK, told, uncertain_s=300, by="n", **about))
    now = BEGIN + timedelta(minutes=151)
    assert "leaving.not-back" in {one.id for one in holds(story.state, rules(), now)}
    story.check("spo2", "98", at=149)
    assert "leaving.not-back" not in {one.id for one in holds(story.state, rules(), now)}
