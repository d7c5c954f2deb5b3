"""What follows from what happened in a session: for the booking, and as a task of somebody?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from daybreak.clinical.answers import MET
from daybreak.clinical.treatment.discharge import leaving
from daybreak.clinical.treatment.events import AFTER_EXPOSURE, Event, Outcome, What
from daybreak.knowledge import sessions
from daybreak.knowledge.suicide import calling
from daybreak.web import ids
from daybreak.web.courses import actions as courses
from daybreak.web.courses.models import What as Visited
from daybreak.web.courses.models import Why
from daybreak.web.courses.state import standing
from daybreak.web.cupboard import queries as taken
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.rems import queue as rems
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.actions import NOT_NEEDED
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.treatment import context, queries, stock
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.queries import Now

SUICIDE = frozenset({"suicide", "suicide_leaving"})
NO, YES = "no", "yes"
# What a duty, an answer or a thing not seen is called as a task.
TASKS = {
    "emergency": "treatment.task_emergency",
    "escort": "treatment.task_escort",
    "deviation": "treatment.task_deviation",
    "suicide": "treatment.task_suicide",
    "feels_safe": "treatment.task_feels_safe",
    "suicide_unasked": "treatment.task_suicide_unasked",
    "bladder": "treatment.task_bladder",
    "next_day": "treatment.task_next_day",
    "left_early": "treatment.task_left_early",
    "find": "treatment.task_find",
    "hospital": "treatment.task_hospital",
    "serious": "treatment.task_serious",
    "all_messages": "treatment.task_all_messages",
    "call_tomorrow": "treatment.task_call_tomorrow",
    "new_date": "treatment.task_new_date",
    "hand_out": "treatment.task_hand_out",
}


def follow(before: Now, row: SessionEvent, told: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    """In the transaction of the event."""
    session = before.session
    if row.what == What.ANSWERED and "answer" in told:
        _answered(session, row, told, by=by, at=at)
    elif row.what == What.EMERGENCY_OPENED and before.state.emergency is None:
        called_out(session, row, by=by, at=at)
    elif row.what == What.ESCORT_MISSING and before.state.escort_missing is None:
        _task(session, row, "escort", Role.PRESCRIBER, Level.NOW, due=at, by=by, at=at)
    elif row.what == What.REOPENED:
        _reopened(before, str(told["why"]), by=by, at=at)
    elif row.what == What.ENDED:
        _ended(session, row, told, by=by, at=at)


def called_out(session: Session, row: SessionEvent, *, by: Person | None, at: datetime, via: str = "web") -> None:
    """An emergency calls people at once, whoever opened it."""
    _task(session, row, "emergency", Role.PRESCRIBER, Level.NOW, due=at, by=by, at=at, via=via)


def review(session: Session, row: SessionEvent, *, by: Person, at: datetime) -> None:
    """A dose, or an end, of which it was reported that it was so without a gate: a prescriber looks at it today."""
    _task(session, row, "deviation", Role.PRESCRIBER, Level.TODAY, due=due.today(session.site.zone, at), by=by, at=at)


def corrected(
    session: Session, row: SessionEvent, wrong: Event, told: Mapping[str, Any], *, by: Person, at: datetime
) -> None:
    """An answer that is another one now asks what it asks; of a dose the cupboard's book says what was told first."""
    if wrong.what == What.ANSWERED and told.get("answer") != wrong.told.get("answer"):
        _answered(session, row, told, by=by, at=at)
    elif wrong.what in stock.USES and any(told.get(one) != wrong.told.get(one) for one in ("mg_low", "mg_high")):
        takes = taken.of_session(session.pk)
        tasks.make(
            source=f"session {row.id} book",
            kind=Kind.OTHER,
            what="treatment.task_book",
            site=session.site,
            level=Level.TODAY,
            due=due.today(session.site.zone, at),
            permission=Permission.KEEP_CUPBOARD,
            role=Role.PHARMACIST,
            where=f"/cupboard/takes/{takes[-1].first.pk}/" if takes else "/cupboard/",
            by=by,
            at=at,
        )


