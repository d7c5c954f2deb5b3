"""Which offer stands behind the sample link of the tests that walk through every page?"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from daybreak.web import ids
from daybreak.web.courses.models import Chair, Visit
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.waitlist.models import PHONE, Event, What, Wish
from tests.web.conftest import NOW

OFFERED = UUID("0193f000-0000-7000-8000-00000000000f")


def make(patient: Patient, site: Site, by: Person) -> Event:
    """The patient waits for an assessment and was offered a time that is far ahead."""
    common = {"organisation_id": patient.organisation_id, "created": NOW, "by": by}
    wanted = {"visit": Visit.ASSESSMENT, "minutes": 60, "half": "any", "bed": False, "interpreter": False}
    wish = Wish.objects.create(id=ids.new(), patient=patient, site=site, **wanted, **common)
    starts = NOW + timedelta(days=4000)
    when = {"chair": Chair.objects.filter(room__site=site).first(), "starts": starts, "expires": starts, "how": PHONE}
    when["ends"] = starts + timedelta(hours=1)
    return Event.objects.create(id=OFFERED, wish=wish, seq=1, what=What.OFFERED, **when, **common)
