"""Which opening stands behind the sample address of the tests that walk through every page?"""

from __future__ import annotations

from uuid import UUID

from daybreak.web.glass.models import Opening
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from tests.web.conftest import NOW

OPENING = UUID("0193f000-0000-7000-8000-000000000007")


def make(patient: Patient, by: Person) -> Opening:
    """An hour that is over and waits for its review."""
    common = {"organisation_id": patient.organisation_id, "created": NOW, "ends": NOW, "patient": patient, "by": by}
    return Opening.objects.create(id=OPENING, code="danger", reason="found unconscious", **common)
