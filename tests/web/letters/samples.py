"""Which letters stand behind the sample address, and behind the link, of the tests that walk through every page?"""

from __future__ import annotations

from uuid import UUID

from daybreak.web import ids
from daybreak.web.letters.models import Letter, Step, What
from daybreak.web.papers.models import Paper
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.reach.models import Outsider
from tests.web.conftest import NOW

LETTER = UUID("0193f000-0000-7000-8000-0000000000d1")
SENT = UUID("0193f000-0000-7000-8000-0000000000d2")


def make(
    patient: Patient, site: Site, by: Person, *, id: UUID = LETTER, steps: tuple[What, ...] = (What.WRITTEN,)
) -> Letter:
    """One to the patient's therapist that somebody has read and that has not left, by rows alone."""
    common = {"organisation_id": patient.organisation_id, "created": NOW, "by": by}
    whom = Outsider.objects.get(patient=patient)
    row = Letter.objects.create(id=id, patient=patient, site=site, occasion="other", whom=whom.root, due=NOW, **common)
    paper = Paper.objects.filter(patient=patient).first()
    for n, what in enumerate(steps, 1):
        told = {"text": "A word", "language": "en", "paper": paper, "bundle": paper} if what == What.WRITTEN else {}
        Step.objects.create(id=ids.new(), letter=row, seq=n, what=what, **told, **common)
    return row


def sent(patient: Patient, site: Site, by: Person) -> Letter:
    """The same, which has left."""
    return make(patient, site, by, id=SENT, steps=(What.WRITTEN, What.POSTED))
