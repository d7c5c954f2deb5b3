"""What does a test about patients find ready? A patient at the site, and somebody who treats."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from tests.web.patients.samples import registered


@pytest.fixture
def nurse(person: Callable[..., Person]) -> Person:
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site: Site, nurse: Person) -> Patient:
    """Anna Keller, born 2 April 1971, number 48 at the first site."""
    return registered(site, nurse)