def _answered(session: Session, row: SessionEvent, told: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    line = sessions.question(told["question"])
    if told["question"] in SUICIDE:
        if told["answer"] != NO:
            soon = at + calling().escalation[-1]
            _task(session, row, "suicide", Role.PRESCRIBER, Level.NOW, due=soon, by=by, at=at, kind=Kind.SUICIDE)
    elif any(one["id"] == told["answer"] and one["task"] for one in line["answers"]):
        when = due.today(session.site.zone, at)
        _task(session, row, told["question"], Role.PRESCRIBER, Level.TODAY, due=when, by=by, at=at)


def _ended(session: Session, row: SessionEvent, told: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    now = queries.now(Session.objects.get(pk=session.pk))
    if now.open:
        return  # after a dose that was none of its ends
    outcome = Outcome(told["outcome"])
    for one in sessions.ends()[outcome]["duties"]:
        when = at + timedelta(hours=one["hours"])
        _task(session, row, one["id"], Role(one["role"]), Level(one["level"]), due=when, by=by, at=at)
    rems.becomes_due(now, by=by, at=at)
    if outcome is Outcome.NOT_TODAY and told.get("suicide_asked") != YES:
        _task(session, row, "suicide_unasked", Role.PRESCRIBER, Level.NOW, due=at, by=by, at=at)
    if outcome is Outcome.DISCHARGED:
        for seen in leaving(now.state, context.rules(session, at=at), at):
            if not seen.gates and seen.answer.verdict is not MET:
                when = due.today(session.site.zone, at)
                _task(session, row, seen.id, Role.NURSE, Level.TODAY, due=when, by=by, at=at)
    booked = standing(session.booking)
    if booked.last == Visited.ARRIVED:
        left = outcome in AFTER_EXPOSURE
        by_patient = outcome is Outcome.CANCELLED and told.get("who") == "patient"
        what = Visited.LEFT if left else Visited.BY_PATIENT if by_patient else Visited.BY_CLINIC
        why = "" if left else Why.NOT_SAID if by_patient else Why.GATE
        courses.happened(session.booking, what, why=why, seen=booked.next, by=by, at=at, key=ids.new())


def _reopened(before: Now, why: str, *, by: Person, at: datetime) -> None:
    """What followed from the end alone is not asked for any more, and the visit has not ended. What somebody did stays."""
    session, ended = before.session, before.state.ended
    seq = ended.seq if ended else 0
    end = SessionEvent.objects.get(session=session, seq=seq)
    of_end = Task.objects.filter(source__startswith=f"session {end.id} ").exclude(source__endswith=" deviation")
    for source in of_end.values_list("source", flat=True):
        tasks.done(source=source, by=by, at=at, result=NOT_NEEDED, text=why)
    booked = standing(session.booking)
    if booked.last == Visited.LEFT:
        courses.happened(session.booking, Visited.BACK, text=why, seen=booked.next, by=by, at=at, key=ids.new())


def _task(
    session: Session,
    row: SessionEvent,
    id: str,
    role: Role,
    level: Level,
    *,
    due: datetime,
    by: Person | None,
    at: datetime,
    kind: Kind = Kind.OTHER,
    via: str = "web",
) -> None:
    tasks.make(
        source=f"session {row.id} {id}",
        kind=kind,
        what=TASKS[id],
        site=session.site,
        patient=session.patient,
        level=level,
        due=due,
        permission=Permission.FIND_PATIENTS if role is Role.FRONT_DESK else Permission.READ_PATIENTS,
        role=role,
        where=f"/patients/{session.patient_id}/course/" if role is Role.FRONT_DESK else f"/sessions/{session.id}/",
        by=by,
        at=at,
        via=via,
    )
