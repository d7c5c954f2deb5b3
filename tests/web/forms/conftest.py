"""What does a test of forms find ready? A nurse, a patient, and browsers that hold the link to a form."""

from __future__ import annotations

import pytest

from daybreak.web.links.tokens import token
from daybreak.web.people.roles import Role
from tests.web.conftest import browser
from tests.web.forms.filling import asked, link_to
from tests.web.patients.samples import registered


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, nurse):
    return registered(site, nurse)


@pytest.fixture
def opened(patient, nurse):
    """A browser that holds the link to a form: `opened()`."""

    def open_(sitting=None, **headers):
        sitting = sitting or asked(patient, nurse)
        client = browser(**headers)
        answer = client.post(f"/l/{token(link_to(sitting))}/", secure=True)
        assert answer["Location"] == "/form/"
        return client, sitting

    return open_
