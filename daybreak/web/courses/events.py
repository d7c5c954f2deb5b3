"""How is it written what happened to a booking, and to all of them at once?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.courses.models import Booking, BookingEvent, Course, What, Why
from daybreak.web.courses.state import standing
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.reach.models import DIED
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Task
from daybreak.web.tasks.queries import still_open
from daybreak.web.words import known, word

LONGEST = 1000  # letters of what somebody adds in words


def write(booking: Booking, seq: int, what: What, *, by: Person | None, at: datetime, **told: Any) -> BookingEvent:
    """The next event of a booking, in the transaction of the act that makes it."""
    row = BookingEvent(
        id=ids.new(),
        organisation_id=booking.organisation_id,
        created=at,
        booking=booking,
        seq=seq,
        what=what.value,
        happened=at,
        by=by,
        **told,
    )
    row.save(force_insert=True)
    trail.wrote(row, action=f"visit_{what}", who=by and by.id, at=at, subject=booking.patient_id, site=booking.site_id)
    return row


def call_off(patient: Patient, why: Any, *, by: Person, at: datetime) -> None:
    """Nothing may go to the patient any more: what is booked is cancelled in the same transaction. Who died is not called."""
    cancel_all(patient, why=Why.OTHER, text="", by=by, at=at)
    if why.kind == DIED:
        said = word("courses.died_so_no_call", known(by.language))
        for task in still_open(Task.objects.filter(patient=patient, kind=Kind.MISSED)):
            tasks.done(source=task.source, by=by, at=at, result=tasks.NOT_NEEDED, text=said)


def cancel_all(
    patient: Patient, *, why: Why, text: str, by: Person | None, at: datetime, course: Course | None = None
) -> int:
    """Every booking that lies ahead, in the transaction of what makes it so: of a course on whichever record of the person.
    How many there were."""
    rows = Booking.objects.filter(course=course) if course else Booking.objects.filter(patient=patient)
    count = 0
    for booking in rows.prefetch_related("events__chair"):
        now = standing(booking, booking.events.all())
        if now.last == What.LATE or (now.last in (What.BOOKED, What.MOVED) and now.starts > at):
            write(booking, now.next, What.BY_CLINIC, why=why, text=text, by=by, at=at)
            count += 1
    return count
