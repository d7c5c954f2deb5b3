"""Which look and which rule stand behind the pages of the tests that walk through every page?"""

from __future__ import annotations

from daybreak.web import ids
from daybreak.web.patients.models import Patient
from daybreak.web.pdmp.models import Look, Result, Rule
from daybreak.web.people.models import Person, Site
from tests.web.conftest import NOW


def make(patient: Patient, site: Site, by: Person) -> None:
    """Looked at once, with something that nobody expected, at a site that asks for it."""
    common = {"organisation_id": site.organisation_id, "created": NOW, "site": site, "by": by}
    Look.objects.create(
        id=ids.new(), patient=patient, day=NOW.date(), result=Result.UNEXPECTED, text="a second prescriber", **common
    )
    Rule.objects.create(id=ids.new(), days=90, address="https://pdmp.example.org/", reason="state law", **common)
