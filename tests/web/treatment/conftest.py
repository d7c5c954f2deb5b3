"""What does a test of sessions find ready? A patient who may be treated today, booked, and everybody who is needed on site."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from daybreak.clinical.records import Observation, on
from daybreak.web import ids, zones
from daybreak.web.authorisation.models import Event as Paid
from daybreak.web.authorisation.models import What as Step
from daybreak.web.courses import actions as courses
from daybreak.web.courses.state import standing
from daybreak.web.cupboard import stock
from daybreak.web.patients import records
from daybreak.web.people.roles import Role
from daybreak.web.treatment import actions
from daybreak.web.watching import sounds
from daybreak.web.watching.models import DESK
from tests.web.authorisation.samples import make
from tests.web.conftest import NOW
from tests.web.courses.conftest import chair, decided, desk, doctor, noon, patient
from tests.web.courses.test_courses import agreed, begun, booked
from tests.web.dosing.test_orders import SPRAY, ordered
from tests.web.limits.samples import sign
from tests.web.onsite.test_onsite import here

__all__ = ["chair", "decided", "desk", "doctor", "noon", "patient"]
HOUR = timedelta(hours=1)


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def watched(site, doctor):
    """A prescriber has signed how patients are watched here."""
    sign(site, doctor, at=NOW)


@pytest.fixture
def booking(site, noon, patient, doctor, desk, nurse, chair, decided, watched):
    """A treatment of this noon in which nothing is missing."""
    ordered(begun(patient, doctor), SPRAY, doctor)
    agreed(patient, doctor)
    paid = make(patient, site, desk, id=ids.new())
    told = json.dumps({"sum": "450", "currency": "USD", "signed_by": "Anna Keller", "language": "en"})
    common = {"organisation_id": site.organisation_id, "created": NOW, "by": desk}
    step = {"what": Step.SELF_PAY, "day": zones.day(noon, site.zone), "told": told}
    Paid.objects.create(id=ids.new(), authorisation=paid, seq=2, **step, **common)
    row = booked(patient, chair, desk, starts=noon + HOUR / 60, at=noon, step=1)
    way = {"name": "Sam Keller", "phone": "555 0101", "seen": standing(row).next, "key": ids.new()}
    courses.way_home(row, "accompanied", **way, by=desk, at=noon)
    calm = Observation(
        ref="Observation/today", kind="c-ssrs-screen.risk", value="none", when=on(zones.day(noon, site.zone))
    )
    records.entry(calm, patient=patient, by=doctor, at=noon).save(force_insert=True)
    lot = {"product": "esketamine-device-28", "number": "A17", "units": 10, "expires": date(2030, 1, 31)}
    stock.receive(site, **lot, partner="Dawn Supply, invoice 12", by=doctor, at=noon, key=ids.new())
    for one in (doctor, nurse):
        here(site, one, at=noon, until=noon + 8 * HOUR)
    sounds.tested(site, DESK, heard=True, state=sounds.RUNNING, device=None, by=nurse, at=noon, key=ids.new())
    return row


@pytest.fixture
def session(booking, nurse, noon):
    return actions.begin(booking, by=nurse, at=noon, key=ids.new())
