"""Which transfer stands behind the link of the tests that walk through every page?"""

from __future__ import annotations

from uuid import UUID

from daybreak.web.papers.models import Paper
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.transfer.models import Transfer
from tests.web.conftest import NOW

TRANSFER = UUID("0193f000-0000-7000-8000-000000000033")


def make(patient: Patient, site: Site, by: Person) -> Transfer:
    """One that nobody has confirmed, with the paper of the sample addresses."""
    paper = Paper.objects.get(patient=patient)
    return Transfer.objects.create(
        id=TRANSFER,
        organisation_id=patient.organisation_id,
        created=NOW,
        patient=patient,
        site=site,
        receiver="Riverside",
        paper=paper,
        bundle=paper,
        labelled=False,
        by=by,
    )
