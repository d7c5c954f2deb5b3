"""How does a test make the events of a session?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.treatment.commands import Context
from daybreak.clinical.treatment.events import Event, What
from daybreak.clinical.treatment.rules import Rules
from daybreak.clinical.treatment.session import State, fold
from daybreak.knowledge import sessions

BEGIN = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
CLEAR = Context(
    decision=True,
    consent=True,
    visit=True,
    criteria=True,
    pressure=True,
    may_weigh=True,
    way_home=True,
    monitored=True,
    order=True,
    more=True,
    most_mg=Decimal(28),
    timed_out=True,
    pump=True,
    stock=True,
    limits=True,
    prescriber=True,
    nurses=True,
    sound=True,
    calm=True,
    only_one=True,
    chair=True,
    today=True,
)
NASAL = "esketamine-nasal-us"


def rules(protocol: str = NASAL, **changed: Any) -> Rules:
    """What a session keeps at a site that has signed two hours."""
    made = sessions.rules(
        protocol,
        between_devices=timedelta(minutes=5),
        watch_from_first=timedelta(hours=2),
        watch_after_last=timedelta(minutes=90),
    )
    return replace(made, **changed)


@dataclass
class Story:
    """Events one after the other; `at` is minutes after the beginning."""

    events: list[Event] = field(default_factory=list)

    def tell(self, what: str, *, at: float = 0, by: str | None = "nurse", uncertain_s: int = 0, **told: Any) -> Story:
        happened = BEGIN + timedelta(minutes=at)
        self.events.append(Event(len(self.events) + 1, what, told, happened=happened, uncertain_s=uncertain_s, by=by))
        return self

    def check(self, row: str, value: Any, *, at: float = 0) -> Story:
        return self.tell(What.CHECK, at=at, row=row, value=value)

    def answer(self, question: str, answer: str, *, at: float = 0) -> Story:
        return self.tell(What.ANSWERED, at=at, question=question, answer=answer)

    def device(self, n: int, *, at: float, of: int = 2, mg: str = "28", **more: Any) -> Story:
        told = {"drug": "esketamine", "route": "nasal", "n": n, "of": of, "mg_low": mg, "mg_high": mg, **more}
        return self.tell(What.DOSE, at=at, **told)

    @property
    def state(self) -> State:
        return fold(self.events)


def checked_in(*, but: Iterable[str] = ()) -> Story:
    """Everything before the dose is as it should be, except what is left out by its question or row."""
    story = Story().tell(What.ARRIVED).tell(What.IDENTIFIED, matched=True, how="said")
    for one in sessions.questions(NASAL, "before"):
        if one["id"] not in but:
            good = next(each["id"] for each in one["answers"] if each["does"] == "go")
            story.answer(one["id"], good)
    return measured(story, at=1, but=but)


def measured(story: Story, *, at: float, but: Iterable[str] = ()) -> Story:
    values = {"pressure": {"systolic": "120", "diastolic": "80"}, "heart_rate": "70", "spo2": "98", "breaths": "14"}
    for row, value in values.items():
        if row not in but:
            story.check(row, value, at=at)
    return story


def dosed() -> Story:
    """Two devices, at 10 and 15 minutes."""
    story = checked_in().tell(What.CLEARED, at=2).tell(What.TIMED_OUT, at=3, second="prescriber")
    return story.device(1, at=10).device(2, at=15)


def well(story: Story, *, at: float, but: Iterable[str] = ()) -> Story:
    """Everything before leaving is as it should be, except what is left out."""
    measured(story, at=at, but=but)
    for row, value in (("moaa-s", 5), ("dissociation", 0)):
        if row not in but:
            story.check(row, value, at=at)
    for one in sessions.questions(NASAL, "leaving"):
        if one["id"] not in but:
            story.answer(one["id"], one["answers"][0]["id"], at=at)
    return story if "identity" in but else story.tell(What.IDENTIFIED, at=at, matched=True)
