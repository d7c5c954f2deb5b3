"""Who stands behind the sample address of somebody outside, in the tests that walk through every page?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from daybreak.web import ids
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.reach.models import YES, Outsider, Reach
from tests.web.conftest import NOW

OUTSIDER = UUID("0193f000-0000-7000-8000-00000000000a")


def reached(patient: Patient, by: Person, **other: Any) -> Reach:
    """A patient who agreed to be written to, unless told otherwise; by rows alone."""
    told = {"email": "anna@example.org", "phone": "555-0101", "may_write": YES, "language": "en", **other}
    common = {"organisation_id": patient.organisation_id, "created": NOW}
    return Reach.objects.create(id=ids.new(), patient=patient, by=by, **common, **told)


def make(patient: Patient, site: Site, by: Person) -> Outsider:
    """The patient's therapist; and how the patient is reached."""
    reached(patient, by)
    return Outsider.objects.create(
        id=OUTSIDER,
        root=OUTSIDER,
        organisation_id=site.organisation_id,
        created=NOW,
        site=site,
        patient=patient,
        role="therapist",
        name="Dr. Rivera",
        may_tell=YES,
        by=by,
    )
