"""Which visit stands behind the sample address of the tests that walk through every page?"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from daybreak.web import ids
from daybreak.web.courses.models import Booking, BookingEvent, Chair, Visit, What
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from tests.web.conftest import NOW

BOOKING = UUID("0193f000-0000-7000-8000-00000000000a")


def make(patient: Patient, site: Site, by: Person, *, starts: datetime = NOW + timedelta(days=1)) -> Booking:
    """An assessment on the day after, unless told otherwise."""
    common = {"organisation_id": patient.organisation_id, "created": NOW, "by": by}
    chair = Chair.objects.create(id=ids.new(), room=site.rooms.get(), name="Chair 1", **common)
    row = Booking.objects.create(id=BOOKING, patient=patient, site=site, visit=Visit.ASSESSMENT, **common)
    when = {"chair": chair, "starts": starts, "ends": starts + timedelta(hours=1), "happened": NOW}
    BookingEvent.objects.create(id=ids.new(), booking=row, seq=1, what=What.BOOKED, **when, **common)
    return row
