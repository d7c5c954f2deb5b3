"""Which plan of care stands behind the sample address and the links of the tests that walk through every page?"""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from daybreak.web import ids
from daybreak.web.careplan.models import Plan, Share
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.reach.models import Outsider
from tests.web.conftest import NOW

SHARE = UUID("0193f000-0000-7000-8000-0000000000d3")


def make(patient: Patient, site: Site, by: Person) -> Plan:
    """One that the patient's therapist reads in part and may add to."""
    common = {"organisation_id": patient.organisation_id, "created": NOW, "patient": patient, "site": site, "by": by}
    whom = Outsider.objects.get(patient=patient).root
    Share.objects.create(id=SHARE, whom=whom, topics="goals,sleep", may_add=True, **common)
    return plan(patient, site, by)


def plan(patient: Patient, site: Site, by: Person) -> Plan:
    """One that nobody else reads."""
    common = {"organisation_id": patient.organisation_id, "created": NOW, "patient": patient, "site": site, "by": by}
    told = json.dumps({"goals": "to swim again", "sleep": "no screens after ten"})
    review = NOW.date() + timedelta(days=28)
    return Plan.objects.create(id=ids.new(), told=told, review_on=review, together=True, **common)
