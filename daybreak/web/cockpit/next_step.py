"""What is the one next step of a session, and why can it not be yet?"""

from __future__ import annotations

from datetime import datetime

from daybreak.clinical.answers import MET
from daybreak.clinical.treatment.discharge import leaving
from daybreak.clinical.treatment.events import Phase
from daybreak.clinical.treatment.rules import Rules
from daybreak.web.cockpit.shown import Step
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.saying import sentence
from daybreak.web.words import word

STEPS = {
    Phase.PLANNED: "cockpit.step_check_in",
    Phase.ARRIVED: "cockpit.step_check_in",
    Phase.CLEARED: "cockpit.step_dose",
    Phase.DOSING: "cockpit.step_dosing",
    Phase.OBSERVING: "cockpit.step_leaving",
    Phase.READY: "cockpit.step_home",
    Phase.CLOSED: "cockpit.step_record",
}
# Of what leaving asks for, what only time brings: the rest is seen to on the page of leaving itself.
WAITED_FOR = "watched"


def step(now: Now, rules: Rules, *, at: datetime, language: str) -> Step:
    """Each is done on the page of the session or that of leaving, which ask their gates again."""
    state = now.state
    why = []
    if state.phase is Phase.OBSERVING:
        if state.emergency:
            why.append(word("cockpit.why_emergency", language))
        if any(level != "caution" for level in state.alarms.values()):
            why.append(word("cockpit.why_alarm", language))
        waits = [one for one in leaving(state, rules, at) if one.id == WAITED_FOR and one.answer.verdict is not MET]
        why += [sentence(one.answer.reason, language) for one in waits]
    leaves = "leave/" if state.phase in (Phase.OBSERVING, Phase.READY) else ""
    return Step(word(STEPS[state.phase], language), f"/sessions/{now.session.id}/{leaves}", tuple(why))
