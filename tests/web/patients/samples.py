"""Which patient, entry and file stand behind the sample addresses of the tests that walk through every page?"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from uuid import UUID

from daybreak.clinical.records import Condition
from daybreak.demo.people import records as demo_records
from daybreak.exchange.fhir.apart import Identified
from daybreak.web import ids
from daybreak.web.patients import records
from daybreak.web.patients.models import Arrival, Details, Document, HereTooAsked, Patient, Registration
from daybreak.web.patients.register import index
from daybreak.web.people.models import Person, Site
from tests.web.conftest import NOW

PATIENT = UUID("0193f000-0000-7000-8000-000000000001")
ENTRY = UUID("0193f000-0000-7000-8000-000000000002")
DOCUMENT = UUID("0193f000-0000-7000-8000-000000000003")
ARRIVAL = UUID("0193f000-0000-7000-8000-000000000004")
ASKED = UUID("0193f000-0000-7000-8000-0000000000a5")
ADA = json.dumps(demo_records()[0].bundle()).encode()


def registered(site: Site, by: Person, *, number: str = "48", id: UUID | None = None, **other: str) -> Patient:
    """Anna Keller, born 2 April 1971, unless told otherwise; by rows alone: `register` has its own tests."""
    told = {"family_name": "Keller", "given_names": "Anna", "birth": "1971-04-02", "sex": "female", **other}
    common = {"organisation_id": site.organisation_id, "created": NOW}
    patient = Patient.objects.create(id=id or ids.new(), **common)
    Details.objects.create(id=ids.new(), patient=patient, by=by, **told, **common)
    Registration.objects.create(id=ids.new(), patient=patient, site=site, number=number, by=by, **common)
    index(patient, f"{told['family_name']} {told['given_names']}", sites=[site.id])
    return patient


def make(site: Site, by: Person, *, number: str = "48") -> Patient:
    """The patient of the sample addresses, with one entry and one file."""
    patient = registered(site, by, id=PATIENT, number=number)
    records.entry(Condition("Condition/x", "asthma"), id=ENTRY, patient=patient, by=by, at=NOW).save(force_insert=True)
    Document.objects.create(
        id=DOCUMENT,
        organisation_id=site.organisation_id,
        created=NOW,
        patient=patient,
        source="Riverside",
        media_type="application/fhir+json",
        sha256=hashlib.sha256(ADA).hexdigest(),
        bytes=ADA,
        by=by,
    )
    Arrival.objects.create(
        id=ARRIVAL,
        organisation_id=site.organisation_id,
        created=NOW,
        site=site,
        source="Riverside",
        sha256=hashlib.sha256(ADA).hexdigest(),
        bytes=ADA,
        details=json.dumps(asdict(Identified("Patient/demo-ada", "Keller", "Ada"))),
        reason="arrival.look_alike",
        by=by,
    )
    told = {"family_name": "Keller", "given_names": "Anna", "birth": "1971-04-02", "reason": "moved"}
    common = {"organisation_id": site.organisation_id, "created": NOW, "by": by}
    HereTooAsked.objects.create(id=ASKED, patient=patient, site=site, number="H-1", **told, **common)
    return patient
