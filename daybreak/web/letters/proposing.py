"""After what is a letter due by itself, and to whom? The clock looks; each is proposed once, and a person writes it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.letters import letters, looks_back
from daybreak.web.adverse.models import Review
from daybreak.web.courses.models import CourseEnd, EndReason
from daybreak.web.letters import actions
from daybreak.web.letters.made import ADVERSE
from daybreak.web.letters.models import Letter
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Site
from daybreak.web.reach import queries as reach
from daybreak.web.reach.models import YES, Outsider
from daybreak.web.screening.hard import needs
from daybreak.web.screening.models import Snapshot

log = logging.getLogger("daybreak.letters")
SERIES, ENDED = "series", "ended"
# A switch goes on under another protocol, and whoever moves takes the whole record along.
NO_LETTER = (EndReason.SWITCHED, EndReason.MOVED)


@dataclass(frozen=True, slots=True)
class Calls:
    """Something that calls for letters: what happened, to whom, where and when."""

    occasion: str
    about: str
    patient: UUID
    site: Site
    at: datetime


def look(*, at: datetime) -> int:
    """Propose what is due; how many were new. One that cannot be proposed keeps no other back."""
    new = 0
    for one in calls(since=at - looks_back(), until=at):
        try:
            new += propose(one, at=at)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("a letter could not be proposed: %s", type(error).__name__)
    return new


def calls(*, since: datetime, until: datetime) -> Iterator[Calls]:
    """Everything that happened in that time and calls for letters, of which not all were proposed."""
    within = {"created__gte": since, "created__lte": until}
    signed = Snapshot.objects.filter(**within).defer("content").select_related("site", "second")
    for one in signed.order_by("id"):
        if not needs(one) or hasattr(one, "second"):
            yield Calls("evaluation", f"snapshot {one.id}", one.patient_id, one.site, one.created)
    ends = CourseEnd.objects.filter(**within).exclude(reason__in=NO_LETTER).select_related("course__site")
    for end in ends.order_by("id"):
        occasion = SERIES if end.reason == EndReason.COMPLETED else ENDED
        yield Calls(occasion, f"course {end.course_id}", end.course.patient_id, end.course.site, end.created)
    serious = letters()["adverse"]["serious"]
    judged = Review.objects.filter(**within, version__serious__in=serious).select_related("version__site")
    for review in judged.order_by("id"):
        event = review.version
        yield Calls("adverse", f"{ADVERSE}{event.root}", event.patient_id, event.site, review.created)


@transaction.atomic
def propose(call: Calls, *, at: datetime) -> int:
    """A letter to each who is told after such a thing and of whom the patient said that they may be; none about somebody who
    died: to whom is written then, a person decides."""
    patient = locked(Patient, pk=call.patient)
    if reach.died(patient):
        return 0
    had = set(Letter.objects.filter(about=call.about).values_list("whom", flat=True))
    due = [one for one in _told(patient, call.occasion) if one.root not in had]
    for one in due:
        actions.make(patient, call.occasion, one, site=call.site, about=call.about, since=call.at, by=None, at=at)
    return len(due)


def _told(patient: Patient, occasion: str) -> Iterable[Outsider]:
    roles = letters()[occasion]["to"]
    return (one for one in reach.looking_after(patient) if one.role in roles and one.may_tell == YES)
