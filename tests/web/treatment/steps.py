"""How does a test go through a session?"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.session import State
from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.cupboard.models import Entry, Lot
from daybreak.web.people.models import Person
from daybreak.web.treatment import actions, alarms, queries, stock
from daybreak.web.treatment.models import Session, SessionEvent

FIGURES: dict[str, Any] = {
    "pressure": {"systolic": "120", "diastolic": "80"},
    "heart_rate": "70",
    "spo2": "98",
    "breaths": "14",
}
DEVICE = {"drug": "esketamine", "route": "nasal", "of": 2, "mg_low": "28", "mg_high": "28"}
MINUTE = timedelta(minutes=1)


def does(session: Session, what: What, by: Person, at: datetime, **told: Any) -> SessionEvent:
    return actions.act(session, what, told, by=by, at=at, key=ids.new())


def stands(session: Session) -> State:
    return queries.now(Session.objects.get(pk=session.pk)).state


def checked_in(session: Session, by: Person, at: datetime) -> None:
    does(session, What.IDENTIFIED, by, at, how="said", matched=True)
    asked = sessions.questions(session.protocol, "before")
    good = {one["id"]: next(each["id"] for each in one["answers"] if each["does"] == "go") for one in asked}
    actions.answers(session, good, by=by, at=at, key=ids.new())
    actions.checks(session, FIGURES, by=by, at=at, key=ids.new())


def cleared(session: Session, by: Person, at: datetime) -> None:
    checked_in(session, by, at)
    does(session, What.CLEARED, by, at)
    taken(session, by, at)
    does(session, What.TIMED_OUT, by, at)


def taken(session: Session, by: Person, at: datetime, *, mg: str = "56") -> Entry:
    """From the one lot of the site."""
    lot = Lot.objects.get(site=session.site)
    return stock.take(session, lot, mg=Decimal(mg), by=by, at=at, key=ids.new())


def dosed(session: Session, by: Person, at: datetime) -> datetime:
    """Two devices; the time of the last."""
    cleared(session, by, at)
    does(session, What.DOSE, by, at, n=1, **DEVICE)
    does(session, What.DOSE, by, at + 5 * MINUTE, n=2, **DEVICE)
    return at + 5 * MINUTE


def well(session: Session, by: Person, at: datetime) -> None:
    """Everything is seen before leaving, what sounded too."""
    actions.checks(session, {**FIGURES, "moaa-s": 5, "dissociation": 0}, by=by, at=at, key=ids.new())
    for alarm in stands(session).alarms:
        alarms.acknowledge(session, alarm, did="looked", by=by, at=at, key=ids.new())
    for one in sessions.questions(session.protocol, "leaving"):
        does(session, What.ANSWERED, by, at, question=one["id"], answer=one["answers"][0]["id"])
    does(session, What.IDENTIFIED, by, at, how="said", matched=True)
