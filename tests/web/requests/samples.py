"""Which request stands behind the sample address of the tests that walk through every page?"""

from __future__ import annotations

from uuid import UUID

from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.requests.models import DESK, RECORDS, Request
from tests.web.conftest import NOW

REQUEST = UUID("0193f000-0000-7000-8000-000000000032")


def make(patient: Patient, site: Site, by: Person) -> Request:
    """A wish for a copy of the record."""
    return Request.objects.create(
        id=REQUEST,
        organisation_id=site.organisation_id,
        created=NOW,
        kind=RECORDS,
        door=DESK,
        site=site,
        patient=patient,
        day=NOW.date(),
        text="all of it, please",
        by=by,
    )
