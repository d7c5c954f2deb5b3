"""Is the state of a session what its events say, whatever they are?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.events import AFTER_EXPOSURE, Event, Outcome, Phase, What, decimal
from daybreak.clinical.treatment.session import fold
from tests.clinical.treatment.build import BEGIN, Story, checked_in, dosed


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def test_from_planned_to_home() -> None:
    story = Story()
    assert story.state.phase is Phase.PLANNED
    assert story.tell(What.ARRIVED).state.phase is Phase.ARRIVED
    assert story.tell(What.CLEARED, at=1, by="lm").state.cleared.by == "lm"  # type: ignore[union-attr]
    assert story.state.phase is Phase.CLEARED
    assert story.device(1, at=10).state.phase is Phase.DOSING
    assert story.device(2, at=15).state.phase is Phase.OBSERVING
    assert story.tell(What.READY, at=140).state.phase is Phase.READY
    assert story.tell(What.OBSERVING_AGAIN, at=141).state.phase is Phase.OBSERVING
    assert story.tell(What.READY, at=142).tell(What.ENDED, at=143, outcome="discharged").state.phase is Phase.CLOSED
    assert story.state.outcome is Outcome.DISCHARGED


def test_what_comes_again_or_out_of_turn_changes_no_phase() -> None:
    story = dosed().tell(What.ARRIVED, at=20).tell(What.CLEARED, at=21)
    assert story.state.phase is Phase.OBSERVING
    assert checked_in().tell(What.READY, at=5).state.phase is Phase.ARRIVED
    assert checked_in().tell("never heard of", at=5).state.phase is Phase.ARRIVED
    assert checked_in().tell(What.STOPPED, at=5).state.phase is Phase.ARRIVED
    ended = dosed().tell(What.ENDED, at=60, outcome="unseen").tell(What.ENDED, at=61, outcome="discharged")
    assert ended.state.outcome is Outcome.UNSEEN


def test_exposures_carry_both_bounds_and_both_times() -> None:
    story = Story().device(1, at=10, mg_high="28", mg="0", why="sneezed", uncertain_s=60)
    one = story.state.exposures[0]
    assert (one.mg_low, one.mg_high) == (Decimal(0), Decimal(28))
    assert (one.first, one.last) == (BEGIN + minutes(9), BEGIN + minutes(11))
    assert story.state.exposed
    assert story.state.watched_from == story.state.last_exposure == BEGIN + minutes(11)
    assert story.state.first_exposure == BEGIN + minutes(9)


def test_nothing_can_have_happened_after_we_were_told() -> None:
    told = {"drug": "esketamine", "n": 1, "mg_low": "28", "mg_high": "28"}
    one = Event(1, What.DOSE, told, happened=BEGIN, uncertain_s=600, received=BEGIN + minutes(2))
    assert fold([one]).last_exposure == BEGIN + minutes(2)
    ahead = Event(1, What.DOSE, told, happened=BEGIN, received=BEGIN - minutes(2))
    assert fold([ahead]).last_exposure == BEGIN


@pytest.mark.parametrize("amount", [None, "NaN", "-1", "Infinity", "much", 1.5, [], False, True, "1_0"])
def test_an_amount_that_is_none_is_unknown_and_may_have_reached_the_patient(amount: Any) -> None:
    assert decimal(amount) is None
    state = Story().device(1, at=10, mg_high=amount).state
    assert state.exposed
    assert state.phase is Phase.DOSING


def test_bounds_that_contradict_each_other_do_not_say_that_nothing_was_given() -> None:
    assert Story().device(1, at=10, mg="28", mg_high="0").state.exposed


def test_a_device_that_gave_nothing_is_no_exposure() -> None:
    story = checked_in().tell(What.CLEARED, at=2).device(1, at=10, of=1, mg="0", why="device faulty")
    assert not story.state.exposed
    assert story.state.phase is Phase.CLEARED
    assert story.state.watched_from is story.state.last_exposure is None
    assert story.tell(What.ENDED, at=12, outcome="not_today", why="device").state.outcome is Outcome.NOT_TODAY
    second = dosed().device(2, at=16, mg="0")
    assert second.state.phase is Phase.OBSERVING
    between = checked_in().device(1, at=10, of=2).device(2, at=15, mg="0")
    assert between.state.phase is Phase.OBSERVING


def test_the_first_that_is_told_without_numbers_is_the_only_one() -> None:
    story = Story().tell(What.DOSE, drug="ketamine", route="sc", mg_low="30", mg_high="30")
    assert story.state.planned_doses == 1
    assert story.state.phase is Phase.OBSERVING


def test_an_infusion_runs_until_it_ends_or_is_stopped() -> None:
    story = Story().tell(What.INFUSION_STARTED, at=10, drug="ketamine", route="iv", mg_high="35")
    running = story.state
    assert running.phase is Phase.DOSING
    assert running.running
    assert running.last_exposure is None
    assert (running.exposures[0].mg_low, running.exposures[0].mg_high) == (Decimal(0), Decimal(35))
    assert story.tell(What.PAUSED, at=20).state.paused
    assert not story.tell(What.RESUMED, at=21).state.paused
    beside = Story(list(story.events)).tell(What.DOSE, at=22, drug="ketamine", route="iv", mg_low="5", mg_high="5")
    assert beside.state.phase is Phase.DOSING
    ended = Story(list(story.events)).tell(What.INFUSION_ENDED, at=50, mg_low="35", mg_high="35").state
    assert ended.phase is Phase.OBSERVING
    assert ended.exposures[0].mg_low == 35
    assert ended.last_exposure == BEGIN + minutes(50)
    stopped = story.tell(What.STOPPED, at=30, why="patient stopped").state
    assert stopped.stopped_early
    assert stopped.phase is Phase.OBSERVING
    assert (stopped.exposures[0].mg_low, stopped.exposures[0].mg_high) == (Decimal(0), Decimal(35))


def test_an_infusion_of_which_nothing_ran_is_no_exposure() -> None:
    story = checked_in().tell(What.CLEARED, at=2).tell(What.INFUSION_STARTED, at=10, drug="ketamine", mg_high="35")
    story.tell(What.INFUSION_ENDED, at=11, mg_low="0", mg_high="0", why="line infiltrated")
    assert story.state.phase is Phase.CLEARED
    assert not story.state.exposed


def test_stopping_between_devices_leads_to_observing() -> None:
    story = checked_in().tell(What.CLEARED, at=2).device(1, at=10).tell(What.STOPPED, at=12, why="dizzy")
    assert story.state.phase is Phase.OBSERVING


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in AFTER_EXPOSURE] + ["gone", None])
def test_no_other_end_closes_a_session_after_a_dose(outcome: str | None) -> None:
    state = dosed().tell(What.ENDED, at=60, outcome=outcome).state
    assert state.phase is Phase.OBSERVING
    assert state.outcome is None


def test_a_dose_that_becomes_known_later_opens_it_again_unless_it_ended_as_after_a_dose() -> None:
    cancelled = checked_in().tell(What.ENDED, at=5, outcome="cancelled").device(1, at=10, of=1)
    assert cancelled.state.phase is Phase.OBSERVING
    assert cancelled.state.outcome is None
    unseen = dosed().tell(What.ENDED, at=60, outcome="unseen").device(3, at=16)
    assert unseen.state.phase is Phase.CLOSED
    assert len(unseen.state.exposures) == 3


def test_what_takes_ready_back() -> None:
    ready = dosed().tell(What.READY, at=140)
    for what, told in (
        (What.ALARM_RAISED, {"alarm": "a", "level": "alarm"}),
        (What.ALARM_RAISED, {"alarm": "a"}),
        (What.EMERGENCY_OPENED, {}),
        (What.RESCUE, {"drug": "midazolam", "watch_again": True}),
        (What.DOSE, {"drug": "esketamine", "mg_high": "28"}),
    ):
        assert Story(list(ready.events)).tell(what, at=141, **told).state.phase is Phase.OBSERVING
    for what, told in (
        (What.ALARM_RAISED, {"alarm": "a", "level": "caution"}),
        (What.RESCUE, {"drug": "ondansetron", "watch_again": False}),
        (What.EVENT, {"text": "slept"}),
        (What.CALLED, {"tap": "call"}),
    ):
        assert Story(list(ready.events)).tell(what, at=141, **told).state.phase is Phase.READY


def test_alarms_and_emergencies_are_open_until_they_are_over() -> None:
    story = dosed().tell(What.ALARM_RAISED, at=20, alarm="a").tell(What.ALARM_ACKNOWLEDGED, at=21, alarm="a")
    assert dict(story.state.alarms) == {"a": "alarm"}
    assert not story.tell(What.ALARM_RESOLVED, at=22, alarm="a").state.alarms
    story.tell(What.EMERGENCY_OPENED, at=30, by=None).tell(What.EMERGENCY_OPENED, at=31)
    assert story.state.emergency.at == BEGIN + minutes(30)  # type: ignore[union-attr]
    assert story.tell(What.EMERGENCY_CLOSED, at=32).state.emergency is None


def test_a_sedative_begins_the_watch_anew_and_the_last_counts() -> None:
    story = dosed().tell(What.RESCUE, at=60, drug="midazolam", watch_again=True)
    story.tell(What.RESCUE, at=40, drug="midazolam", watch_again=True)
    assert story.state.watch_again_from == BEGIN + minutes(60)


def test_of_a_medicine_about_which_nobody_says_it_the_watch_begins_anew() -> None:
    story = dosed().tell(What.READY, at=140).tell(What.RESCUE, at=141, drug="something")
    assert story.state.watch_again_from == BEGIN + minutes(141)
    assert story.state.phase is Phase.OBSERVING


def test_one_infusion_that_ends_does_not_end_the_other() -> None:
    story = Story().tell(What.INFUSION_STARTED, at=10, drug="ketamine", mg_high="35")
    story.tell(What.INFUSION_STARTED, at=12, drug="ketamine", mg_high="35").tell(What.INFUSION_ENDED, at=50)
    assert story.state.phase is Phase.DOSING
    assert story.tell(What.INFUSION_ENDED, at=52).state.phase is Phase.OBSERVING


def late(story: Story, what: What, *, at: float, **told: Any) -> Story:
    story.tell(what, at=at, **told)
    story.events[-1] = replace(story.events[-1], late=True)
    return story


def test_what_becomes_known_late_does_not_take_the_place_of_what_was_said_after_it() -> None:
    story = checked_in().answer("suicide", "yes", at=3).tell(What.IDENTIFIED, at=3, matched=False)
    late(story, What.ANSWERED, at=2, question="suicide", answer="no")
    late(story, What.IDENTIFIED, at=2, matched=True)
    assert story.state.answers["suicide"].answer == "yes"
    assert story.state.identified.told == {"matched": False}  # type: ignore[union-attr]
    late(story, What.ANSWERED, at=4, question="suicide", answer="no")
    late(story, What.IDENTIFIED, at=4, matched=True)
    assert story.state.answers["suicide"].answer == "no"
    assert story.state.identified.told == {"matched": True}  # type: ignore[union-attr]
    back = checked_in().answer("suicide", "no", at=3).answer("suicide", "yes", at=2)  # a clock was set back
    assert back.state.answers["suicide"].answer == "yes"


def test_the_last_answer_counts_and_takes_a_decision_with_it() -> None:
    story = checked_in().answer("ill", "yes", at=2)
    story.tell(What.ANSWERED, at=3, by="prescriber", question="ill", decided="go", why="a cold")
    assert (story.state.answers["ill"].decided, story.state.answers["ill"].decided_by) == ("go", "prescriber")
    assert story.answer("ill", "yes", at=4).state.answers["ill"].decided == ""
    assert "food" not in Story().tell(What.ANSWERED, question="food", decided="go").state.answers


def test_checks_before_and_after() -> None:
    story = dosed().check("pressure", {"systolic": "150", "diastolic": "95"}, at=50)
    assert story.state.baseline("pressure").value["systolic"] == "120"  # type: ignore[union-attr]
    assert story.state.latest("pressure").value["systolic"] == "150"  # type: ignore[union-attr]
    assert story.state.latest("pressure", BEGIN + minutes(50)) is None
    assert story.state.latest("moaa-s") is None
    assert checked_in().state.baseline("spo2") is not None
    assert len(Story().tell(What.CHECK, row=3, value=1).check("spo2", None).state.checks) == 0


def test_a_correction_changes_what_was_told_and_never_what_was_signed() -> None:
    story = dosed().tell(What.CORRECTED, at=30, seq=len(dosed().events), told={"n": 2, "of": 2, "mg_high": "10"})
    assert story.state.exposures[1].mg_high == 10
    signed = next(one.seq for one in story.events if one.what == What.CLEARED)
    story.tell(What.CORRECTED, at=31, seq=signed, told={"no": "longer"})
    assert story.state.cleared.told == {}  # type: ignore[union-attr]
    assert story.tell(What.CORRECTED, at=32, seq=1).state.phase is Phase.OBSERVING


def test_what_a_prescriber_decided_is_no_answer_to_be_corrected() -> None:
    story = checked_in().answer("suicide", "yes", at=2)
    story.tell(What.ANSWERED, at=3, by="prescriber", question="suicide", decided="stop", why="plan")
    story.tell(What.CORRECTED, at=4, seq=len(story.events), told={"question": "suicide", "answer": "no"})
    assert story.state.answers["suicide"].decided == "stop"


def test_a_decision_about_an_answer_that_was_corrected_later_is_none_about_the_new_one() -> None:
    story = checked_in().answer("pregnancy", "contraception", at=2)
    seq = len(story.events)
    story.tell(What.ANSWERED, at=3, by="prescriber", question="pregnancy", decided="go", why="talked")
    story.tell(What.CORRECTED, at=4, seq=seq, told={"question": "pregnancy", "answer": "breast_feeding"})
    assert story.state.answers["pregnancy"].decided == ""
    story.tell(What.ANSWERED, at=5, by="prescriber", question="pregnancy", decided="go", why="talked again")
    assert story.state.answers["pregnancy"].decided == "go"


def test_nobody_corrects_what_was_not_told_yet_or_what_the_watch_raised() -> None:
    story = checked_in().tell(What.CORRECTED, at=3, seq=len(checked_in().events) + 2, told={"mg_high": "0"})
    assert story.device(1, at=10).state.exposed
    story.tell(What.ALARM_RAISED, at=11, alarm="a", level="alarm")
    story.tell(What.CORRECTED, at=12, seq=len(story.events), told={"alarm": "a", "level": "caution"})
    assert dict(story.state.alarms) == {"a": "alarm"}
    assert story.tell(What.CORRECTED, at=13, seq=[1], told={}).state.exposed


KEYS = ["drug", "n", "of", "mg_low", "mg_high", "outcome", "row", "value", "seq", "told", "alarm", "level", "matched"]
TOLD = st.dictionaries(
    st.sampled_from(KEYS),
    st.sampled_from([None, 0, 1, 2, "0", "28", "NaN", "discharged", "cancelled", "x", {"mg_high": "0"}, True]),
    max_size=6,
)
EVENTS = st.lists(st.tuples(st.sampled_from([*What, "new"]), TOLD, st.integers(-600, 600)), max_size=25)


@given(EVENTS)
def test_folding_refuses_nothing_and_closes_exposed_sessions_only_by_the_five_ends(found: list[Any]) -> None:
    story = Story()
    for what, told, at in found:
        story.events.append(Event(len(story.events) + 1, what, told, happened=BEGIN + minutes(at)))
        state = story.state
        assert not (state.phase is Phase.CLOSED and state.exposed) or state.outcome in AFTER_EXPOSURE
        assert (state.outcome is None) == (state.phase is not Phase.CLOSED)
        assert fold(reversed(story.events)) == state


def test_a_correction_of_the_time_moves_it_and_is_late_known() -> None:
    story = dosed()
    seq = story.events[-1].seq
    told = {"seq": seq, "told": story.events[-1].told}
    story.tell(What.CORRECTED, at=30, **told, happened=(BEGIN + timedelta(minutes=21)).isoformat(), off_s=120)
    moved = story.state.exposures[1]
    assert (moved.first, moved.last) == tuple(BEGIN + timedelta(minutes=one) for one in (19, 23))
    story.tell(What.CORRECTED, at=31, seq=seq, told={**story.events[seq - 1].told, "mg_low": "0"})
    assert story.state.exposures[1].last == moved.last, "another correction leaves the time where it was put"
    story.tell(What.CORRECTED, at=32, **told, happened=(BEGIN + timedelta(minutes=20)).isoformat())
    assert story.state.exposures[1].last == BEGIN + timedelta(minutes=20)


@pytest.mark.parametrize("at", [None, 7, "soon", "2026-11-30T09:15:00"])
def test_a_time_that_is_none_moves_nothing(at: Any) -> None:
    story = dosed()
    before = story.state.exposures
    last = story.events[-1]
    story.tell(What.CORRECTED, at=30, seq=last.seq, told=last.told, happened=at, off_s="x")
    assert story.state.exposures == before


def test_what_never_was_is_taken_back_and_a_dose_is_not() -> None:
    story = dosed().check("moaa-s", 3, at=20).tell(What.RESCUE, at=21, drug="x")
    before = story.state
    for one in before.exposures[0].seq, before.latest("moaa-s").seq, before.rescues[0].seq:
        told = story.events[one - 1].told
        story.tell(What.CORRECTED, at=25, seq=one, told={**told, "taken_back": True})
    after = story.state
    assert after.exposures == before.exposures
    assert after.latest("moaa-s") is None
    assert (after.rescues, after.watch_again_from) == ((), None)


def at(n: float) -> datetime:
    return BEGIN + timedelta(minutes=n)


def unsure(story: Story, what: What, happened: float, off: float = 0, **told: Any) -> Story:
    """Told late, with its uncertainty."""
    about = {"happened": at(happened), "received": at(60), "uncertain_s": int(off * 60), "late": True, "by": "n"}
    story.events.append(Event(len(story.events) + 1, what, told, **about))
    return story


@pytest.mark.parametrize(
    ("happened", "off", "answer", "found"),
    [
        (10, 2, "yes", "no"),  # surely before
        (30, 5, "yes", "yes"),  # surely after
        (18, 5, "yes", ""),  # nobody knows which was the last
        (18, 5, "no", "no"),
    ],
)
def test_a_late_answer_counts_at_its_worse_end(happened: float, off: float, answer: str, found: str) -> None:
    story = unsure(Story().answer("ill", "no", at=20), What.ANSWERED, happened, off, question="ill", answer=answer)
    told = story.state.answers["ill"]
    assert told.answer == found
    assert told.at <= at(happened) - minutes(off) or found == "no"


@pytest.mark.parametrize(
    ("happened", "off", "before", "matched", "found"),
    [(10, 2, True, False, True), (18, 5, True, False, False), (18, 5, False, True, False), (30, 5, False, True, True)],
)
def test_of_two_identities_in_no_order_the_one_that_did_not_fit_counts(
    happened: float, off: float, before: bool, matched: bool, found: bool
) -> None:
    story = Story().tell(What.IDENTIFIED, at=20, matched=before)
    assert unsure(story, What.IDENTIFIED, happened, off, matched=matched).state.identified.told["matched"] is found


def test_a_check_that_can_have_been_after_the_first_dose_is_no_baseline_and_stays_a_candidate_for_the_newest() -> None:
    story = Story().check("spo2", "98", at=1)
    unsure(story, What.CHECK, 9, 3, row="spo2", value="90").device(1, at=10, of=1)
    assert story.state.baseline("spo2").value == "98"
    assert [one.value for one in story.state.newest("spo2")] == ["90"]
    story.check("spo2", "97", at=11)
    assert [one.value for one in story.state.newest("spo2")] == ["97", "90"]
    story.check("spo2", "96", at=20)
    assert [one.value for one in story.state.newest("spo2")] == ["96"]
    assert story.state.newest("breaths") == ()
