"""Is a signed consent told to another system as FHIR says it, and that it was taken back or is over?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from daybreak.web.consent import actions, exported
from daybreak.web.people.roles import Role
from tests.web.conftest import NOW
from tests.web.consent.samples import REGISTRY, VEIN, begun, signed, understood
from tests.web.patients.samples import registered


@pytest.fixture
def lee(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, lee):
    return registered(site, lee)


def told(patient, *, at=NOW, language="en"):
    return exported.resources(patient, language=language, at=at)


def test_a_consent_that_holds(patient, lee) -> None:
    row = signed(patient, lee)
    (made,) = told(patient)
    assert (made["resourceType"], made["id"], made["status"]) == ("Consent", str(row.id), "active")
    # What R4 asks for: status, scope, category, a patient for this scope (ppc-2 to ppc-5), and a policy (ppc-1).
    assert made["scope"]["coding"] == [
        {"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "treatment"}
    ]
    assert made["category"][0]["coding"] == [{"system": "http://loinc.org", "code": "59284-0"}]
    assert made["patient"] == made["performer"][0] == {"reference": f"Patient/{patient.id}"}
    assert row.talk.version in made["policyRule"]["text"]
    assert made["provision"]["period"] == {"start": NOW.date().isoformat(), "end": row.last_day.isoformat()}
    assert made["sourceAttachment"]["contentType"] == "application/pdf"
    assert "data" not in made["sourceAttachment"]


def test_taken_back_it_is_inactive_from_that_day(patient, lee) -> None:
    row = signed(patient, lee)
    later = NOW + timedelta(days=9)
    actions.withdraw(row, reason="secret reason", by=None, at=later)
    (made,) = told(patient, at=later)
    assert made["status"] == "inactive"
    assert made["provision"]["period"]["end"] == later.date().isoformat()
    assert "secret reason" not in json.dumps(made)


def test_over_it_is_inactive_and_a_talk_without_signature_is_no_consent(patient, lee) -> None:
    row = signed(patient, lee)
    begun(patient, lee)
    after = NOW + (row.last_day - NOW.date()) + timedelta(days=2)
    (made,) = told(patient, at=after)
    assert made["status"] == "inactive"
    assert made["provision"]["period"]["end"] == row.last_day.isoformat()


def test_a_choice_beside_the_treatment_is_research_and_who_decided_is_named(patient, lee) -> None:
    signed(patient, lee, REGISTRY)
    other = {"capacity": "represented", "representative": "Ada Keller", "ground": "guardian"}
    talk = understood(begun(patient, lee, VEIN, **other))
    actions.sign(talk, name="Ada Keller", clear="yes", read="shown", how="here", by=lee, at=NOW, key=talk.id)
    first, second = told(patient, language="zh-Hans")
    assert first["scope"]["coding"][0]["code"] == "research"
    assert first["category"][0]["text"] == "登记库"
    assert second["performer"] == [{"display": "Ada Keller"}]
