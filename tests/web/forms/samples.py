"""Which form stands behind the sample address of the tests that walk through every page?"""

from __future__ import annotations

from uuid import UUID

from daybreak.web.forms import makers
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from tests.web.conftest import NOW

SITTING = UUID("0193f000-0000-7000-8000-000000000009")
PHQ = "assessment:phq-9"
# What follows an answer about suicide that calls for somebody.
FOLLOWED = {f"followup.{one}": "no" for one in ("intent", "plan", "act", "worse")} | {"followup.where": "At home"}


def make(patient: Patient, site: Site, by: Person) -> Sitting:
    """One that the patient answers by a link."""
    return Sitting.objects.create(
        id=SITTING,
        organisation_id=patient.organisation_id,
        created=NOW,
        patient=patient,
        site=site,
        form=PHQ,
        version=makers.form(PHQ, "en").version,
        language="en",
        mode=Mode.LINK,
        by=by,
    )
