"""Which adverse event stands behind the sample address of the tests that walk through every page?"""

from __future__ import annotations

from uuid import UUID

from daybreak.knowledge import adverse
from daybreak.web.adverse.models import Version
from daybreak.web.adverse.told import Told, serious, written
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from tests.web.conftest import NOW

EVENT = UUID("0193f000-0000-7000-8000-0000000000ae")
NOT_SERIOUS = dict.fromkeys(adverse.serious(), "no")


def make(patient: Patient, site: Site, by: Person) -> Version:
    """One between two treatments, of which nobody knows whether it is serious."""
    told = Told(term="headache", text="since the morning", onset=NOW.date().isoformat(), grade="2")
    common = {"organisation_id": site.organisation_id, "created": NOW, "patient": patient, "site": site, "by": by}
    return Version.objects.create(id=EVENT, root=EVENT, told=written(told), serious=serious(told), **common)
