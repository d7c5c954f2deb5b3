"""Which session stands behind the sample address of the tests that walk through every page?"""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import UUID

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.courses.models import Booking, BookingEvent, Chair, Course, CourseEnd, EndReason, Visit
from daybreak.web.courses.models import What as Visited
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Room, Site
from daybreak.web.screening.models import Snapshot
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.conftest import NOW

SESSION = UUID("0193f000-0000-7000-8000-0000000000b1")


def make(patient: Patient, site: Site, by: Person, *, id: UUID = SESSION) -> Session:
    """A patient who has come, said who they are, and was measured; by rows alone. Their decision is there already."""
    common = {"organisation_id": patient.organisation_id, "created": NOW}
    decision = Snapshot.objects.filter(patient=patient).first()
    told = {"protocol": "esketamine-nasal-us", "version": "2025-01-21", "decision": decision}
    told["plan"] = json.dumps([[1, "induction", "2026-11-24"]])
    course = Course.objects.create(
        id=ids.new(), patient=patient, site=site, starts=date(2026, 11, 24), by=by, **told, **common
    )
    CourseEnd.objects.create(id=ids.new(), course=course, reason=EndReason.COMPLETED, by=by, **common)
    room = site.rooms.first() or Room.objects.create(id=ids.new(), site=site, name="Room 9", **common)
    chair = Chair.objects.create(id=ids.new(), room=room, name="Chair of a session", by=by, **common)
    about = {"patient": patient, "site": site, "by": by}
    booking = Booking.objects.create(id=ids.new(), visit=Visit.TREATMENT, course=course, **about, **common)
    when = {"chair": chair, "starts": NOW, "ends": NOW + timedelta(hours=2), "happened": NOW}
    BookingEvent.objects.create(id=ids.new(), booking=booking, seq=1, what=Visited.BOOKED, by=by, **when, **common)
    BookingEvent.objects.create(
        id=ids.new(), booking=booking, seq=2, what=Visited.ARRIVED, by=by, happened=NOW, **common
    )
    session = Session.objects.create(
        id=id, booking=booking, course=course, chair=chair, protocol=course.protocol, **about, **common
    )
    pressure = {"row": "pressure", "value": {"systolic": "120", "diastolic": "80"}}
    happened = ((What.ARRIVED, {}), (What.IDENTIFIED, {"matched": True}), (What.CHECK, pressure))
    for seq, (what, details) in enumerate(happened, 1):
        moments = {"happened": NOW, "noted": NOW, "received": NOW}
        SessionEvent.objects.create(
            id=ids.new(),
            session=session,
            seq=seq,
            what=what,
            told=json.dumps(details),
            by=by,
            key=ids.new(),
            **moments,
            **common,
        )
    return session
