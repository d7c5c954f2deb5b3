"""Which check-ins does the clock ask for now? Each once in the record; the mail says nothing but that something waits."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from daybreak.clinical.followup.schedule import Due
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.checkins import queries
from daybreak.web.checkins.models import CheckIn
from daybreak.web.courses.models import Course
from daybreak.web.forms import actions as forms
from daybreak.web.links import actions as links
from daybreak.web.links.models import FORM
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.reach import posting
from daybreak.web.reach import queries as reach
from daybreak.web.texting.queries import MOOD

log = logging.getLogger("daybreak.checkins")


def ask_due(*, at: datetime) -> int:
    """Ask for everything that is due and was not asked yet; how many. While nothing goes to a patient nothing is asked, and
    what was over by then is not made up for.

    Each has a transaction of its own: one that goes wrong holds back no other, and the next turn tries it again.
    """
    count = 0
    for course, dues in queries.due_now(at=at):
        for one in dues:
            try:
                with trail.by_way_of("clock"):
                    count += _ask(course.id, course.patient_id, one, at=at)
            except Exception as error:  # its kind alone: its text may be about a patient
                log.error("a check-in of course %s could not be asked: %s", course.id, type(error).__name__)
    return count


@transaction.atomic
def _ask(course_id: UUID, patient_id: UUID, one: Due, *, at: datetime) -> bool:
    patient = locked(Patient, pk=patient_id)
    if CheckIn.objects.filter(course=course_id, occasion=one.occasion, key=one.key).exists():
        return False
    if reach.standing(patient) is not None:
        return False
    course = Course.objects.select_related("site").get(pk=course_id)
    sitting = forms.ask_by_itself(patient, one.form, site_id=course.site_id, language=reach.written_in(patient), at=at)
    about = {"organisation_id": patient.organisation_id, "subject": sitting.id}
    link = links.make(purpose=FORM, **about, by=None, at=at, lasts=one.closes - at, via="clock")
    number = "texting.number" if one.form == MOOD and settings.PLACE.texts else None
    about_it = {"about": sitting.id, "site": course.site, "link": link, "by_text": number}
    message = posting.to_patient(patient, **about_it, at=at, quietly=True)
    row = CheckIn(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        course=course,
        occasion=one.occasion,
        key=one.key,
        opens=one.opens,
        closes=one.closes,
        sitting=sitting,
        message=message,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="check_in_asked", who=None, at=at, subject=patient.id, site=course.site_id)
    return message is not None
