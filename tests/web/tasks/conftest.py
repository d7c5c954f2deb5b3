"""What does a test about tasks find ready? A way to make a patient of a site."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from tests.web.patients.samples import registered


@pytest.fixture
def patient_of(person: Callable[..., Person]) -> Callable[[Site], Patient]:
    """Anna Keller, registered at the site by its front desk."""
    return lambda site: registered(site, person("front", Role.FRONT_DESK, at_site=site))
