"""Which authorisation stands behind the sample address of the tests that walk through every page?"""

from __future__ import annotations

from uuid import UUID

from daybreak.web import ids
from daybreak.web.authorisation.models import Authorisation, Event, Statement, What
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from tests.web.conftest import NOW

AUTHORISATION = UUID("0193f000-0000-7000-8000-000000000031")
STATEMENT = UUID("0193f000-0000-7000-8000-000000000033")


def make(patient: Patient, site: Site, by: Person, *, id: UUID = AUTHORISATION) -> Authorisation:
    """One that has just begun; the one of the sample address waits for the patient's signature for the sum."""
    row = Authorisation.objects.create(
        id=id,
        organisation_id=patient.organisation_id,
        created=NOW,
        patient=patient,
        site=site,
        payer="cigna",
        payer_name="cigna",
        protocol="esketamine-nasal-us",
        by=by,
    )
    if id == AUTHORISATION:
        common = {"organisation_id": patient.organisation_id, "created": NOW, "authorisation": row, "by": by}
        told = {"what": What.SELF_PAY, "sum": "450", "currency": "USD", "language": "en"}
        Statement.objects.create(id=STATEMENT, **common, **told)
    return row


def signed_for(patient: Patient, site: Site, by: Person) -> Event:
    """The patient has signed that they pay."""
    return Event.objects.create(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=NOW,
        authorisation=make(patient, site, by, id=ids.new()),
        seq=1,
        what=What.SELF_PAY,
        day=NOW.date(),
        told='{"sum": "450", "currency": "USD", "signed_by": "Anna Keller", "language": "en"}',
        by=by,
    )
