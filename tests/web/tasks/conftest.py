"""What does a test about tasks find ready? People, a patient of a site, and who is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from daybreak.web.place import Mail
from tests.web.patients.samples import registered
from tests.web.tasks.calls import order, reached


@pytest.fixture
def patient_of(person: Callable[..., Person]) -> Callable[[Site], Patient]:
    """Anna Keller, registered at the site by its front desk."""
    return lambda site: registered(site, person("front", Role.FRONT_DESK, at_site=site))


@pytest.fixture
def lee(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def patient(site, patient_of):
    return patient_of(site)


@pytest.fixture
def mailing(settings):
    """Notices leave by a mail server."""
    server = Mail(host="mail.example.org", port=587, tls="starttls", sender="daybreak@example.org")
    settings.PLACE = replace(settings.PLACE, mail=server)


@pytest.fixture
def on_call(site, lee, ines, mailing):
    """Ines first, then Lee."""
    reached(lee, ines)
    return order(site, ines, lee, by=ines)
