"""Does no order of commands, repetitions, reports and clock jumps, on the real rows, get past a gate or to a wrong end?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from daybreak.clinical.treatment.commands import deviations
from daybreak.clinical.treatment.discharge import watch_until
from daybreak.clinical.treatment.events import AFTER_EXPOSURE, Outcome, Phase, What
from daybreak.web import ids
from daybreak.web.people.models import Person
from daybreak.web.refusals import Refused
from daybreak.web.treatment import actions, context, queries
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.onsite.test_onsite import here, leaves
from tests.web.treatment.steps import DEVICE, checked_in, stands, well


class Rows(RuleBasedStateMachine):
    """One session of the fixtures; each example is undone."""

    session: Session
    nurse: Person
    doctor: Person
    noon: datetime

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now = self.noon
        self.there = True
        self.last: tuple[What, dict[str, Any], Any] | None = None
        self.unasked: list[int] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def do(self, what: What, by: Person | None = None, **told: Any) -> SessionEvent | None:
        key = ids.new()
        try:
            with transaction.atomic():
                row = actions.act(self.session, what, told, by=by or self.nurse, at=self.now, key=key)
        except Refused:
            return None
        self.last = (what, told, key)
        return row

    @initialize(ready=st.booleans())
    def begins(self, ready: bool) -> None:
        if ready:
            checked_in(self.session, self.nurse, self.now)

    @rule(minutes=st.sampled_from([1, 5, 15, 120, -30]))
    def the_clock(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def the_prescriber_comes_or_goes(self) -> None:
        if self.there:
            leaves(self.doctor, at=self.now)
        else:
            here(self.session.site, self.doctor, at=self.now, until=self.now + timedelta(hours=8))
        self.there = not self.there

    @rule()
    def a_retry(self) -> None:
        """The same request again answers as before and writes nothing."""
        if self.last:
            what, told, key = self.last
            count = SessionEvent.objects.count()
            actions.act(self.session, what, told, by=self.nurse, at=self.now, key=key)
            assert SessionEvent.objects.count() == count

    @rule(
        what=st.sampled_from(
            [What.CLEARED, What.TIMED_OUT, What.READY, What.EMERGENCY_CLOSED, What.PAUSED, What.RESUMED]
        )
    )
    def taps(self, what: What) -> None:
        before = stands(self.session)
        if self.do(what) and what is What.CLEARED:
            assert before.identified
            assert before.baseline("pressure")
        if what is What.READY and stands(self.session).phase is Phase.READY and before.phase is not Phase.READY:
            self.was_watched()

    @rule(value=st.sampled_from(["120", "170"]))
    def measures(self, value: str) -> None:
        self.do(What.CHECK, row="pressure", value={"systolic": value, "diastolic": "80"})

    @rule()
    def looks_before_leaving(self) -> None:
        if stands(self.session).phase in (Phase.OBSERVING, Phase.READY):
            well(self.session, self.nurse, self.now)

    @rule()
    def gives_a_device(self) -> None:
        before = stands(self.session)
        if self.do(What.DOSE, n=len(before.exposures) + 1, **DEVICE):
            assert before.cleared
            assert before.time_out
            assert self.there
            assert len(before.exposures) < DEVICE["of"]

    @rule()
    def reports_a_device(self) -> None:
        told = {"n": len(stands(self.session).exposures) + 1, **DEVICE}
        about = {"happened": self.now, "by": self.nurse, "at": self.now, "key": ids.new()}
        row = actions.report(self.session, What.DOSE, told, **about)
        if "lacking" in row.told:
            self.unasked.append(row.seq)

    @rule(outcome=st.sampled_from([*Outcome]))
    def ends(self, outcome: Outcome) -> None:
        before = stands(self.session)
        if self.do(What.ENDED, outcome=outcome, why="x", home="ride", suicide_asked="no"):
            assert not before.exposed or outcome in AFTER_EXPOSURE
            if outcome is Outcome.DISCHARGED:
                assert before.phase is Phase.READY
                self.was_watched()

    def was_watched(self) -> None:
        until = watch_until(stands(self.session), context.rules(self.session, at=self.now))
        assert until is not None
        assert self.now >= until

    @invariant()
    def the_rows_hold(self) -> None:
        now = queries.now(Session.objects.get(pk=self.session.pk))
        assert [one.seq for one in now.events] == list(range(1, now.next))
        if now.state.phase is Phase.CLOSED and now.state.exposed:
            assert now.state.outcome in AFTER_EXPOSURE
        kept = context.rules(self.session, at=self.now)
        assert set(self.unasked) <= {one.seq for one in deviations(now.events, kept)}


def test_no_order_of_taps_gets_past_a_gate(session, nurse, doctor, noon) -> None:
    class Here(Rows):
        pass

    Here.session, Here.nurse, Here.doctor, Here.noon = session, nurse, doctor, noon
    run_state_machine_as_test(Here, settings=settings(max_examples=8, stateful_step_count=15, deadline=None))
