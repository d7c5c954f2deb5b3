"""What does a test about doses find ready? What the tests of courses do, and a course under each kind of protocol."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from daybreak.clinical.records import Observation, on
from daybreak.web import ids
from daybreak.web.courses.models import Course
from daybreak.web.patients import records
from daybreak.web.screening.models import Snapshot
from tests.web.conftest import NOW
from tests.web.courses.conftest import chair, desk, doctor, patient
from tests.web.screening import samples as signed

__all__ = ["chair", "desk", "doctor", "patient"]
IV, SC, US, EU = "ketamine-iv-consensus", "ketamine-sc-kads", "esketamine-nasal-us", "esketamine-nasal-eu"


@pytest.fixture
def course(patient, site, doctor):
    """Begin a course under a protocol, by rows alone: `course(IV)`."""

    def begin(protocol: str = US) -> Course:
        if not Snapshot.objects.filter(pk=signed.SNAPSHOT).exists():
            signed.make(patient, site, doctor)
        plan = json.dumps([[1, "induction", "2026-11-24"], [2, "induction", "2026-11-27"]])
        about = {"patient": patient, "site": site, "protocol": protocol, "version": "x", "plan": plan, "by": doctor}
        about |= {"id": ids.new(), "organisation_id": site.organisation_id, "created": NOW, "starts": NOW.date()}
        return Course.objects.create(decision_id=signed.SNAPSHOT, **about)

    return begin


@pytest.fixture
def weighed(patient, doctor):
    """Write a weight into the record: `weighed("70")`."""

    def weigh(kg: str) -> None:
        record = Observation(f"Observation/{ids.new()}", "weight", Decimal(kg), on(NOW.date()))
        records.entry(record, patient=patient, by=doctor, at=NOW).save(force_insert=True)

    return weigh
