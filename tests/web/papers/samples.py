"""Which paper stands behind the sample address of the tests that walk through every page?"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from daybreak.web.papers.models import Paper
from daybreak.web.patients.kinds import ORDINARY
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from tests.web.conftest import NOW

PAPER = UUID("0193f000-0000-7000-8000-000000000008")


def make(patient: Patient, by: Person) -> Paper:
    """One that whoever finds the patient may open."""
    return Paper.objects.create(
        id=PAPER,
        organisation_id=patient.organisation_id,
        created=NOW,
        patient=patient,
        kind="consent",
        about="test:1",
        language="en",
        media_type="application/pdf",
        sha256=sha256(b"a paper").hexdigest(),
        bytes=b"a paper",
        permission=Permission.FIND_PATIENTS,
        sensitivity=ORDINARY,
        by=by,
    )
