"""Who is reminded of a treatment, when, and of what? By mail that says nothing; the rest stands behind its link."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from daybreak.knowledge.schedules import reminders
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.consent.gate import not_agreed
from daybreak.web.courses import gates
from daybreak.web.courses.models import Booking, BookingEvent, Reminder, Visit, What
from daybreak.web.courses.state import Standing, standing
from daybreak.web.links import actions as links
from daybreak.web.links.models import VISIT
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.reach import posting

log = logging.getLogger("daybreak.courses")


def remind_due(*, at: datetime) -> int:
    """Put every reminder that is due into the outbox, each once; how many. One that is overtaken by a later one is not sent;
    who could not be written to when it was due, and says yes before the visit, gets it then.

    Each visit has a transaction of its own: one that goes wrong holds back no other, and the next turn tries it again.
    """
    soon = at + timedelta(hours=max(reminders(), default=0))
    places = BookingEvent.objects.filter(starts__gt=at, starts__lte=soon, booking__visit=Visit.TREATMENT)
    found = Booking.objects.filter(pk__in=places.values("booking")).values_list("pk", "patient_id")
    count = 0
    for booking, patient in list(found):
        try:
            count += _remind(booking, patient, at=at)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("the reminder of visit %s could not be made: %s", booking, type(error).__name__)
    return count


def likely(now: Standing, *, at: datetime) -> bool:
    """Is there a decision to treat, and a consent that was not taken back? Without, nobody is told to come and to fast: the
    tasks of the booking lie with whoever gets what is missing, and the reminder leaves when it is there."""
    missing = {gate.id for gate in gates.missing([now], at=at)[now.booking.id]}
    return "decision" not in missing and not ("consent" in missing and not_agreed([now]))


@transaction.atomic
def _remind(booking_id: object, patient_id: object, *, at: datetime) -> bool:
    patient = locked(Patient, pk=patient_id)
    booking = Booking.objects.select_related("site", "course", "patient").get(pk=booking_id)
    now = standing(booking)
    if now.last not in (What.BOOKED, What.MOVED) or now.starts <= at:
        return False
    due = [hours for hours in reminders() if at >= now.starts - timedelta(hours=hours)]
    rows = Reminder.objects.filter(booking=booking, starts=now.starts).values_list("hours", "message")
    gone, left_out = ({hours for hours, message in rows if (message is not None) is sent} for sent in (True, False))
    if not due or due[-1] in gone or not likely(now, at=at):
        return False
    if due[-1] in left_out and not posting.goes_to(patient):
        return False
    about = {"organisation_id": booking.organisation_id, "subject": booking.id}
    link = links.make(purpose=VISIT, **about, by=None, at=at)
    message = posting.to_patient(patient, about=booking.id, site=booking.site, at=at, link=link, quietly=True)
    for hours in due:
        if hours == due[-1] or hours not in gone | left_out:
            row = Reminder(
                id=ids.new(),
                organisation_id=booking.organisation_id,
                created=at,
                booking=booking,
                hours=hours,
                starts=now.starts,
                message=message if hours == due[-1] else None,
            )
            row.save(force_insert=True)
            trail.wrote(row, action="reminded", who=None, at=at, via="clock", subject=patient.id, site=booking.site_id)
    return message is not None
