"""What was seen, tested and said, behind the pages of the tests that walk through every page?"""

from __future__ import annotations

from datetime import timedelta

from daybreak.web import ids
from daybreak.web.misuse.models import Answer, Explanation, Result, Review, Sign, Test
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from tests.web.conftest import NOW


def make(patient: Patient, site: Site, by: Person) -> None:
    """One of each, and two signs that nothing explains."""
    common = {"organisation_id": site.organisation_id, "created": NOW, "by": by}
    about = {"patient": patient, "site": site, **common}
    Review.objects.create(
        id=ids.new(), talked=False, text="the nose spray", **about | {"created": NOW - timedelta(days=9)}
    )
    for sign in ("eyes", "early"):
        row = Sign.objects.create(id=ids.new(), sign=sign, earliest=NOW, latest=NOW, text="at the desk", **about)
        Explanation.objects.create(id=ids.new(), sign=row, what="none", **common)
    Sign.objects.create(id=ids.new(), sign="nose", earliest=NOW, latest=NOW, **about)
    told = {"day": NOW.date(), "what": "urine", "result": Result.UNEXPECTED, "text": "an opioid"}
    Test.objects.create(id=ids.new(), **told, **about)
    Answer.objects.create(id=ids.new(), text="for my tooth, from the dentist", **about)
