"""Does a command wait for each of its gates, and is what was done without them seen?"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.commands import TRANSITIONS, Command, Context, card, deviations, may
from daybreak.clinical.treatment.events import Phase, What
from daybreak.clinical.treatment.rules import Rules
from tests.clinical.treatment.build import BEGIN, CLEAR, Story, checked_in, dosed, rules, well

RULES = rules()


def why(
    story: Story, what: What, *, at: float = 5, context: Context = CLEAR, rules: Rules = RULES, **told: Any
) -> list[str]:
    now = BEGIN + timedelta(minutes=at)
    return [one.id for one in may(story.state, Command(what, told), rules=rules, context=context, now=now)]


def gives(story: Story, what: What = What.DOSE, *, at: float = 5, mg_high: Any = "28", **other: Any) -> list[str]:
    return why(story, what, at=at, mg_high=mg_high, **other)


def cleared() -> Story:
    return checked_in().tell(What.CLEARED, at=2).tell(What.TIMED_OUT, at=3, second="prescriber")


NOT_TODAY = {"outcome": "not_today", "why": "x", "home": "ride", "safe": "yes", "suicide_asked": "no"}


def test_every_event_has_its_line_in_the_table() -> None:
    assert set(TRANSITIONS) == set(What)


def test_with_everything_there_it_goes() -> None:
    assert why(checked_in(), What.CLEARED) == []
    assert why(cleared(), What.DOSE) == []
    assert why(cleared(), What.INFUSION_STARTED) == []


def test_an_infusion_asks_what_a_device_asks() -> None:
    assert TRANSITIONS[What.INFUSION_STARTED][1] == TRANSITIONS[What.DOSE][1]


def test_of_nothing_nothing_is_cleared() -> None:
    lacking = why(Story().tell(What.ARRIVED), What.CLEARED, context=Context())
    assert {"session.not-identified", "session.not-asked", "session.no-baseline", "session.pressure"} <= set(lacking)
    assert {"session.no-decision", "session.no-consent", "session.criteria", "session.no-way-home"} <= set(lacking)
    nothing = rules(between_devices=None, watch_from_first=None, watch_after_last=None)
    dose = why(Story().tell(What.ARRIVED).tell(What.CLEARED), What.DOSE, context=Context(), rules=nothing)
    assert {"session.no-order", "session.no-limits", "session.no-prescriber", "session.no-watch"} <= set(dose)
    assert {"session.too-few-nurses", "session.emergency-elsewhere", "session.no-more-doses"} <= set(dose)


CLEARS = ("decision", "consent", "visit", "criteria", "pressure", "way_home", "monitored", "only_one", "chair", "sound")
ASKED = (*CLEARS, "order", "more", "timed_out", "pump", "stock", "limits", "prescriber", "nurses", "calm")


def test_every_fact_of_the_context_gates_something() -> None:
    assert {one.name for one in fields(Context)} - {"why", "may_weigh", "most_mg", "today"} == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("known", [False, None])
def test_what_is_not_known_clears_no_more_than_no(name: str, known: bool | None) -> None:
    context = replace(CLEAR, **{name: known})
    assert len(why(cleared(), What.DOSE, context=context)) == 1
    assert len(why(checked_in(), What.CLEARED, context=context)) == (1 if name in CLEARS else 0)
    own = replace(context, why={name: (Reason("session.why"),)})
    assert why(cleared(), What.DOSE, context=own) == ["session.why"]


def test_the_phase_is_asked_first() -> None:
    assert why(checked_in(), What.DOSE) == ["session.not-now"]
    assert why(dosed(), What.DOSE, at=60) == ["session.not-now"]
    assert why(Story(), What.CHECK) == ["session.not-now"]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"but": ["food"]}, "session.not-asked"),
        ({"but": ["spo2"]}, "session.no-baseline"),
    ],
)
def test_what_is_missing_from_the_check_in(told: dict[str, Any], reason: str) -> None:
    assert why(checked_in(**told), What.CLEARED) == [reason]


def test_the_card() -> None:
    assert why(checked_in().answer("impression", "affected"), What.CLEARED) == ["session.answer-stops"]
    story = checked_in().answer("ill", "yes", at=1)
    assert why(story, What.CLEARED) == ["session.answer-undecided"]
    assert why(Story(list(story.events)).answer("ill", "something new", at=1), What.CLEARED) == [
        "session.answer-undecided"
    ]
    story.tell(What.ANSWERED, at=2, question="ill", decided="stop", why="fever")
    assert why(story, What.CLEARED) == ["session.answer-stops"]
    story.tell(What.ANSWERED, at=2, question="ill", decided="go", why="a cold")
    assert why(story, What.CLEARED) == []


def test_a_suicide_answer_that_is_no_plain_no_is_followed_by_its_questions() -> None:
    followed = [one.id for one in RULES.questions if one.after == "suicide"]
    assert {"suicide_intent", "suicide_plan", "safety_plan"} <= set(followed)
    assert why(checked_in(but=followed), What.CLEARED) == []
    story = checked_in(but=followed).answer("suicide", "not_said", at=1)
    story.tell(What.ANSWERED, at=1, question="suicide", decided="go", why="talked")
    assert why(story, What.CLEARED) == ["session.not-asked"] * len(followed)
    for one in followed:
        story.answer(one, "yes", at=2)
    assert "session.answer-undecided" in why(story, What.CLEARED)
    assert not [one for one in card(checked_in(but=["suicide"]).state, RULES) if one.after], "the first holds by itself"


def test_identity_has_to_fit() -> None:
    story = checked_in().tell(What.IDENTIFIED, at=2, matched=False)
    assert why(story, What.CLEARED) == ["session.identity-differs"]
    assert why(story.tell(What.IDENTIFIED, at=2), What.CLEARED) == ["session.identity-differs"]


def test_a_prescriber_weighs_only_what_was_measured_and_only_afterwards() -> None:
    beyond = replace(CLEAR, pressure=False)
    story = checked_in()
    assert why(story, What.CLEARED, context=beyond) == ["session.pressure"]
    story.tell(What.PRESSURE_DECIDED, at=2, by="prescriber", go=True, why="usual for them")
    assert why(story, What.CLEARED, context=beyond) == []
    assert why(story, What.CLEARED, context=replace(beyond, pressure=None)) == ["session.pressure"]
    assert why(story, What.CLEARED, context=replace(beyond, may_weigh=None)) == ["session.pressure"]
    story.check("pressure", {"systolic": "180", "diastolic": "110"}, at=3)
    assert why(story, What.CLEARED, context=beyond) == ["session.pressure"]
    unmeasured = checked_in(but=["pressure"]).tell(What.PRESSURE_DECIDED, go=True)
    assert "session.pressure" in why(unmeasured, What.CLEARED, context=beyond)


def test_a_delay_holds_until_it_is_measured_again_or_decided_anew() -> None:
    story = checked_in().tell(What.PRESSURE_DECIDED, at=2, go=False, why="rest")
    assert why(story, What.CLEARED) == ["session.pressure-delayed"]
    assert why(Story(list(story.events)).check("pressure", {"systolic": "130"}, at=17), What.CLEARED, at=18) == []
    assert why(story.tell(What.PRESSURE_DECIDED, at=3, go=True), What.CLEARED) == []
    cleared_before = cleared().tell(What.PRESSURE_DECIDED, at=4, go=False, why="a headache")
    for what in (What.DOSE, What.INFUSION_STARTED):
        assert why(cleared_before, what) == ["session.pressure-delayed", "session.decided-since"]
    never = checked_in(but=["pressure"]).tell(What.PRESSURE_DECIDED, at=2, go=False)
    assert "session.pressure-delayed" in why(never, What.CLEARED)


def test_what_was_measured_too_long_before_the_dose_is_measured_again() -> None:
    story = cleared()  # measured at 1 minute
    assert why(story, What.DOSE, at=31) == []
    assert why(story, What.DOSE, at=32) == ["session.baseline-old"] * 4
    assert why(story, What.DOSE, at=0) == ["session.baseline-old"] * 4  # a clock was set back: nobody knows how old
    assert why(story, What.DOSE, at=5, rules=rules(fresh_before=None)) == ["session.baseline-old"] * 4
    assert why(story.device(1, at=30), What.DOSE, at=35) == []


def test_a_pressure_of_which_nobody_knows_when_it_was_is_neither_fresh_nor_measured_again() -> None:
    story = cleared().tell(What.CHECK, at=4, row="spo2", value="98", uncertain_s=3600)
    assert why(story, What.DOSE, at=5) == ["session.baseline-old"]
    delayed = checked_in().tell(What.PRESSURE_DECIDED, at=2, go=False, why="rest")
    delayed.tell(What.CHECK, at=17, row="pressure", value={"systolic": "130"}, uncertain_s=3600)
    assert "session.pressure-delayed" in why(delayed, What.CLEARED, at=18)


def test_a_decision_about_a_pressure_that_was_corrected_or_known_later_is_none_about_the_new_one() -> None:
    beyond = replace(CLEAR, pressure=False)
    story = checked_in().tell(What.PRESSURE_DECIDED, at=2, go=True)
    seq = next(one.seq for one in story.events if one.told.get("row") == "pressure")
    worse = {"row": "pressure", "value": {"systolic": "242", "diastolic": "88"}}
    corrected = Story(list(story.events)).tell(What.CORRECTED, at=3, seq=seq, told=worse)
    assert why(corrected, What.CLEARED, context=beyond) == ["session.pressure"]
    assert why(corrected.tell(What.PRESSURE_DECIDED, at=4, go=True), What.CLEARED, context=beyond) == []
    known_later = story.check("pressure", worse["value"], at=1.5)
    assert why(known_later, What.CLEARED, context=beyond) == ["session.pressure"]


def test_an_infusion_goes_on_only_when_nothing_holds_it_up() -> None:
    story = cleared().tell(What.INFUSION_STARTED, at=10, drug="ketamine", mg_high="35").tell(What.PAUSED, at=15)
    assert why(story, What.RESUMED, at=16) == []
    for name in ("prescriber", "calm"):
        assert len(why(story, What.RESUMED, at=16, context=replace(CLEAR, **{name: None}))) == 1
    story.tell(What.ALARM_RAISED, at=16, alarm="a").tell(What.EMERGENCY_OPENED, at=17)
    assert why(story, What.RESUMED, at=18) == ["session.emergency", "session.alarm"]
    assert ("resumed", "session.emergency") in deviated(story.tell(What.RESUMED, at=18))


def test_nobody_is_their_own_second_person_and_blanks_are_no_reason() -> None:
    needed = rules(second_person=True)
    story = checked_in().tell(What.CLEARED, at=2).tell(What.TIMED_OUT, at=3, by="lm", second="lm")
    assert why(story, What.DOSE, rules=needed) == ["session.no-second-person"]
    blank = story.tell(What.TIMED_OUT, at=3, alone_because="  ", second=" ")
    assert why(blank, What.DOSE, rules=needed) == ["session.no-second-person"]
    assert why(dosed(), What.ENDED, at=60, outcome="against_advice", why=" ") == ["session.why"]
    told = {"outcome": "not_today", "why": "x", "home": " ", "safe": "yes", "suicide_asked": "no"}
    assert why(checked_in(), What.ENDED, **told) == ["session.safe-ending"]


def test_a_time_out_is_held_anew_when_what_was_gone_through_is_not_so_any_more() -> None:
    changed = replace(CLEAR, timed_out=False)
    for what in (What.DOSE, What.INFUSION_STARTED):
        assert why(cleared(), what, context=changed) == ["session.order-changed"]
    second = cleared().device(1, at=10)
    assert why(second, What.DOSE, at=16, context=changed) == ["session.order-changed"]
    assert why(second, What.TIMED_OUT, at=16) == []
    assert why(cleared(), What.DOSE, context=replace(changed, order=None)) == ["session.no-order"]
    story = cleared().tell(What.PRESSURE_DECIDED, at=4, go=True, why="usual")
    assert why(story, What.DOSE) == ["session.decided-since"]
    assert why(story.tell(What.TIMED_OUT, at=5, second="prescriber"), What.DOSE) == []


def test_without_an_order_nobody_asks_for_its_pump() -> None:
    assert why(cleared(), What.DOSE, context=replace(CLEAR, order=False, pump=False)) == ["session.no-order"]


def test_a_weight_that_differs_for_a_reason_is_counted() -> None:
    differs = [{"id": "weighed.unknown", "values": {}}]
    assert deviated(cleared().tell(What.PUMP_COMPARED, at=4, lacking=differs)) == [("pump_compared", "weighed.unknown")]


def test_the_second_person_is_policy_by_route() -> None:
    story = checked_in().tell(What.CLEARED, at=2)
    assert why(story, What.DOSE) == ["session.no-time-out"]
    story.tell(What.TIMED_OUT, at=3)
    assert why(story, What.DOSE) == []
    needed = rules(second_person=True)
    assert why(story, What.DOSE, rules=needed) == ["session.no-second-person"]
    assert why(story.tell(What.TIMED_OUT, at=3, alone_because="nobody else here"), What.DOSE, rules=needed) == []
    assert why(story.tell(What.TIMED_OUT, at=3, second="lm"), What.DOSE, rules=needed) == []


def test_devices_lie_apart_and_end_with_the_order() -> None:
    story = cleared().device(1, at=10, of=3)
    assert why(story, What.DOSE, at=14.99) == ["session.devices-apart"]
    assert why(story, What.DOSE, at=15) == []
    assert why(story, What.DOSE, at=15, context=replace(CLEAR, more=False)) == ["session.no-more-doses"]
    assert why(story, What.DOSE, at=15, rules=rules(between_devices=None)) == ["session.one-dose"]


def test_no_more_is_given_than_one_dose_of_the_order_and_not_so_much_that_nobody_knows_it() -> None:
    for what in (What.DOSE, What.INFUSION_STARTED):
        assert gives(cleared(), what, mg_high="28") == []
        for mg in ("28.01", "280", None, "NaN", "", True):
            assert gives(cleared(), what, mg_high=mg) == ["session.more-than-ordered"]
        assert gives(cleared(), what, mg_high="28", context=replace(CLEAR, most_mg=None)) == ["session.no-order"]
    reported = cleared().device(
        1, at=10, mg="280", lacking=[{"id": "session.more-than-ordered", "values": {"most": "28"}}]
    )
    assert deviated(reported) == [("dose", "session.more-than-ordered")]


def test_after_a_dose_that_nobody_had_cleared_the_next_is_not_given() -> None:
    story = checked_in().tell(What.TIMED_OUT, at=3).device(1, at=10)
    assert why(story, What.DOSE, at=15) == ["session.not-cleared"]


def test_what_holds_only_before_the_first_dose_does_not_hold_up_the_next() -> None:
    story = cleared().device(1, at=10)
    assert why(story, What.DOSE, at=15, context=replace(CLEAR, pressure=None, criteria=None)) == []
    assert why(story, What.DOSE, at=15, context=replace(CLEAR, prescriber=None)) == ["session.no-prescriber"]


def test_who_differs_says_no_or_may_be_pregnant_after_the_first_device_gets_no_second() -> None:
    for name in ("consent", "decision"):
        assert len(why(cleared().device(1, at=10), What.DOSE, at=15, context=replace(CLEAR, **{name: False}))) == 1
    story = cleared().device(1, at=10).tell(What.IDENTIFIED, at=12, matched=False)
    assert why(story, What.DOSE, at=15) == ["session.identity-differs"]
    story = cleared().device(1, at=10).answer("pregnancy", "pregnant", at=12)
    assert why(story, What.DOSE, at=15) == ["session.answer-stops"]


@pytest.mark.parametrize(
    ("what", "told", "reason"),
    [
        (What.EMERGENCY_OPENED, {}, "session.emergency"),
        (What.ALARM_RAISED, {"alarm": "a"}, "session.alarm"),
        (What.ALARM_RAISED, {"alarm": "a", "level": "caution"}, None),
        (What.PAUSED, {}, "session.paused"),
    ],
)
def test_what_holds_the_next_device_up(what: What, told: dict[str, Any], reason: str | None) -> None:
    story = cleared().device(1, at=10).tell(what, at=11, **told)
    assert why(story, What.DOSE, at=15) == ([reason] if reason else [])


def test_after_a_device_that_failed_the_dose_may_be_stopped_for_good() -> None:
    story = cleared().device(1, at=10).tell(What.STOPPED, at=11).device(2, at=12, of=3)
    assert "session.stopped" in why(story, What.DOSE, at=20)


def test_another_answer_takes_no_prescribers_word_away() -> None:
    """Not what calls for one, and not a no: only a prescriber does, or a correction with its reason."""
    decides = {"what": What.ANSWERED, "question": "ill", "why": "a cold", "by": "prescriber"}
    story = checked_in().answer("ill", "yes").answer("ill", "no")
    assert why(story, What.CLEARED) == ["session.answer-undecided"]
    story.tell(**decides, decided="stop").answer("ill", "no")
    assert why(story, What.CLEARED) == ["session.answer-stops"]
    story.tell(**decides, decided="go")
    assert why(story, What.CLEARED) == []
    assert why(story.answer("ill", "no"), What.CLEARED) == []
    slip = checked_in().answer("ill", "yes")
    seq = slip.events[-1].seq
    slip.answer("ill", "no").tell(What.CORRECTED, seq=seq, told={"question": "ill", "answer": "no"}, why="a slip")
    assert why(slip, What.CLEARED) == []


def test_infusions() -> None:
    story = cleared()
    assert why(story, What.INFUSION_ENDED) == ["session.not-now"]
    running = Story(list(story.events)).tell(What.INFUSION_STARTED, at=10, drug="ketamine", mg_high="35")
    assert why(running, What.INFUSION_ENDED, at=50) == []
    assert why(running, What.INFUSION_ENDED, at=50, mg_high="35") == []
    assert why(running, What.INFUSION_ENDED, at=50, mg_high="350") == ["session.more-than-ordered"]
    assert why(running, What.DOSE, at=50) == ["session.infusion-runs"]
    assert why(running, What.ENDED, at=50, outcome="unseen") == ["session.infusion-runs"]
    assert why(running, What.ENDED, at=50, outcome="transferred") == []
    assert why(story.device(1, at=10), What.INFUSION_ENDED, at=11) == ["session.no-infusion"]


def test_ready_and_home() -> None:
    story = well(dosed(), at=136)
    assert why(story, What.READY, at=136) == []
    assert why(well(dosed(), at=129), What.READY, at=129) == ["leaving.watch"]
    assert "session.not-ready" in why(story, What.ENDED, at=136, outcome="discharged")
    story.tell(What.READY, at=136)
    assert why(story, What.ENDED, at=137, outcome="discharged") == []
    assert "leaving.checked-long-ago" in why(story, What.ENDED, at=160, outcome="discharged")
    unready = well(dosed(), at=136, but=["walks"])
    assert why(unready, What.READY, at=136) == ["leaving.not-asked"]


@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        ({"outcome": "cancelled", "why": "x"}, ["session.end-after-dose"]),
        ({"outcome": "not_today"}, ["session.end-after-dose"]),
        ({}, ["session.end-after-dose"]),
        ({"outcome": "against_advice"}, ["session.why"]),
        ({"outcome": "against_advice", "why": "has to go"}, []),
        ({"outcome": "unseen"}, []),
        ({"outcome": "transferred"}, []),
        ({"outcome": "died"}, []),
    ],
)
def test_ends_after_a_dose(told: dict[str, Any], reasons: list[str]) -> None:
    assert why(dosed(), What.ENDED, at=60, **told) == reasons


@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        ({"outcome": "discharged"}, ["session.end-before-dose"]),
        ({"outcome": "unseen"}, ["session.end-before-dose"]),
        ({"outcome": "cancelled"}, ["session.why"]),
        ({"outcome": "cancelled", "why": "x"}, []),
        ({"outcome": "not_today", "why": "x"}, ["session.safe-ending"]),
        ({"outcome": "not_today", "why": "x", "home": "ride", "suicide_asked": "no"}, ["session.safe-ending"]),
        ({**NOT_TODAY, "suicide_asked": "perhaps"}, ["session.safe-ending"]),
        ({**NOT_TODAY, "safe": "no", "home": ""}, ["session.not-safe-to-leave"]),
        (NOT_TODAY, []),
        ({"outcome": "transferred"}, []),
    ],
)
def test_ends_before_any_dose(told: dict[str, Any], reasons: list[str]) -> None:
    assert why(checked_in(), What.ENDED, **told) == reasons


def deviated(story: Story) -> list[tuple[str, str]]:
    by_seq = {one.seq: one.what for one in story.events}
    return [(by_seq[one.seq], one.reason.id) for one in deviations(story.events, RULES)]


def test_what_was_done_as_it_should_be_is_no_deviation() -> None:
    story = well(dosed(), at=136).tell(What.READY, at=136).tell(What.ENDED, at=137, outcome="discharged")
    assert deviated(story) == []


def test_a_dose_without_its_gates_is_seen() -> None:
    found = deviated(Story().tell(What.ARRIVED).device(1, at=10))
    assert found == [("dose", "session.not-now")]
    lacking = [{"id": "session.no-prescriber"}, {"id": "session.devices-apart", "values": {"seconds": 9}}]
    story = cleared().device(1, at=10).device(2, at=12, lacking=lacking)
    assert deviated(story) == [("dose", "session.no-prescriber"), ("dose", "session.devices-apart")]


def test_a_correction_shows_what_was_signed_on_it() -> None:
    story = dosed()
    identified = next(one.seq for one in story.events if one.what == What.IDENTIFIED)
    story.tell(What.CORRECTED, at=30, seq=identified, told={"matched": False})
    assert ("cleared", "session.identity-differs") in deviated(story)
    assert ("dose", "session.identity-differs") in deviated(story)


def test_an_end_that_was_none_is_seen() -> None:
    assert deviated(dosed().tell(What.ENDED, at=60, outcome="cancelled")) == [("ended", "session.end-after-dose")]


def test_a_correction_after_which_nothing_was_given_is_seen() -> None:
    story = cleared().device(1, at=10, of=1)
    story.tell(What.CORRECTED, at=30, seq=len(story.events), told={"drug": "esketamine", "mg_low": "0", "mg_high": "0"})
    assert not story.state.exposed
    assert deviated(story) == [("corrected", "session.taken-back")]


def test_whose_way_home_has_not_come_is_not_sent_home_before_it_is_decided() -> None:
    story = well(dosed(), at=150).tell(What.READY, at=150)
    assert why(story, What.ESCORT_TRIED, at=151) == ["session.escort-not-missing"]
    story.tell(What.ESCORT_MISSING, at=151).tell(What.ESCORT_MISSING, at=152)
    assert story.state.escort_missing is not None
    assert story.state.escort_missing.at == BEGIN + timedelta(minutes=151), "it is missing since then"
    assert why(story, What.ENDED, at=153, outcome="discharged") == ["session.escort-missing"]
    assert why(story, What.ESCORT_DECIDED, at=153) == []
    came = Story(list(story.events)).tell(What.ESCORT_CAME, at=154)
    for told in (came, story.tell(What.ESCORT_DECIDED, at=154, home="ride", why="known driver")):
        assert why(told, What.ENDED, at=155, outcome="discharged") == []


def test_an_end_that_was_a_mistake_is_taken_back_on_its_day_and_leads_to_no_dose() -> None:
    over = dosed().tell(What.ENDED, at=60, outcome="died")
    assert why(over, What.REOPENED, at=70) == ["session.why"]
    assert why(over, What.REOPENED, at=70, why="x", context=replace(CLEAR, today=None)) == [
        "session.ended-before-today"
    ]
    assert why(over, What.REOPENED, at=70, why="x") == []
    over.tell(What.REOPENED, at=70, why="x").tell(What.REOPENED, at=71, why="x")
    assert (over.state.phase, over.state.outcome, over.state.ended) == (Phase.OBSERVING, None, None)
    assert why(over, What.DOSE, at=75) == ["session.not-now"]
    assert why(over, What.REOPENED, at=75, why="x") == ["session.not-now"]
    nothing = cleared().tell(What.ENDED, at=5, outcome="not_today")
    assert why(nothing, What.REOPENED, at=6, why="x") == ["session.end-stands"]
    assert nothing.tell(What.REOPENED, at=6, why="x").state.phase is Phase.CLOSED
    taken = cleared().tell(What.ENDED, at=5, outcome="transferred").tell(What.REOPENED, at=6, why="x")
    assert taken.state.phase is Phase.ARRIVED, "the way to a dose is gone"
