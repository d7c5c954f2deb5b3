"""Does no order of commands, repetitions, reports, corrections and clock jumps, on the real rows, get past a gate or to a wrong
end, and does the cupboard's book follow every one of them?"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from daybreak.clinical.treatment.commands import deviations
from daybreak.clinical.treatment.discharge import watch_until
from daybreak.clinical.treatment.events import AFTER_EXPOSURE, Outcome, Phase, What
from daybreak.clinical.treatment.session import State
from daybreak.web import ids
from daybreak.web.cupboard import queries as cupboard
from daybreak.web.cupboard import recalls, verify
from daybreak.web.cupboard.models import Lot, Recall
from daybreak.web.people.models import Person
from daybreak.web.refusals import Refused
from daybreak.web.treatment import actions, context, queries
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.onsite.test_onsite import here, leaves
from tests.web.treatment.steps import DEVICE, checked_in, stands, taken, well

EXAMPLES = 200 if os.environ.get("DAYBREAK_DEEP") == "1" else 8
TAPS = (
    *(What.CLEARED, What.TIMED_OUT, What.READY, What.OBSERVING_AGAIN, What.EMERGENCY_OPENED, What.EMERGENCY_CLOSED),
    *(What.PAUSED, What.RESUMED),
)


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
        self.last: tuple[What, dict[str, Any], dict[str, Any]] | None = None
        self.unasked: list[int] = []

    def teardown(self) -> None:
        broken = verify.verify().broken
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        assert broken == []

    def do(self, what: What, by: Person | None = None, **told: Any) -> SessionEvent | None:
        about = {"by": by or self.nurse, "key": ids.new()}
        try:
            with transaction.atomic():
                row = actions.act(self.session, what, told, at=self.now, **about)
        except Refused:
            return None
        self.last = (what, told, about)
        return row

    @initialize(far=st.sampled_from([2, 0, 1]))
    def begins(self, far: int) -> None:
        """Anywhere on the way; after each step somebody tries whether a dose can be given yet."""
        if far:
            checked_in(self.session, self.nurse, self.now)
            self.gives_a_device()
        if far > 1:
            self.do(What.CLEARED)
            with transaction.atomic():
                self.do(What.TIMED_OUT)
                self.gives_a_device()
                transaction.set_rollback(True)
            taken(self.session, self.nurse, self.now)
            self.gives_a_device()
            self.do(What.TIMED_OUT)
            self.gives_a_device()
            self.gives_a_device()

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
            what, told, about = self.last
            count = SessionEvent.objects.count()
            actions.act(self.session, what, told, at=self.now, **about)
            assert SessionEvent.objects.count() == count

    @rule(what=st.sampled_from(TAPS))
    def taps(self, what: What) -> None:
        before = stands(self.session)
        if self.do(what) and what is What.CLEARED:
            assert before.identified
            assert before.baseline("pressure")
        if what is What.READY and stands(self.session).phase is Phase.READY and before.phase is not Phase.READY:
            self.was_watched()

    @rule(mg=st.sampled_from(["28", "56"]))
    def takes_from_the_cupboard(self, mg: str) -> None:
        with suppress(Refused), transaction.atomic():
            taken(self.session, self.nurse, self.now, mg=mg)

    @rule()
    def the_lot_is_recalled(self) -> None:
        if not Recall.objects.exists():
            recalls.recall(Lot.objects.get(), text="letter 7", by=self.doctor, at=self.now, key=ids.new())

    @rule(go=st.booleans())
    def a_prescriber_weighs_the_pressure(self, go: bool) -> None:
        self.do(What.PRESSURE_DECIDED, by=self.doctor, go=go, why="usual for them")

    @rule(answer=st.sampled_from(["no", "yes"]), decided=st.sampled_from(["go", "stop", None]))
    def says_that_they_are_ill(self, answer: str, decided: str | None) -> None:
        self.do(What.ANSWERED, question="ill", answer=answer)
        if decided:
            self.do(What.ANSWERED, by=self.doctor, question="ill", decided=decided, why="a cold")

    @rule(mg=st.sampled_from(["0", "28"]))
    def corrects_the_last_dose(self, mg: str) -> None:
        doses = [one for one in queries.now(self.session).events if one.what == What.DOSE]
        if doses:
            told = {
                **DEVICE,
                "n": doses[-1].told["n"],
                "mg_low": mg,
                "mg_high": mg,
                "full": mg == "28",
                "why": "sneezed",
            }
            about = {"by": self.nurse, "at": self.now, "key": ids.new()}
            actions.correct(self.session, doses[-1].seq, told, why="looked again", **about)

    @rule(value=st.sampled_from(["120", "170"]))
    def measures(self, value: str) -> None:
        self.do(What.CHECK, row="pressure", value={"systolic": value, "diastolic": "80"})

    @rule()
    def looks_before_leaving(self) -> None:
        if stands(self.session).phase in (Phase.OBSERVING, Phase.READY):
            well(self.session, self.nurse, self.now)

    @rule()
    def gives_a_device(self) -> None:
        before, left = stands(self.session), self.left()
        if self.do(What.DOSE, n=len(before.exposures) + 1, **DEVICE):
            assert before.cleared
            assert before.time_out
            assert self.there
            assert len(before.exposures) < DEVICE["of"]
            assert not any((before.emergency, before.paused, before.stopped_early))
            assert before.answers["ill"].answer == "no" or before.answers["ill"].decided == "go"
            assert all(self.now - one.last >= timedelta(minutes=5) for one in before.exposures if one.last)
            assert before.exposed or self.bearable(before)
            assert not Recall.objects.exists()
            assert left - self.left() == Decimal(DEVICE["mg_high"])

    def left(self) -> Decimal:
        """So much was taken for the session and is not accounted for."""
        return sum((one.left.mg for one in cupboard.of_session(self.session.pk)), Decimal(0))

    def bearable(self, before: State) -> bool:
        """Is the pressure one with which a dose begins, or did a prescriber say so after it was measured?"""
        measured, decided = before.baseline("pressure"), before.pressure
        if measured is None or (decided and not decided.told["go"] and decided.at >= measured.at):
            return False
        return measured.value["systolic"] == "120" or (decided is not None and decided.seq > measured.seq)

    @rule(ago=st.sampled_from([0, 1, 20]))
    def reports_a_device(self, ago: int) -> None:
        told = {"n": len(stands(self.session).exposures) + 1, **DEVICE}
        happened = self.now - timedelta(minutes=ago)
        row = actions.report(
            self.session, What.DOSE, told, happened=happened, by=self.nurse, at=self.now, key=ids.new()
        )
        if "lacking" in row.told:
            self.unasked.append(row.seq)

    @rule(outcome=st.sampled_from([*Outcome]))
    def ends(self, outcome: Outcome) -> None:
        before = stands(self.session)
        if self.do(What.ENDED, outcome=outcome, why="x", home="ride", safe="yes", suicide_asked="no"):
            assert not before.exposed or outcome in AFTER_EXPOSURE
            if outcome is Outcome.DISCHARGED:
                assert before.phase is Phase.READY
                self.was_watched()

    @rule(by_nurse=st.booleans())
    def takes_the_end_back(self, by_nurse: bool) -> None:
        before = stands(self.session)
        if self.do(What.REOPENED, by=self.nurse if by_nurse else self.doctor, why="it was the other chair"):
            assert not by_nurse
            assert before.phase is Phase.CLOSED
            assert before.outcome in AFTER_EXPOSURE
            now = stands(self.session)
            assert now.phase is (Phase.OBSERVING if before.exposed else Phase.ARRIVED)
            assert now.exposures == before.exposures
            assert self.session.pk in [one.session.pk for one in queries.open_at(self.session.site_id)], "it is watched"
            assert not self.do(What.DOSE, n=len(now.exposures) + 1, **DEVICE)

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
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=15,
            phases=[__import__("hypothesis").Phase.generate],
            deadline=None,
        ),
    )
