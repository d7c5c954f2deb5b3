"""How does a referral stand? (folded from its events)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daybreak.web.patients.models import Patient
from daybreak.web.referral.models import ENDS, Event, Referral, What

# What the referrer reads of it, the last that fits.
STEPS = {
    What.LOOKED: "referral.is_looked_at",
    What.TRIED: "referral.is_looked_at",
    What.PATIENT: "referral.is_looked_at",  # registering somebody is no word with them
    What.CONTACTED: "referral.is_contacted",
    What.INTAKE: "referral.is_intake",
    What.PLANNED: "referral.is_planned",
    What.ACCEPTED: "referral.is_accepted",
    What.DECLINED: "referral.is_declined",
    What.NO_RESPONSE: "referral.is_no_response",
    What.TOOK_BACK: "referral.is_took_back",
    What.DUPLICATE: "referral.is_duplicate",
}
ORDER = list(STEPS)


@dataclass(frozen=True, slots=True)
class State:
    """`step`: how far it came; None: nobody has looked. `ended`: the event that ended it."""

    step: What | None
    ended: Event | None
    patient: Patient | None
    events: tuple[Event, ...]

    @property
    def next(self) -> int:
        """The number of the next event."""
        return len(self.events) + 1

    @property
    def says(self) -> str:
        """The id of the sentence for whoever referred."""
        return STEPS[self.step] if self.step else "referral.is_received"


def state(referral: Referral, events: Iterable[Event] | None = None) -> State:
    """Fold the events, given or read. A step back (another call after the intake) does not take back how far it came."""
    found = events if events is not None else referral.events.select_related("by", "patient")
    events = tuple(sorted(found, key=lambda one: one.seq))
    step, ended, patient = None, None, None
    for one in events:
        what = What(one.what)
        if what in STEPS and (step is None or ORDER.index(what) >= ORDER.index(step)):
            step = what
        if what in ENDS:
            ended = one
        patient = one.patient or patient
    return State(step, ended, patient, events)
