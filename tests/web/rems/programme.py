"""Which certification, enrolment and training stand behind the pages of the tests, and how does a test write them down?"""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from daybreak.web import ids
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.rems.models import Certification, Document, Enrolment, Training
from tests.web.conftest import NOW

DOCUMENT = UUID("0193f000-0000-7000-8000-0000000000c1")
PDF = b"%PDF-1.7 a confirmation"
SINCE = date(2026, 1, 5)


def make(patient: Patient, site: Site, by: Person) -> None:
    """Certified, enrolled, and one person taught; by rows alone."""
    common = {"organisation_id": site.organisation_id, "created": NOW, "site": site, "by": by}
    file = {"media_type": "application/pdf", "sha256": sha256(PDF).hexdigest(), "bytes": PDF}
    document = Document.objects.create(id=DOCUMENT, **file, **common)
    certified(site, by, document=document)
    enrolled(patient, site, by)
    told = {"person": by, "what": "Counselling, monitoring, form", "since": SINCE, "expires": date(2040, 1, 5)}
    Training.objects.create(id=ids.new(), document=document, **told, **common)


def certified(site: Site, by: Person, **other) -> Certification:
    told = {"number": "S-1042", "representative": "Dr. Okafor", "address": "1 Main Street", "email": "rems@example.org"}
    told |= {"since": SINCE, "expires": SINCE + timedelta(days=5000), "by": by, "site": site} | other
    return Certification.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, **told)


def enrolled(patient: Patient, site: Site, by: Person, **other) -> Enrolment:
    told = {"number": "P-77", "since": SINCE, "expires": None, "by": by, "site": site, "patient": patient} | other
    return Enrolment.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, **told)
