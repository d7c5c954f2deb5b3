"""What does a test of consent find ready? A prescriber and a patient of one site."""

from __future__ import annotations

import pytest

from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from tests.web.patients.samples import registered


@pytest.fixture
def doctor(person) -> Person:
    return person("okafor", Role.PRESCRIBER)


@pytest.fixture
def anna(site, doctor) -> Patient:
    return registered(site, doctor)
