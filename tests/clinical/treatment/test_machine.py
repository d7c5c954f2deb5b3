"""Does no order of taps, repetitions, restarts or clock jumps get past a gate, or end a session otherwise than it may end?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from daybreak.clinical.treatment.commands import Command, Context, card, deviations, may
from daybreak.clinical.treatment.discharge import watch_until
from daybreak.clinical.treatment.events import AFTER_EXPOSURE, BEFORE_EXPOSURE, Event, Outcome, Phase, What
from daybreak.clinical.treatment.session import State, fold
from daybreak.knowledge import sessions
from tests.clinical.treatment.build import BEGIN, CLEAR, NASAL, rules, well
from tests.clinical.treatment.build import Story as Build

RULES = rules()
DOSES = (What.DOSE, What.INFUSION_STARTED)
NAMES = [name for name in CLEAR.__dataclass_fields__ if name not in ("why", "most_mg")]
MG = st.sampled_from(["0", "28", None])


class Sessions(RuleBasedStateMachine):
    """One session; what the machine itself remembers beside it is which commands succeeded, and in which world."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.folded = (0, State())  # of so many events
        self.now = BEGIN
        self.context = CLEAR
        self.unclear_doses: list[int] = []  # reported while something of the world was missing

    @initialize()
    def arrives(self) -> None:
        self.tell(What.ARRIVED)

    @property
    def state(self) -> State:
        if self.folded[0] != len(self.events):
            self.folded = len(self.events), fold(self.events)
        return self.folded[1]

    def tell(self, what: What, **told: Any) -> int:
        self.events.append(Event(len(self.events) + 1, what, told, happened=self.now, by="lm"))
        return len(self.events)

    def do(self, what: What, **told: Any) -> bool:
        """A command, and a second time the same, as a retry sends it: it is asked anew."""
        why = may(self.state, Command(what, told), rules=RULES, context=self.context, now=self.now)
        if not why:
            self.tell(what, **told)
        return not why

    @rule(name=st.sampled_from(NAMES), known=st.sampled_from([True, True, True, False, None]))
    def the_world_changes(self, name: str, known: bool | None) -> None:
        self.context = replace(self.context, **{name: known})

    @rule()
    def the_world_is_well(self) -> None:
        self.context = CLEAR

    @rule(minutes=st.sampled_from([0, 1, 5, 15, 120, -60, 60 * 24]))
    def the_clock_goes_or_jumps(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(matched=st.booleans())
    def identify(self, matched: bool) -> None:
        self.do(What.IDENTIFIED, matched=matched)

    @rule(question=st.sampled_from([one["id"] for one in sessions.questions(NASAL, "before")]), first=st.booleans())
    def answer(self, question: str, first: bool) -> None:
        self.do(
            What.ANSWERED, question=question, answer=sessions.question(question)["answers"][0 if first else -1]["id"]
        )

    @rule()
    def the_whole_check_in(self) -> None:
        self.do(What.IDENTIFIED, matched=True)
        for one in sessions.questions(NASAL, "before"):
            good = next(each["id"] for each in one["answers"] if each["does"] == "go")
            self.do(What.ANSWERED, question=one["id"], answer=good)
        for row in RULES.rows_before:
            value: Any = {"systolic": "120", "diastolic": "80"} if row == "pressure" else "90"
            self.do(What.CHECK, row=row, value=value)

    @rule()
    def the_whole_leaving_check(self) -> None:
        if self.state.phase in (Phase.OBSERVING, Phase.READY):
            for one in well(Build(), at=0).events:
                self.do(What(one.what), **one.told)

    @rule(go=st.booleans())
    def weigh(self, go: bool) -> None:
        self.do(What.PRESSURE_DECIDED, go=go)

    @rule()
    def time_out(self) -> None:
        self.do(What.TIMED_OUT, second="rk")

    @rule()
    def clear(self) -> None:
        before = self.state
        if self.do(What.CLEARED):
            assert before.identified
            assert before.identified.told["matched"] is True
            assert {one.id for one in card(before, RULES)} <= before.answers.keys()
            assert self.context.consent is self.context.decision is self.context.criteria is True

    @rule(what=st.sampled_from(DOSES), mg=MG)
    def dose(self, what: What, mg: str | None) -> None:
        before = self.state
        if self.do(what, drug="esketamine", n=len(before.exposures) + 1, of=2, mg_low=mg, mg_high=mg):
            assert before.cleared
            assert before.time_out
            assert not before.emergency
            assert not before.stopped_early
            assert self.context.prescriber is self.context.limits is self.context.order is True
            ends = [one.last for one in before.exposures if one.last]
            assert all(self.now - one >= timedelta(minutes=5) for one in ends)
            assert before.running is None

    @rule(what=st.sampled_from(DOSES), mg=MG)
    def report_a_dose(self, what: What, mg: str | None) -> None:
        """It has happened: it is taken, with what was missing then."""
        told: dict[str, Any] = {"drug": "esketamine", "mg_low": mg, "mg_high": mg}
        why = may(self.state, Command(what, told), rules=RULES, context=self.context, now=self.now)
        seq = self.tell(what, **told, lacking=[{"id": one.id, "values": dict(one.values)} for one in why])
        if why:
            self.unclear_doses.append(seq)

    @rule(what=st.sampled_from([What.PAUSED, What.RESUMED, What.STOPPED, What.INFUSION_ENDED, What.EMERGENCY_OPENED]))
    def hold_up(self, what: What) -> None:
        self.do(what, **({"mg_high": "0"} if what is What.INFUSION_ENDED else {}))

    @rule(what=st.sampled_from([What.EMERGENCY_CLOSED, What.OBSERVING_AGAIN, What.ALARM_RESOLVED, What.ALARM_RAISED]))
    def go_on(self, what: What) -> None:
        self.do(what, alarm="a")

    @rule()
    def call_ready(self) -> None:
        if self.do(What.READY):
            self.has_been_watched()

    def has_been_watched(self) -> None:
        until = watch_until(self.state, RULES)
        assert until is not None
        assert self.now >= until

    @rule(outcome=st.sampled_from([*Outcome]), told=st.booleans())
    def end(self, outcome: Outcome, told: bool) -> None:
        before = self.state
        more = {"why": "x", "home": "ride", "safe": "yes", "suicide_asked": "no"} if told else {}
        if self.do(What.ENDED, outcome=outcome, **more):
            assert outcome in (AFTER_EXPOSURE if before.exposed else BEFORE_EXPOSURE)
            assert self.state.phase is Phase.CLOSED
            if outcome is Outcome.DISCHARGED:
                assert before.phase is Phase.READY
                self.has_been_watched()

    @rule(why=st.sampled_from(["x", ""]))
    def take_the_end_back(self, why: str) -> None:
        before = self.state
        if self.do(What.REOPENED, why=why):
            assert before.phase is Phase.CLOSED
            assert before.outcome in AFTER_EXPOSURE
            assert why
            assert self.context.today is self.context.chair is self.context.only_one is True
            assert self.state.phase is (Phase.OBSERVING if before.exposed else Phase.ARRIVED)
            assert may(self.state, Command(What.DOSE), rules=RULES, context=CLEAR, now=self.now)

    @rule(seq=st.integers(1, 40), mg=MG, matched=st.booleans())
    def correct(self, seq: int, mg: str | None, matched: bool) -> None:
        if seq <= len(self.events):
            told = {**self.events[seq - 1].told, "mg_high": mg, "matched": matched}
            self.do(What.CORRECTED, seq=seq, told=told)

    @invariant()
    def closed_only_as_it_may_be(self) -> None:
        state = self.state
        if state.phase is Phase.CLOSED:
            assert state.outcome in (AFTER_EXPOSURE if state.exposed else Outcome)
        assert (state.outcome is None) == (state.phase is not Phase.CLOSED)

    @invariant()
    def a_dose_without_its_gates_is_seen(self) -> None:
        if self.unclear_doses:
            assert set(self.unclear_doses) <= {one.seq for one in deviations(self.events, RULES)}

    @invariant()
    def a_restart_changes_nothing(self) -> None:
        assert fold(tuple(self.events)) == self.state


Sessions.TestCase.settings = settings(max_examples=settings().max_examples // 2, stateful_step_count=40, deadline=None)
TestSessions = Sessions.TestCase


def test_the_machine_can_get_somebody_home() -> None:
    """So that the invariants above are not about sessions in which nothing ever happens."""
    one = Sessions()
    one.arrives()
    one.the_whole_check_in()
    one.clear()
    one.time_out()
    for _ in range(2):
        one.dose(What.DOSE, "28")
        one.the_clock_goes_or_jumps(5)
    one.the_clock_goes_or_jumps(120)
    one.the_whole_leaving_check()
    one.call_ready()
    one.end(Outcome.DISCHARGED, told=False)
    assert one.state.outcome is Outcome.DISCHARGED
    assert not deviations(one.events, RULES)
    assert isinstance(one.context, Context)
